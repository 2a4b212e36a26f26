package mailparse

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// corpusDir is the public test data beside the repository.
func corpusDir(t testing.TB) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "..", "..", "shared", "data", "email")
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("public test data missing: %v", err)
		}
		t.Skip("public test data not here: shared/data/email")
	}
	return dir
}

// sample is one corpus file with what is expected of it.
type sample struct {
	name string
	raw  []byte
	want []byte
}

func samples(t testing.TB, folder string) []sample {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(corpusDir(t), folder, "*.expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []sample
	for _, path := range found {
		base := strings.TrimSuffix(path, ".expected.json")
		for _, ext := range []string{".eml", ".txt", ".html"} {
			raw, err := os.ReadFile(base + ext)
			if err != nil {
				continue
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, sample{filepath.Base(base) + ext, raw, want})
		}
	}
	return list
}

// tally counts right answers by name.
type tally struct {
	t     testing.TB
	right map[string]int
	total map[string]int
}

func newTally(t testing.TB) *tally {
	return &tally{t, map[string]int{}, map[string]int{}}
}

func (s *tally) add(what, file string, right bool, got, want any) {
	s.total[what]++
	if right {
		s.right[what]++
	} else if os.Getenv("SCORE") == "wrong" {
		s.t.Logf("%s: %s\n   got %.300q\n  want %.300q", what, file, fmt.Sprint(got), fmt.Sprint(want))
	}
}

func (s *tally) share(what string) float64 {
	if s.total[what] == 0 {
		return 0
	}
	return float64(s.right[what]) / float64(s.total[what])
}

// finish holds the floors of what is counted in detail.
func (s *tally) finish(floors map[string]float64) {
	s.t.Helper()
	if os.Getenv("SCORE") == "wrong" {
		for _, name := range slices.Sorted(maps.Keys(s.total)) {
			fmt.Printf("  %-28s %4d of %4d  %5.1f %%\n", name, s.right[name], s.total[name], 100*s.share(name))
		}
	}
	for name, floor := range floors {
		if s.share(name) < floor {
			s.t.Errorf("%s: %.3f is below its floor %.3f", name, s.share(name), floor)
		}
	}
}

// figure prints a line of the table that `make score` shows, and fails below
// its floor.
func figure(t testing.TB, name string, share float64, of int, floor, aim float64) {
	t.Helper()
	mark := ""
	switch {
	case share < floor:
		mark = "  below the floor"
		t.Errorf("%s: %.3f is below the floor %.3f", name, share, floor)
	case share < aim:
		mark = "  below the aim"
	}
	if os.Getenv("SCORE") != "" {
		fmt.Printf("  %-26s %5.1f %%  of %4d   floor %4.0f   aim %4.0f%s\n", name, 100*share, of, 100*floor, 100*aim, mark)
	}
}

// among adds up what was counted under several names.
func (s *tally) among(names ...string) (share float64, of int) {
	right := 0
	for _, name := range names {
		right, of = right+s.right[name], of+s.total[name]
	}
	return float64(right) / float64(max(of, 1)), of
}

func TestScoreCorpus(t *testing.T) {
	if corpusDir(t); os.Getenv("SCORE") != "" {
		fmt.Println("Mail, on the public test data (SCORE=wrong shows each miss)")
	}
	t.Run("bounces", scoreBounces)
	t.Run("mime", scoreMIME)
	t.Run("replies", scoreReplies)
}

func normal(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
}

func scoreMIME(t *testing.T) {
	s := newTally(t)
	for _, c := range samples(t, "mime") {
		var want struct{ Agreed map[string]json.RawMessage }
		if err := json.Unmarshal(c.want, &want); err != nil {
			t.Fatal(err)
		}
		got := Report(c.name, c.raw)
		for field, raw := range want.Agreed {
			scoreField(t, s, c.name, field, raw, got)
		}
	}
	fields := slices.DeleteFunc(slices.Collect(maps.Keys(s.total)), func(name string) bool { return name == "html_sha256_without_whitespace" }) // ours is sanitised
	share, of := s.among(fields...)
	figure(t, "MIME fields", share, of, 0.97, 0.99)
	s.finish(map[string]float64{"subject": 0.98, "message_id": 0.99, "from_addresses": 0.99, "from_names": 0.99, "to_addresses": 0.99, "cc_addresses": 0.99,
		"date_unix": 0.99, "text": 0.98, "has_html": 0.99, "html_sha256_without_whitespace": 0.95, "attachments_at_least": 0.99, "attachment_count": 0.99, "attachment names": 0.99})
}

func scoreField(t *testing.T, s *tally, file, field string, raw json.RawMessage, got FileReport) {
	var text string
	var list []string
	_ = json.Unmarshal(raw, &text)
	_ = json.Unmarshal(raw, &list)
	equal := func(g, w string) { s.add(field, file, g == w, g, w) }
	lists := func(g []string) { s.add(field, file, slices.Equal(g, list), g, list) }
	switch field {
	case "subject":
		equal(got.Subject, text)
	case "message_id":
		equal(got.MessageID, text)
	case "text":
		equal(normal(got.Text), normal(text))
	case "html_sha256_without_whitespace":
		equal(got.HTMLSum, text)
	case "from_addresses":
		lists(got.From)
	case "from_names":
		lists(got.FromNames)
	case "to_addresses":
		lists(got.To)
	case "cc_addresses":
		lists(got.Cc)
	case "date_unix":
		var want *int64
		_ = json.Unmarshal(raw, &want)
		s.add(field, file, (want == nil) == (got.Date == nil) && (want == nil || *want == *got.Date), got.Date, want)
	case "has_html":
		s.add(field, file, fmt.Sprint(got.HasHTML) == string(raw), got.HasHTML, string(raw))
	case "attachment_count":
		s.add(field, file, fmt.Sprint(len(got.Attachments)) == string(raw), got.Attachments, string(raw))
	case "attachments_at_least":
		scoreAttachments(s, file, raw, got)
	default:
		t.Errorf("unknown field %s", field)
	}
}

func scoreAttachments(s *tally, file string, raw json.RawMessage, got FileReport) {
	var want []struct {
		Filename string
		SHA256   string
	}
	_ = json.Unmarshal(raw, &want)
	right, names := true, true
	for _, w := range want {
		i := slices.IndexFunc(got.Attachments, func(a AttachmentReport) bool { return a.SHA256 == w.SHA256 })
		right = right && i >= 0
		names = names && (i < 0 || got.Attachments[i].Name == w.Filename)
	}
	s.add("attachments_at_least", file, right, got.Attachments, string(raw))
	s.add("attachment names", file, names, got.Attachments, string(raw))
}

func scoreBounces(t *testing.T) {
	s := newTally(t)
	confusion := map[string]int{}
	for _, c := range samples(t, "bounces") {
		var want struct {
			Bounce     bool `json:"is_bounce_or_report"`
			Recipients []struct {
				Status, Reason string
				Hard           bool `json:"hard_bounce"`
			}
		}
		if err := json.Unmarshal(c.want, &want); err != nil {
			t.Fatal(err)
		}
		m, err := Parse(c.raw)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		s.add("is bounce", c.name, (m.Kind != KindMessage) == want.Bounce, m.Kind, want.Bounce)
		s.add("recipients found", c.name, len(m.Recipients) == len(want.Recipients), m.Recipients, want.Recipients)
		for i, w := range want.Recipients {
			var g Recipient
			if i < len(m.Recipients) {
				g = m.Recipients[i]
			}
			about := fmt.Sprintf("%s %s/%s <%s> %q", g.Status, g.ReplyCode, g.Reason, g.Address, g.Diagnostic)
			s.add("hard or soft", c.name, i < len(m.Recipients) && g.HardBounce == w.Hard, about, w)
			if w.Status != "" && !strings.Contains(w.Status, ".0.9") {
				s.add("status class", c.name, g.Status != "" && g.Status[0] == w.Status[0], about, w)
				s.add("status exact", "", g.Status == w.Status, "", "")
			}
			if g.Reason != w.Reason {
				confusion[w.Reason+" as "+g.Reason]++
			}
			s.add("reason", "", g.Reason == w.Reason, "", "")
		}
	}
	if os.Getenv("SCORE") == "wrong" {
		fmt.Println("  reasons confused:", confusion)
	}
	figure(t, "bounce or not", s.share("is bounce"), s.total["is bounce"], 0.97, 0.99)
	figure(t, "hard or soft", s.share("hard or soft"), s.total["hard or soft"], 0.93, 0.97)
	s.finish(map[string]float64{"is bounce": 0.99, "recipients found": 0.985, "hard or soft": 0.945, "status class": 0.98, "status exact": 0.95, "reason": 0.77})
}

func scoreReplies(t *testing.T) {
	s := newTally(t)
	f1, count, lost := 0.0, 0, 0
	for _, folder := range []string{"email_reply_trimmer", "crisp", "talon_plain", "talon_html"} {
		for _, c := range samples(t, "reply_stripping/"+folder) {
			var want map[string]any
			if err := json.Unmarshal(c.want, &want); err != nil {
				t.Fatal(err)
			}
			expected := ""
			for _, key := range []string{"reply", "reply_from_text_part", "reply_ignoring_whitespace"} {
				if text, ok := want[key].(string); ok {
					expected = text
				}
			}
			got := Report(c.name, c.raw).Reply
			right := strings.TrimSpace(got) == strings.TrimSpace(expected)
			if folder == "talon_html" {
				right = strings.Join(strings.Fields(got), "") == strings.Join(strings.Fields(expected), "")
			}
			s.add("exact: "+folder, c.name, right, got, expected)
			s.add("exact", "", right, "", "")
			score, missing := tokenF1(got, expected)
			f1 += score
			lost += missing
			count++
		}
	}
	figure(t, "reply exact", s.share("exact"), count, 0.70, 0.80)
	figure(t, "reply token F1", f1/float64(count), count, 0.95, 0.97)
	if lost > 10 {
		t.Errorf("%d words of customers were lost", lost)
	}
	s.finish(map[string]float64{"exact": 0.95})
}

// tokenF1 compares two replies word by word and counts the words lost.
func tokenF1(got, want string) (f1 float64, lost int) {
	g, w := strings.Fields(got), strings.Fields(want)
	counts := map[string]int{}
	for _, word := range w {
		counts[word]++
	}
	both := 0
	for _, word := range g {
		if counts[word] > 0 {
			counts[word]--
			both++
		}
	}
	if len(g)+len(w) == 0 {
		return 1, 0
	}
	return 2 * float64(both) / float64(len(g)+len(w)), len(w) - both
}
