package account

import (
	"strings"
	"time"
	_ "time/tzdata" // time zones on machines that have none
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"rapport/internal/account/proof"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/rich"
)

// form checks the fields of one input and gathers what is wrong with them, so
// that a person hears everything at once.
type form struct {
	op    string
	wrong []fault.Field
}

func (f *form) fail(path, message string) {
	f.wrong = append(f.wrong, fault.Field{Path: path, Message: message})
}

// err is nil, or one Invalid fault with every wrong field.
func (f *form) err() error {
	if len(f.wrong) == 0 {
		return nil
	}
	var words []string
	for _, w := range f.wrong {
		words = append(words, w.Message)
	}
	return &fault.Error{Op: f.op, Kind: fault.Invalid, Message: strings.Join(words, " "), Fields: f.wrong}
}

const (
	maxName      = 100
	maxSignature = 2000
)

// name trims and checks a name of 1 to 100 characters.
func (f *form) name(path, v string) string {
	v = norm.NFC.String(strings.TrimSpace(v))
	switch {
	case v == "":
		f.fail(path, "Enter a name.")
	case utf8.RuneCountInString(v) > maxName:
		f.fail(path, "The name is too long: use at most 100 characters.")
	case !utf8.ValidString(v) || strings.ContainsFunc(v, unprintable):
		f.fail(path, "The name holds characters that cannot be shown. Type it again.")
	}
	return v
}

// unprintable characters are controls, broken UTF-8, and marks that turn the
// direction of the text around them.
func unprintable(c rune) bool {
	return unicode.IsControl(c) || c == utf8.RuneError || c == '\u2028' || c == '\u2029' ||
		c >= '\u202A' && c <= '\u202E' || c >= '\u2066' && c <= '\u2069'
}

// email trims and checks an address; key is its folded form, by which it is
// unique.
func (f *form) email(path, v string) (email, key string) {
	email = strings.TrimSpace(v)
	key, ok := foldEmail(email)
	switch {
	case email == "":
		f.fail(path, "Enter an e-mail address.")
	case !ok:
		f.fail(path, "This is not an e-mail address. It looks like name@example.com.")
	}
	return email, key
}

// foldEmail gives the form in which two spellings of one address are equal:
// lower case, one Unicode form, the domain as DNS writes it.
func foldEmail(v string) (key string, ok bool) {
	v = strings.ToLower(norm.NFKC.String(strings.TrimSpace(v)))
	at := strings.LastIndexByte(v, '@')
	if at < 1 || at > 64 || len(v) > 254 || !utf8.ValidString(v) {
		return v, false
	}
	local, domain := v[:at], v[at+1:]
	if strings.ContainsAny(local, "\"'`(),:;<>[]\\@ ") || strings.ContainsFunc(v, unprintable) || strings.ContainsFunc(v, unicode.IsSpace) ||
		strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return v, false
	}
	domain, err := idna.Lookup.ToASCII(domain)
	if err != nil || domain == "" || strings.HasSuffix(domain, ".") || strings.Contains(domain, "..") {
		return v, false
	}
	return local + "@" + domain, true
}

// password checks a new password; about is what is known of the person.
func (f *form) password(path, v string, about ...string) {
	if words := proof.Refuse(v, about...); words != "" {
		f.fail(path, words)
	}
}

// passwordLength checks a password set by the operator of the machine: only
// its length, since a script may have its reasons.
func (f *form) passwordLength(path, v string) {
	if words := proof.RefuseLength(v); words != "" {
		f.fail(path, words)
	}
}

// signature checks the text under an agent's replies.
func (f *form) signature(path string, t rich.Text) rich.Text {
	v := strings.TrimSpace(strings.ReplaceAll(t.Plain, "\r\n", "\n"))
	t = rich.New(v, t.HTML)
	if t.HTML != "" {
		v = t.Plain
	}
	if utf8.RuneCountInString(v) > maxSignature || len(t.HTML) > 10*maxSignature {
		f.fail(path, "The signature is too long: use at most 2000 characters.")
	}
	if !utf8.ValidString(v) || strings.ContainsFunc(v, func(c rune) bool { return unprintable(c) && c != '\n' && c != '\t' }) {
		f.fail(path, "The signature holds characters that cannot be shown. Type it again.")
	}
	if name := t.Torn(); name != "" {
		f.fail(path, "Give all of {{"+name+"}} the same look, or write it anew: as it stands it cannot be filled.")
	}
	return t
}

// timeZone checks a name of the time zone database.
func (f *form) timeZone(path, v string) string {
	if _, err := time.LoadLocation(v); err != nil || v == "" || v == "Local" {
		f.fail(path, "This time zone is not known. Choose one like Europe/Warsaw.")
	}
	return v
}

// oneOf checks a choice.
func (f *form) oneOf(path, v, message string, choices ...string) string {
	for _, c := range choices {
		if v == c {
			return v
		}
	}
	f.fail(path, message)
	return v
}

func (f *form) language(path, v string) string {
	return f.oneOf(path, v, "Choose a language: en, ko or pl.", "en", "ko", "pl")
}

func (f *form) role(path string, v Role) Role {
	if !v.Valid() {
		f.fail(path, "Choose a role: owner, admin, agent or light.")
	}
	return v
}

// foldName is the form in which two names count as the same.
func foldName(v string) string { return strings.ToLower(norm.NFKC.String(v)) }
