package mailparse

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"rapport/internal/platform/fault"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWordsAreDecoded(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain":                                 "plain",
		"=?utf-8?B?7JWI64WV?=":                  "안녕",
		"=?utf-8?Q?a=5Fb_c?= =?utf-8?Q?d?=":     "a_b cd",
		"=?utf-8?B?7JWI64U=?= =?UTF-8?B?lQ==?=": "안녕", // a character cut in half
		"=?iso-8859-2?Q?=B1?= x =?utf-8?Q?y?=":  "ą x y",
		"=?euc-kr?B?vsiz5w==?=":                 "안녕",
		"=?utf-8*ko?Q?a?=":                      "a",
		"=?nonsense":                            "=?nonsense",
		"=?utf-8?Q?what?_really?=":              "what? really",
	} {
		if got := decodeWords(in); got != want {
			t.Errorf("decodeWords(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMAIL27ParseAddresses(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]Address{
		"":                                        nil,
		"a@b.example":                             {{"", "a@b.example"}},
		"Anna <a@b.example>, c@d.example":         {{"Anna", "a@b.example"}, {"", "c@d.example"}},
		`"Nowak, Anna" <a@b.example>`:             {{"Nowak, Anna", "a@b.example"}},
		"Nowak, Anna <a@b.example>":               {{"Nowak, Anna", "a@b.example"}},
		"a@b.example (Anna Nowak)":                {{"Anna Nowak", "a@b.example"}},
		"Team: a@b.example, c@d.example;":         {{"", "a@b.example"}, {"", "c@d.example"}},
		"undisclosed-recipients:;":                nil,
		"a@b.example; c@d.example":                {{"", "a@b.example"}, {"", "c@d.example"}},
		"=?utf-8?Q?Nowak=2C_Anna?= <a@b.example>": {{"Nowak, Anna", "a@b.example"}},
		`"a \"b\" c" <x@y.example>`:               {{`a "b" c`, "x@y.example"}},
		"Evil \u202egnp <a@b.example>":            {{"Evil gnp", "a@b.example"}},
		"<@relay.example:a@b.example>":            {{"", "a@b.example"}},
		"'a@b.example' <a@b.example>":             {{"'a@b.example'", "a@b.example"}},
	} {
		if got := ParseAddresses(in); !slices.Equal(got, want) {
			t.Errorf("ParseAddresses(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMAIL27Parameters(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][2]string{ // kind, name
		`text/plain; name="a b.txt"`:                              {"text/plain", "a b.txt"},
		`text/plain; name=a b.txt; x=y`:                           {"text/plain", "a b.txt"},
		`attachment; name*=utf-8''%ed%95%9c.txt`:                  {"attachment", "한.txt"},
		`attachment; name*0="a"; name*1="b.txt"`:                  {"attachment", "ab.txt"},
		`attachment; name*1*=%95%9c.txt; name*0*=utf-8''%ed`:      {"attachment", "한.txt"},
		`attachment; name="=?euc-kr?B?vsiz5w==?=.txt"`:            {"attachment", "안녕.txt"},
		`attachment; name="../../etc/passwd"`:                     {"attachment", "passwd"},
		`attachment; name="C:\dir\a.exe"`:                         {"attachment", "a.exe"},
		`attachment; name=".."`:                                   {"attachment", ""},
		"attachment; name=\"a\u202etxt.exe\"":                     {"attachment", "atxt.exe"},
		`text/plain name=x.txt`:                                   {"text/plain", "x.txt"},
		`attachment; name="` + strings.Repeat("한", 300) + `.pdf"`: {"attachment", strings.Repeat("한", 65) + ".pdf"},
	} {
		kind, params := parseContentType(in)
		if got := [2]string{kind, fileName(params["name"])}; got != want {
			t.Errorf("%.60q: got %q, want %q", in, got, want)
		}
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Tue, 3 Mar 2026 10:15:00 +0900":       "2026-03-03T01:15:00Z",
		"3 Mar 26 10:15 EST":                   "2026-03-03T15:15:00Z",
		"Tue, 03 Mar 2026 10:15:00 GMT (junk)": "2026-03-03T10:15:00Z",
		"Tue,  3 Mar 2026 10.15.00 +01:00":     "2026-03-03T09:15:00Z",
		"2026-03-03 10:15:00 +0100":            "2026-03-03T09:15:00Z",
		"Tue Mar  3 10:15:00 2026":             "2026-03-03T10:15:00Z",
		"yesterday":                            "",
		"":                                     "",
	} {
		got := ""
		if at := parseDate(in); !at.IsZero() {
			got = at.Format("2006-01-02T15:04:05Z")
		}
		if got != want {
			t.Errorf("parseDate(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		raw  string
		want Kind
		list bool
	}{
		"person":             {"From: a@b.example\nSubject: hello\n\nhi", KindMessage, false},
		"out of office":      {"From: a@b.example\nSubject: Out of office: Re: x\n\nI am away", KindAutoReply, false},
		"vacation header":    {"From: a@b.example\nSubject: Re: x\nAuto-Submitted: auto-replied (vacation)\n\nI am away", KindAutoReply, false},
		"Korean absence":     {"From: a@b.example\nSubject: 부재중 자동응답\n\n휴가입니다", KindAutoReply, false},
		"a person's subject": {"From: a@b.example\nSubject: Your automatic reply is wrong\n\nhi", KindMessage, false},
		"a shop's notice":    {"From: a@b.example\nSubject: Order\nAuto-Submitted: auto-generated\n\nhi", KindMessage, false},
		"list":               {"From: a@b.example\nSubject: x\nList-Id: <l.b.example>\n\nhi", KindMessage, true},
		"qmail":              {"From: MAILER-DAEMON@b.example\nSubject: failure notice\n\nHi. This is the qmail-send program at b.example.\n\n<x@y.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <a@b.example>\nMessage-ID: <1@b.example>\n", KindBounce, false},
		"read receipt":       {"From: a@b.example\nSubject: Read: x\nContent-Type: multipart/report; boundary=b\n\n--b\n\nread\n--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; a@b.example\n--b--\n", KindReport, false},
		"bounce forwarded":   {"From: a@b.example\nSubject: Fwd: failure notice\n\nWhat is this?\n\n> Hi. This is the qmail-send program. This is a permanent error\n", KindMessage, false},
		"parcel":             {"From: a@b.example\nSubject: Undelivered parcel\n\nIt could not be delivered to me. 550 is my house number.", KindMessage, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := Parse([]byte(c.raw))
			if err != nil {
				t.Fatal(err)
			}
			if m.Kind != c.want || m.IsList != c.list {
				t.Errorf("kind %v, list %v", m.Kind, m.IsList)
			}
		})
	}
}

func TestBounceLeadsToTheMailItReturns(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"en-dsn-unknown-user", "ko-bounce-full", "en-complaint"} {
		raw, err := os.ReadFile(filepath.Join("testdata", file+".eml"))
		if err != nil {
			t.Fatal(err)
		}
		m, err := Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(m.OriginalMessageID, "out-") || len(m.OriginalTo) != 1 || m.OriginalTo[0] != m.Recipients[0].Address {
			t.Errorf("%s: original %q to %q", file, m.OriginalMessageID, m.OriginalTo)
		}
	}
}

func TestGeneratedID(t *testing.T) {
	t.Parallel()
	if a, b := GeneratedID([]byte("a")), GeneratedID([]byte("b")); a == b || a != GeneratedID([]byte("a")) || !strings.Contains(a, "@") {
		t.Errorf("ids %q and %q", a, b)
	}
}

func TestWriteJSON(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	files := []string{filepath.Join("testdata", "ko-gmail-reply.eml"), filepath.Join("testdata", "absent.eml")}
	if err := WriteJSON(&out, files); !fault.Is(err, fault.NotFound) {
		t.Errorf("an absent file: %v", err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	var last FileReport
	if len(lines) != 2 || json.Unmarshal([]byte(lines[1]), &last) != nil || last.Error == "" {
		t.Errorf("got %q", lines)
	}
}

// storable fails on a string that a database would refuse.
func storable(t *testing.T, m *Mail) {
	t.Helper()
	all := []string{m.Subject, m.MessageID, m.InReplyTo, m.Text, m.HTML, m.PlainText, m.RawHTML, m.Reply, m.Quoted, m.OriginalMessageID}
	all = append(append(all, m.References...), m.OriginalTo...)
	for _, list := range [][]Address{m.From, m.To, m.Cc, m.ReplyTo} {
		for _, a := range list {
			all = append(all, a.Name, a.Address)
		}
	}
	for _, a := range m.Attachments {
		all = append(all, a.Name, a.ContentType, a.ContentID)
		if strings.ContainsAny(a.Name, "/\\\u202e") {
			t.Errorf("file name %q", a.Name)
		}
	}
	for _, r := range m.Recipients {
		all = append(all, r.Address, r.Status, r.ReplyCode, r.Diagnostic, r.Feedback)
	}
	for _, f := range m.Header {
		all = append(all, f.Name, f.Value)
	}
	for _, s := range all {
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			t.Errorf("not storable: %.200q", s)
		}
	}
}

func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob(filepath.Join("testdata", "*.eml"))
	for _, file := range files {
		if raw, err := os.ReadFile(file); err == nil {
			f.Add(raw)
		}
	}
	f.Add(nested(3))
	f.Add(enclosed(3))
	f.Add([]byte("Content-Type: text/plain; charset=utf-7\n\n+AGE-"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var m *Mail
		var err error
		modest(t, len(raw), 500, func() { m, err = Parse(raw) })
		if err == nil {
			storable(t, m)
			held := len(m.Text) + len(m.RawHTML) + len(m.Quoted)
			for _, a := range m.Attachments {
				held += len(a.Data)
			}
			if held > 20*len(raw)+1<<20 {
				t.Errorf("%d bytes of a mail have become %d", len(raw), held)
			}
		} else if strings.Contains(err.Error(), "panic") {
			t.Error(err)
		}
		for _, parse := range []func([]byte) (*Mail, error){ParseText, ParseHTML} {
			m, err := parse(raw)
			if err != nil {
				t.Fatal(err)
			}
			storable(t, m)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for _, file := range []string{"ko-gmail-reply", "pl-outlook-html", "en-dsn-unknown-user"} {
		raw, err := os.ReadFile(filepath.Join("testdata", file+".eml"))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(file, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				if _, err := Parse(raw); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCheckBomb(b *testing.B) {
	deep, many := nested(10_000), wide(100_000)
	for b.Loop() {
		if Check(deep) == nil || Check(many) == nil {
			b.Fatal("a bomb went through")
		}
	}
}
