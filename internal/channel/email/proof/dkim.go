package proof

import (
	"bytes"
	"context"
	"io"
	"strings"

	"github.com/emersion/go-msgauth/dkim"

	"rapport/internal/platform/resolver"
)

// signatures returns the domains whose signature of the mail holds. silent says
// that a key of the sender's own domain could not be asked for; whether other
// domains answer says nothing, since anybody may sign with theirs.
func (c *Checker) signatures(ctx context.Context, raw []byte, h head, domain string) (signed []string, silent bool) {
	var chosen []field
	for _, s := range h.signatures {
		_, value := s.cut(raw)
		if d, ok := signer(value); ok && aligned(d, domain, false) && s.end-s.start <= maxSignature {
			chosen = append(chosen, s)
		}
	}
	if len(chosen) == 0 || h.size > maxHead {
		return nil, false
	}
	mail := io.Reader(bytes.NewReader(raw))
	if len(h.signatures) > maxSignatures || len(chosen) < len(h.signatures) && tooLong(h.signatures) {
		mail = only(raw, h.signatures, chosen[:min(len(chosen), maxSignatures)])
	}
	found, _ := dkim.VerifyWithOptions(mail, &dkim.VerifyOptions{MaxVerifications: maxSignatures,
		LookupTXT: func(name string) ([]string, error) { return c.dns.LookupTXT(ctx, name) }})
	for _, v := range found {
		d, ok := folded(v.Domain)
		switch {
		case !ok || !aligned(d, domain, false):
		case v.Err == nil:
			signed = append(signed, d)
		case dkim.IsTempFail(v.Err) || resolver.Unavailable(v.Err):
			silent = true
		}
	}
	return signed, silent
}

func tooLong(signatures []field) bool {
	for _, s := range signatures {
		if s.end-s.start > maxSignature {
			return true
		}
	}
	return false
}

// only is the mail without the other signatures: their checks would cost work
// and tell nothing.
func only(raw []byte, all, chosen []field) io.Reader {
	var parts []io.Reader
	at := 0
	for _, s := range all {
		if len(chosen) > 0 && s.start == chosen[0].start {
			chosen = chosen[1:]
			continue
		}
		parts = append(parts, bytes.NewReader(raw[at:s.start]))
		at = s.end
	}
	return io.MultiReader(append(parts, bytes.NewReader(raw[at:]))...)
}

// signer is the domain that a signature names.
func signer(value string) (string, bool) {
	for tag := range strings.SplitSeq(value, ";") {
		if name, domain, ok := strings.Cut(tag, "="); ok && strings.TrimSpace(name) == "d" {
			return folded(strings.Join(strings.Fields(domain), ""))
		}
	}
	return "", false
}
