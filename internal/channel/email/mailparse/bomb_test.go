package mailparse

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"rapport/internal/platform/fault"
)

// nested is a mail of so many multiparts, one inside the other.
func nested(depth int) []byte {
	var b bytes.Buffer
	b.WriteString("From: a@b.example\r\nMIME-Version: 1.0\r\n")
	for i := range depth {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=\"b%d\"\r\n\r\n--b%d\r\n", i, i)
	}
	b.WriteString("Content-Type: text/plain\r\n\r\nhello\r\n")
	return b.Bytes()
}

// enclosed is a mail in a mail in a mail.
func enclosed(depth int) []byte {
	return []byte("From: a@b.example\r\n" + strings.Repeat("Content-Type: message/rfc822\r\n\r\n", depth) + "Subject: x\r\n\r\nhello")
}

// wide is a mail of so many parts.
func wide(parts int) []byte {
	return []byte("From: a@b.example\r\nContent-Type: multipart/mixed;\r\n boundary=b\r\n\r\n" + strings.Repeat("--b\r\n\r\nx\r\n", parts) + "--b--\r\n")
}

func TestMAIL10MAIL11BombsAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		raw  []byte
		kind fault.Kind
	}{
		"empty":           {nil, fault.Invalid},
		"white space":     {[]byte("\r\n \r\n"), fault.Invalid},
		"10,000 deep":     {nested(10_000), fault.TooLarge},
		"51 deep":         {nested(51), fault.TooLarge},
		"10,000 enclosed": {enclosed(10_000), fault.TooLarge},
		"100,000 parts":   {wide(100_000), fault.TooLarge},
		"1,001 parts":     {wide(1_001), fault.TooLarge},
		"wide header":     {[]byte("X: " + strings.Repeat("a", maxHeaderBlock) + "\r\n\r\n"), fault.TooLarge},
		"long header":     {[]byte(strings.Repeat("X: a\r\n", maxHeaderLines+1) + "\r\n"), fault.TooLarge},
		"36 MiB":          {bytes.Repeat([]byte("a"), 36<<20), fault.TooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := Parse(c.raw)
			if m != nil || !fault.Is(err, c.kind) {
				t.Errorf("got %v, want a fault of kind %v", err, c.kind)
			}
		})
	}
}

func TestTheLimitsThemselvesAreAllowed(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string][]byte{"50 deep": nested(50), "50 enclosed": enclosed(50), "1,000 parts": wide(1_000)} {
		if _, err := Parse(raw); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// hostile mails are within the limits and made to be slow.
var hostile = map[string]func() []byte{
	"addresses":     func() []byte { return []byte("To: " + strings.Repeat("a@b.example, ", 70_000) + "\r\n\r\n") },
	"open angles":   func() []byte { return []byte("To: " + strings.Repeat("<,", 400_000) + ">\r\n\r\n") },
	"quotes":        func() []byte { return []byte("To: " + strings.Repeat("\",", 400_000) + "\r\n\r\n") },
	"colons":        func() []byte { return []byte("To: a@" + strings.Repeat(":", 900_000) + "\r\n\r\n") },
	"encoded words": func() []byte { return []byte("Subject: " + strings.Repeat("=?utf-8?q?a?= ", 60_000) + "\r\n\r\n") },
	"half words":    func() []byte { return []byte("Subject: " + strings.Repeat("=?", 400_000) + "\r\n\r\n") },
	"references": func() []byte {
		return []byte("References: " + strings.Repeat("<a@b.example>\r\n ", 9_000) + "\r\n\r\n")
	},
	"parameters": func() []byte {
		return []byte("Content-Type: text/plain" + strings.Repeat("; a*0*=b", 100_000) + "\r\n\r\nx")
	},
	"attributions": func() []byte {
		return []byte("From: a@b.example\r\n\r\n" + strings.Repeat("On 1 May 2026 a@b.example\n", 200_000))
	},
	"wrote": func() []byte {
		return []byte("From: a@b.example\r\n\r\n" + strings.Repeat("On 1 May wrote\n\n", 200_000))
	},
	"headers quoted": func() []byte { return []byte("From: a@b.example\r\n\r\n" + strings.Repeat("From: a\nx\n\n", 200_000)) },
	"quotes marks":   func() []byte { return []byte("From: a@b.example\r\n\r\n" + strings.Repeat(">", 3_000_000)) },
	"begin": func() []byte {
		return []byte("From: a@b.example\r\n\r\n" + strings.Repeat("begin 644 a\n!!\n", 100_000))
	},
	"one line": func() []byte {
		return []byte("From: MAILER-DAEMON@x.example\r\n\r\n" + strings.Repeat("a@b.example ", 300_000))
	},
	"daemon lines": func() []byte {
		return []byte("From: MAILER-DAEMON@x.example\r\n\r\n" + strings.Repeat("<a@b.example>: 550 no\n", 100_000))
	},
	"statuses": func() []byte {
		return []byte("From: MAILER-DAEMON@x.example\r\nContent-Type: message/delivery-status\r\n\r\n" + strings.Repeat("Final-Recipient: rfc822; a@b.example\nAction: failed\n\n", 50_000))
	},
	"html tags": func() []byte {
		return []byte("Content-Type: text/html\r\n\r\n" + strings.Repeat("<div style='color:red'><blockquote>", 50_000))
	},
	"html quotes": func() []byte {
		return []byte("Content-Type: text/html\r\n\r\n" + strings.Repeat("<div class=gmail_quote>x", 50_000))
	},
	"base64": func() []byte {
		return []byte("Content-Transfer-Encoding: base64\r\n\r\n" + strings.Repeat("=", 3_000_000))
	},
	"bytes": func() []byte { return []byte("From: a\r\n\r\n" + strings.Repeat("\xb0\xa1\xff\xe4", 1_000_000)) },
	"flowed": func() []byte {
		return []byte("Content-Type: text/plain; format=flowed\r\n\r\n" + strings.Repeat("> a \n", 500_000))
	},
	"fields":     func() []byte { return []byte(strings.Repeat("X\n", 400_000)) },
	"boundaries": func() []byte { return append(nested(50), bytes.Repeat([]byte("--b\n"), 500_000)...) },
}

func TestMAIL27HostileMailIsRead(t *testing.T) {
	t.Parallel()
	for name, raw := range hostile {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := Parse(raw())
			if err != nil && !fault.Is(err, fault.TooLarge) {
				t.Fatal(err)
			}
			if m != nil && len(m.References) > maxReferences {
				t.Errorf("%d references were kept", len(m.References))
			}
		})
	}
}
