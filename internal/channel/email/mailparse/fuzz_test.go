package mailparse

import (
	"fmt"
	"mime"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// modest fails when fn takes more memory than so many times what it was given.
// The fuzzer itself ends what takes too long.
func modest(t *testing.T, given, times int, fn func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fn()
	runtime.ReadMemStats(&after)
	if taken, most := after.TotalAlloc-before.TotalAlloc, uint64(times*given+8<<20); taken > most {
		t.Errorf("%d bytes took %d bytes of memory, more than %d", given, taken, most)
	}
}

// single fails for what cannot stand in one line of a header or a screen.
func single(t *testing.T, what, s string) {
	t.Helper()
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) }) {
		t.Errorf("%s: %q", what, s)
	}
}

// FuzzAddresses: whatever stands in a field, addresses are bare and of one line,
// and one that we write is read back as it was.
func FuzzAddresses(f *testing.F) {
	for _, s := range []string{
		"ewa@harbour.example", `"Marsh, Ewa" <ewa@harbour.example>`, "Marsh, Ewa <ewa@harbour.example>, jan@x.example", "Friends: a@x.example, b@x.example;",
		"=?utf-8?q?Ewa_M=C3=A1?= <ewa@harbour.example> (at home)", "<@relay.example:ewa@harbour.example>", "mailto:ewa@harbour.example", `"<a@x.example>" <b@x.example>`, "a@x.example b@x.example", "undisclosed-recipients:;", `"\"`, "(((", "<<>>@",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		var list []Address
		modest(t, len(value), 200, func() { list = ParseAddresses(value) })
		if len(list) > maxAddresses {
			t.Errorf("%d addresses", len(list))
		}
		for _, a := range list {
			single(t, "name", a.Name)
			single(t, "address", a.Address)
			if a.Address == "" || strings.ContainsAny(a.Address, "<> \t,;") && !strings.Contains(a.Address, `"`) {
				t.Errorf("no bare address: %q", a.Address)
			}
			if !plainAddress.MatchString(a.Address) {
				continue
			}
			again := ParseAddresses(`"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(a.Name) + `" <` + a.Address + ">")
			if len(again) != 1 || again[0].Address != a.Address {
				t.Errorf("%+v is read back as %+v", a, again)
			}
		}
	})
}

var plainAddress = regexp.MustCompile(`^[A-Za-z0-9._+-]+@[a-z0-9.-]+$`)

// FuzzHeader: fields and encoded words are of one line, ids are bare, and what we
// encode is read back as it was.
func FuzzHeader(f *testing.F) {
	for _, s := range []string{"Burek", "=?utf-8?q?Za=C5=BC=C3=B3=C5=82w?= =?utf-8?b?xbzFgsOzdw==?=", "=?euc-kr?b?vsiz5w==?=", "=?x?y?z?=", "=?utf-8?q?=0D=0ABcc:_x?=", "a\r\n b", "<1@x> <2@x>", "text/plain; name*0*=utf-8''a%20; name*1=b", "\x00\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		modest(t, len(value), 200, func() {
			h, _ := readHeader([]byte("Subject: " + value + "\r\nReferences: " + value + "\r\nContent-Type: " + value + "\r\n\r\nwords"))
			single(t, "subject", oneLine(decodeWords(h.Get("Subject"))))
			for _, id := range ids(h.Joined("References")) {
				if single(t, "id", id); strings.ContainsAny(id, "<> ") {
					t.Errorf("no bare id: %q", id)
				}
			}
			kind, params := parseContentType(h.Get("Content-Type"))
			single(t, "content type", kind)
			for _, v := range params {
				single(t, "file name", fileName(v))
			}
			parseDate(value)
		})
		if plain := oneLine(value); utf8.ValidString(value) && plain == value && !strings.Contains(value, "=?") {
			for _, e := range []mime.WordEncoder{mime.QEncoding, mime.BEncoding} {
				if got := oneLine(decodeWords(e.Encode("utf-8", value))); got != value {
					t.Errorf("%q is read back as %q", value, got)
				}
			}
		}
	})
}

var statusForm = regexp.MustCompile(`^([245]\.\d{1,3}\.\d{1,3})?$`)

// FuzzNotice: what a report says of a recipient can be kept and shown, and an
// address is dead only by a failure for good.
func FuzzNotice(f *testing.F) {
	f.Add("Final-Recipient: rfc822; ewa@harbour.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user", "It did not arrive.")
	f.Add("Final-Recipient: rfc822; ewa@harbour.example\nAction: delayed\nStatus: 4.4.1", "<ewa@harbour.example>: host x said: 451 later (in reply to RCPT TO)")
	f.Add("Status: 9.9.9", "   ----- Transcript of session follows -----\n550 5.1.1 <ewa@harbour.example>... User unknown")
	f.Add("", "550 - no such user here\nMessage details:\n MAIL FROM: x")
	f.Fuzz(func(t *testing.T, fields, words string) {
		for _, subject := range []string{"Undelivered Mail Returned to Sender", "Hello"} {
			raw := fmt.Appendf(nil, "From: MAILER-DAEMON@x.example\r\nTo: hello@miska.example\r\nSubject: %s\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"=b=\"\r\n\r\n--=b=\r\n\r\n%s\r\n--=b=\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n%s\r\n--=b=--\r\n", subject, words, fields)
			var m *Mail
			var err error
			modest(t, len(raw), 1000, func() { m, err = Parse(raw) })
			if err != nil {
				continue
			}
			for _, r := range m.Recipients {
				single(t, "address", r.Address)
				single(t, "diagnostic", r.Diagnostic)
				if !statusForm.MatchString(r.Status) || r.Reason == "" || len(r.Diagnostic) > maxDiagnostic {
					t.Errorf("recipient %+v", r)
				}
				if r.HardBounce && !strings.HasPrefix(r.Status, "5") {
					t.Errorf("dead by %q: %+v", r.Status, r)
				}
			}
			if m.Kind == KindBounce && len(m.Recipients) == 0 && m.Reply == "" && strings.TrimSpace(words) != "" && strings.TrimSpace(m.Text) == "" {
				t.Errorf("the words of a report are lost: %q", words)
			}
		}
	})
}

// FuzzReply: every word of the text is in the new words or in what is folded
// away, and none is made up.
func FuzzReply(f *testing.F) {
	for _, intro := range introductions {
		f.Add("Hello\n\n" + intro + "\n\n> old")
		f.Add("Hello\n\n" + intro + "\n\n> old\n\nbelow\n-- \nEwa")
	}
	f.Add("a\n-- \nb")
	f.Add("> q\n\na\n\n> q\n\nb\n\nSent from my iPhone")
	if replies, err := filepath.Glob(filepath.Join("testdata", "*.eml")); err == nil {
		for _, file := range replies {
			if raw, err := os.ReadFile(file); err == nil {
				f.Add(string(raw))
			}
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		var reply, quoted string
		modest(t, len(text), 2000, func() { reply, quoted = splitReply(text) })
		plain := normalSpaces(text)
		for line := range strings.SplitSeq(reply, "\n") {
			if !strings.Contains(plain, line) {
				t.Errorf("%q is not in %q", line, text)
			}
		}
		left := map[string]int{}
		for _, word := range strings.Fields(reply + "\n" + quoted) {
			left[word]++
		}
		for _, word := range strings.Fields(plain) {
			if left[word]--; left[word] < 0 {
				t.Fatalf("%q of %q is lost: %q and %q", word, text, reply, quoted)
			}
		}
		m := Mail{PlainText: text, Text: text}
		m.readReply()
		if m.Reply == "" && strings.TrimSpace(text) != "" && strings.TrimSpace(strings.ReplaceAll(text, quoteMark, "")) != "" {
			t.Errorf("nothing is left of %q", text)
		}
	})
}
