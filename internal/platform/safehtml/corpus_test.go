package safehtml

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"
)

// corpus opens a file of the public data set beside the repository.
func corpus(t *testing.T, name string) []map[string]any {
	t.Helper()
	path := filepath.Join("..", "..", "..", "..", "shared", "data", "html_sanitise", name)
	f, err := os.Open(path)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("public test data missing: %v", err)
		}
		t.Skipf("public test data not here: %s", name)
	}
	defer f.Close()
	var rows []map[string]any
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var row map[string]any
		if err := json.Unmarshal(lines.Bytes(), &row); err == nil {
			rows = append(rows, row)
		}
	}
	return rows
}

var forbidden = map[string]bool{"script": true, "iframe": true, "object": true, "embed": true, "base": true, "meta": true, "link": true,
	"style": true, "form": true, "svg": true, "math": true, "input": true, "button": true, "frame": true, "frameset": true, "template": true}

// danger says what in cleaned HTML could still act, or "".
func danger(cleaned string) string {
	nodes, err := html.ParseFragment(strings.NewReader(cleaned), nil)
	if err != nil {
		return err.Error()
	}
	for _, n := range nodes {
		for d := range n.Descendants() {
			if found := dangerOf(d); found != "" {
				return found
			}
		}
	}
	return ""
}

func dangerOf(n *html.Node) string {
	if n.Type != html.ElementNode {
		return ""
	}
	if forbidden[n.Data] {
		return "element " + n.Data
	}
	for _, a := range n.Attr {
		value := strings.ToLower(a.Val)
		switch key := strings.ToLower(a.Key); {
		case strings.HasPrefix(key, "on"), key == "srcdoc":
			return "attribute " + key
		case key == "style" && (strings.Contains(value, "url(") || strings.Contains(value, "expression")):
			return "style " + a.Val
		case key == "href", key == "src", key == "action", key == "background", key == "cite", key == "xlink:href", key == "formaction", key == "poster":
			if scheme := schemeOf(value); !strings.Contains(" http https mailto tel cid ", " "+scheme+" ") {
				return "address " + a.Val
			}
		}
	}
	return ""
}

func schemeOf(address string) string {
	address = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, address)
	scheme, _, ok := strings.Cut(address, ":")
	if !ok {
		return ""
	}
	return scheme
}

func TestCorpusIsSafeAndStable(t *testing.T) {
	t.Parallel()
	total, unsafe, unstable := 0, 0, 0
	for file, keys := range map[string][]string{"xss_payloads.jsonl": {"payload"}, "dompurify_payloads.jsonl": {"payload"},
		"owasp_filter_evasion.jsonl": {"payload", "code"}, "bluemonday_cases.jsonl": {"in"}, "html5lib_tokenizer.jsonl": {"input"}} {
		for _, row := range corpus(t, file) {
			for _, key := range keys {
				payload, _ := row[key].(string)
				if payload == "" {
					continue
				}
				total++
				cleaned := Clean(payload)
				if found := danger(cleaned); found != "" {
					unsafe++
					t.Errorf("%s: %q -> %q: %s", file, payload, cleaned, found)
				}
				if Clean(cleaned) != cleaned {
					unstable++
					t.Errorf("%s: %q is not stable: %q", file, payload, cleaned)
				}
				if found := danger(FromText(payload)); found != "" {
					t.Errorf("FromText(%q): %s", payload, found)
				}
				Text(payload)
			}
		}
	}
	t.Logf("%d payloads, %d unsafe, %d not stable", total, unsafe, unstable)
	if total < 4000 {
		t.Errorf("only %d payloads were read", total)
	}
}

// structure is a fragment with sorted attributes and without rel and target.
func structure(t *testing.T, s string) string {
	nodes, err := html.ParseFragment(strings.NewReader(s), nil)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, n := range nodes {
		for d := range n.Descendants() {
			kept := d.Attr[:0]
			for _, a := range d.Attr {
				if a.Key != "rel" && a.Key != "target" {
					kept = append(kept, a)
				}
			}
			d.Attr = kept
			sort.Slice(d.Attr, func(i, j int) bool { return d.Attr[i].Key < d.Attr[j].Key })
		}
		_ = html.Render(&b, n)
	}
	return b.String()
}

func TestCorpusUsefulness(t *testing.T) {
	t.Parallel()
	same, total := 0, 0
	for _, row := range corpus(t, "bluemonday_cases.jsonl") {
		if changes, _ := row["policy_changes"].([]any); len(changes) > 0 || row["policy"] != "UGCPolicy" {
			continue
		}
		in, _ := row["in"].(string)
		want, _ := row["expected"].(string)
		total++
		if got := Clean(in); structure(t, got) == structure(t, want) {
			same++
		} else if testing.Verbose() {
			t.Logf("in   %s\n got  %s\n want %s", in, got, want)
		}
	}
	t.Logf("same structure as the reference: %d of %d", same, total)
}
