package form

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/internal/channel"
	"rapport/internal/channel/channeltest"
	"rapport/internal/platform/fault"
	"rapport/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func sample(n int) submission {
	return submission{ID: fmt.Sprintf("%024x", n), Reference: "K7QM-4F2X", House: "en", Language: "pl", SentAt: time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC), Entries: []entry{
		{Key: "name", Label: "Name", Type: typeText, Value: "Ewa Marsh"},
		{Key: "email", Label: "E-mail", Type: typeEmail, Value: "ewa@harbour.example"},
		{Key: "subject", Label: "Subject", Type: typeText, Value: "The box came torn"},
		{Key: "message", Label: "How can we help?", Type: typeTextArea, Value: fmt.Sprintf("One bag is leaking.\nIt is bag %d.", n)},
		{Key: "dog", Label: "Which dog?", Type: typeSelect, Value: "Burek"},
		{Key: "order", Label: "Order number", Type: typeText, Value: "M-20418"},
	}, Files: []file{{Field: "file", Label: "Photos or files", Name: "corner.png", data: []byte("\x89PNG\r\n\x1a\n and more")}}}
}

func raw(t testing.TB, s submission) []byte {
	t.Helper()
	b, err := s.bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTheChannelKeepsItsContract(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, func(t *testing.T, w *channeltest.World) channeltest.Subject {
		broken := func(change func(*channel.FormSettings)) channel.NewInbox {
			s := &channel.FormSettings{Fields: Defaults()}
			change(s)
			return channel.NewInbox{Name: "Write to us", Channel: Name, Form: s}
		}
		return channeltest.Subject{
			Adapter: New(w.Blobs),
			Inbox:   channel.NewInbox{Name: "Write to us", Channel: Name},
			Sample:  func(n int) []byte { return raw(t, sample(n)) },
			Poison:  []byte("Content-Type: multipart/form-data; boundary=\"x\"\r\n\r\n--x\r\nnothing"),
			Broken: []channel.NewInbox{
				broken(func(s *channel.FormSettings) { s.Fields = []channel.FormField{} }),
				broken(func(s *channel.FormSettings) { s.Fields = append(s.Fields, s.Fields[0]) }),
				broken(func(s *channel.FormSettings) { s.AllowedOrigins = []string{"null"} }),
				broken(func(s *channel.FormSettings) { s.Brand = "red;}" }),
				{Name: "Mine", Channel: Name, Address: "hello@miska.example"},
			},
		}
	})
}

func TestSettings(t *testing.T) {
	t.Parallel()
	with := func(f channel.FormField) channel.FormSettings {
		return channel.FormSettings{Fields: append(Defaults(), f)}
	}
	fields := func(n int) []channel.FormField {
		list := Defaults()
		for i := len(list); i < n; i++ {
			list = append(list, channel.FormField{Key: fmt.Sprintf("more%d", i), Label: "More", Type: typeText})
		}
		return list
	}
	for _, c := range []struct {
		name  string
		s     channel.FormSettings
		field string // "": fine
	}{
		{"nothing was chosen", channel.FormSettings{}, ""},
		{"as many fields as may be", channel.FormSettings{Fields: fields(maxFields)}, ""},
		{"one too many", channel.FormSettings{Fields: fields(maxFields + 1)}, "form.fields"},
		{"nobody can be answered", channel.FormSettings{Fields: []channel.FormField{{Key: "message", Type: typeTextArea}}}, "form.fields"},
		{"the address may be left out", channel.FormSettings{Fields: []channel.FormField{{Key: "email", Type: typeEmail}}}, "form.fields"},
		{"a key with a space", with(channel.FormField{Key: "my key", Label: "x", Type: typeText}), "form.fields[5].key"},
		{"a key like a header", with(channel.FormField{Key: "bcc:x", Label: "x", Type: typeText}), "form.fields[5].key"},
		{"a key twice", with(channel.FormField{Key: "name", Label: "x", Type: typeText}), "form.fields[5].key"},
		{"a type of its own", with(channel.FormField{Key: "x", Label: "x", Type: "password"}), "form.fields[5].type"},
		{"no label", with(channel.FormField{Key: "x", Type: typeText}), "form.fields[5].label"},
		{"a label of ours", with(channel.FormField{Key: "order", Type: typeText}), ""},
		{"a long label", with(channel.FormField{Key: "x", Label: strings.Repeat("x", maxLabel+1), Type: typeText}), "form.fields[5].label"},
		{"nothing to choose from", with(channel.FormField{Key: "x", Label: "x", Type: typeSelect, Options: []string{" "}}), "form.fields[5].options"},
		{"a choice twice", with(channel.FormField{Key: "x", Label: "x", Type: typeSelect, Options: []string{"a", " a"}}), "form.fields[5].options"},
		{"a choice", with(channel.FormField{Key: "x", Label: "x", Type: typeSelect, Options: []string{"a", "b"}}), ""},
		{"an unknown language", channel.FormSettings{Language: "fr"}, "form.language"},
		{"a colour by name", channel.FormSettings{Brand: "teal"}, "form.brand"},
		{"a colour", channel.FormSettings{Brand: "#D6336C"}, ""},
		{"a long title", channel.FormSettings{Title: strings.Repeat("가", maxTitle+1)}, "form.title"},
		{"a title", channel.FormSettings{Title: strings.Repeat("가", maxTitle)}, ""},
		{"a site", channel.FormSettings{AllowedOrigins: []string{"https://Shop.example/"}}, ""},
		{"a page", channel.FormSettings{AllowedOrigins: []string{"https://shop.example", "https://shop.example/page"}}, "form.allowed_origins[1]"},
		{"a policy in a site", channel.FormSettings{AllowedOrigins: []string{"https://shop.example; script-src *"}}, "form.allowed_origins[0]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := check(tidy(c.s))
			if c.field == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if found := fault.FieldsOf(err); len(found) != 1 || found[0].Path != c.field || found[0].Message == "" {
				t.Errorf("%v, want %s", err, c.field)
			}
		})
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	for _, c := range []struct {
		kind, typed, want string
		fine              bool
	}{
		{typeText, "  Ewa \t Marsh ", "Ewa Marsh", yes},
		{typeText, "Ewa\r\nBcc: victim@sea.example", "Ewa Bcc: victim@sea.example", yes},
		{typeText, "Ewa\u202e gnihsihp\u2066", "Ewa gnihsihp", yes},
		{typeText, "a\x00b\x1b[31mc", "ab[31mc", yes},
		{typeText, "<script>alert(1)</script>", "<script>alert(1)</script>", yes},
		{typeText, strings.Repeat("가", maxLine), strings.Repeat("가", maxLine), yes},
		{typeText, strings.Repeat("가", maxLine+1), "", no},
		{typeText, "", "", no}, {typeText, " \u00a0\n", "", no},
		{typeTextArea, "one\r\n\r\ntwo\rthree", "one\n\ntwo\nthree", yes},
		{typeTextArea, strings.Repeat("x", maxText+1), "", no},
		{typeEmail, "Ewa@Harbour.Example ", "ewa@harbour.example", yes},
		{typeEmail, "ewa+dogs@mail.harbour.example", "ewa+dogs@mail.harbour.example", yes},
		{typeEmail, "ewa@żółw.example", "ewa@żółw.example", yes},
		{typeEmail, "ewa", "", no}, {typeEmail, "ewa@", "", no}, {typeEmail, "@harbour.example", "", no}, {typeEmail, "ewa@harbour", "", no},
		{typeEmail, "ewa@harbour..example", "", no}, {typeEmail, "ewa@-harbour.example", "", no}, {typeEmail, "ewa@harbour.example.", "", no},
		{typeEmail, "ewa@harbour.example, tom@sea.example", "", no}, {typeEmail, "ewa@harbour.example\nBcc: tom@sea.example", "", no},
		{typeEmail, `"ewa marsh"@harbour.example`, "", no}, {typeEmail, "ewa@[127.0.0.1]", "", no}, {typeEmail, "ewa(x)@harbour.example", "", no},
		{typeEmail, strings.Repeat("x", 65) + "@harbour.example", "", no},
		{typeEmail, "hello@miska.example", "", no}, {typeEmail, "Hello+Rabc@miska.example", "", no},
		{typePhone, "+44 20 7946 0018", "+44 20 7946 0018", yes}, {typePhone, "(020) 7946-0018", "(020) 7946-0018", yes},
		{typePhone, "call me", "", no}, {typePhone, "12", "", no}, {typePhone, "+44 20 7946 0018 ext", "", no}, {typePhone, "1234567890123456", "", no},
		{typeNumber, "-12,50", "-12,50", yes}, {typeNumber, "3", "3", yes}, {typeNumber, "1e9", "", no}, {typeNumber, "three", "", no},
		{typeDate, "2026-02-28", "2026-02-28", yes}, {typeDate, "2026-02-30", "", no}, {typeDate, "14.3.2026", "", no}, {typeDate, "9999-01-01", "", no},
		{typeSelect, "Puppy", "Puppy", yes}, {typeSelect, "Cat", "", no}, {typeSelect, "", "", no},
		{typeCheckbox, "yes", "Yes", yes}, {typeCheckbox, "", "", no},
	} {
		t.Run(c.kind+" "+c.typed[:min(len(c.typed), 30)], func(t *testing.T) {
			t.Parallel()
			f := channel.FormField{Key: "x", Label: "X", Type: c.kind, Required: true, Options: []string{"Puppy", "Senior"}}
			s := sheet{form: channel.FormSettings{Fields: []channel.FormField{f}}, house: "en", own: []string{"hello@miska.example"}}
			s.read(channel.FormPost{Values: map[string][]string{"x": {c.typed}}})
			if c.fine != (len(s.problems) == 0) {
				t.Fatalf("%q: %v", c.typed, s.problems)
			}
			if c.fine && s.entries[0].Value != c.want {
				t.Errorf("%q became %q, want %q", c.typed, s.entries[0].Value, c.want)
			}
			if !c.fine && (s.problems[0].Field != "x" || s.problems[0].Message == "") {
				t.Errorf("%q: %+v", c.typed, s.problems)
			}
			f.Required = false
			s = sheet{form: channel.FormSettings{Fields: []channel.FormField{f}}, house: "en"}
			if s.read(channel.FormPost{}); len(s.problems) > 0 || c.kind != typeCheckbox && len(s.entries) > 0 {
				t.Errorf("left out: %v %v", s.problems, s.entries)
			}
		})
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		sizes []int64
		fine  bool
	}{
		{"none", nil, true}, {"one", []int64{1}, true}, {"the largest", []int64{maxFile}, true}, {"too large", []int64{maxFile + 1}, false},
		{"empty", []int64{5, 0}, false}, {"as many as may be", []int64{1, 1, 1, 1, 1}, true}, {"one too many", []int64{1, 1, 1, 1, 1, 1}, false},
		{"too large together", []int64{maxFile, maxFile, 1}, false},
	} {
		post := channel.FormPost{Files: []channel.FormFile{{Field: "nobody asked", Size: 1 << 40}}}
		for i, size := range c.sizes {
			post.Files = append(post.Files, channel.FormFile{Field: "file", Name: fmt.Sprint(i), Size: size, Open: func() (io.ReadCloser, error) { return nil, nil }})
		}
		s := sheet{form: channel.FormSettings{Fields: []channel.FormField{{Key: "file", Type: typeFile}}}}
		if s.read(post); c.fine != (len(s.problems) == 0) {
			t.Errorf("%s: %v", c.name, s.problems)
		}
	}
	for name, want := range map[string]string{`C:\fakepath\a.png`: "a.png", "../../etc/passwd": "passwd", "a\r\nb\x00.png": "a b.png", "gnp\u202egpj.exe": "gnpgpj.exe", "": "file", "/": "file"} {
		if got := fileName(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestASubmissionBecomesAConversation(t *testing.T) {
	t.Parallel()
	s, err := readSubmission(raw(t, sample(7)))
	if err != nil {
		t.Fatal(err)
	}
	if s.hash() != sample(7).hash() || s.hash() == sample(8).hash() {
		t.Error("the hash does not tell what is said")
	}
	if got, want := s.subject(), "The box came torn [K7QM-4F2X]"; got != want {
		t.Errorf("subject %q, want %q", got, want)
	}
	want := "One bag is leaking.\nIt is bag 7.\n\nName: Ewa Marsh\nE-mail: ewa@harbour.example\nSubject: The box came torn\nWhich dog? Burek\nOrder number: M-20418\nReference: K7QM-4F2X"
	if got := s.text(); got != want {
		t.Errorf("text\n%s\nwant\n%s", got, want)
	}
	s.Entries = slices.DeleteFunc(s.Entries, func(e entry) bool { return e.Key == "subject" })
	s.Entries[2].Value = "My dog has not touched the new food since Tuesday and I would like to exchange it."
	if got, want := s.subject(), "My dog has not touched the new food since Tuesday and I… [K7QM-4F2X]"; got != want {
		t.Errorf("without a subject %q, want %q", got, want)
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	now := time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC)
	token := w.door.signer.issue(5, now)
	p, ok := w.door.signer.open(5, token)
	if !ok || !p.at.Equal(now) || len(p.id) != 2*tokenRandom {
		t.Errorf("%+v %v", p, ok)
	}
	for name, odd := range map[string]string{"none": "", "short": token[1:], "long": token + "A", "another letter": "B" + token[1:], "no base64": "%" + token[1:], "padded": token + "="} {
		if _, ok := w.door.signer.open(5, odd); ok && odd != token {
			t.Errorf("%s: taken", name)
		}
	}
	if _, ok := w.door.signer.open(6, token); ok {
		t.Error("the token of one form opens another")
	}
	if r := w.door.signer.reference(5, p.id); len(r) != 9 || r[4] != '-' || r != w.door.signer.reference(5, p.id) || strings.ContainsAny(r, "OIL01") {
		t.Errorf("reference %q", r)
	}
}

func FuzzSubmission(f *testing.F) {
	f.Add(raw(f, sample(1)))
	f.Add([]byte("Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\nContent-Disposition: form-data; name=\"submission\"\r\n\r\n{\"id\":\"1\",\"entries\":[{\"type\":\"email\",\"value\":\"a@b.example\\r\\nBcc: x@y.example\"}]}\r\n--x--\r\n"))
	f.Add([]byte("\r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := readSubmission(b)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
			return
		}
		for _, one := range []string{s.subject(), s.name(), s.address()} {
			if strings.ContainsAny(one, "\r\n\x00\u202e") {
				t.Errorf("%q", one)
			}
		}
		if strings.ContainsAny(s.text(), "\r\x00\u202e") || s.address() != "" && !isAddress(s.address()) {
			t.Errorf("%q %q", s.text(), s.address())
		}
	})
}

func FuzzTyped(f *testing.F) {
	f.Add("email", "ewa@harbour.example\r\nBcc: victim@sea.example")
	f.Add("textarea", "\u202eabc\x00")
	f.Add("phone", "+44 20 7946 0018")
	f.Fuzz(func(t *testing.T, kind, typed string) {
		s := sheet{form: channel.FormSettings{Fields: []channel.FormField{{Key: "x", Label: "X", Type: kind, Options: []string{"a"}}}}, house: "ko"}
		s.read(channel.FormPost{Values: map[string][]string{"x": {typed}}})
		for _, e := range s.entries {
			if kind != typeTextArea && strings.Contains(e.Value, "\n") || strings.ContainsAny(e.Value, "\r\x00\u202e") || kind == typeEmail && !isAddress(e.Value) {
				t.Errorf("%s: %q became %q", kind, typed, e.Value)
			}
		}
	})
}

var ctx = context.Background()
