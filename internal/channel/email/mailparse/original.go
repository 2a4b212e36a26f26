package mailparse

import (
	"regexp"
	"strings"
)

var (
	// forwardSubject is what mail programs put before the subject of a forward.
	forwardSubject = regexp.MustCompile(`(?i)^\s*(?:\[[^\]]{1,40}\]\s*)?(?:fwd?|wg|wtr|tr|rv|i|pd|podaj dalej|vs|vb|fs|enc|doorst|전달|転送|转发|轉寄)\s*(?:\[\d+\])?\s*[:：]`)
	// forwardLine is a line above a forwarded mail that says that it is one.
	forwardLine = regexp.MustCompile(`(?i)forward|weitergeleitet|transf[ée]r[ée]|réexpédié|reenviado|reencaminhad|encaminhad|inoltrat|przekaz|doorgestuurd|vidarebefordr|videresend|전달|転送|转发|轉寄|пересылаем|переадресован`)
	// writtenAddress is an address among the words of a mail. A colon ends it, so
	// that it does not begin with mailto.
	writtenAddress = regexp.MustCompile(`[^\s<>"'\[\](),;:]+@[^\s<>"'\[\](),;:]+\.\pL{2,}`)
)

// Original is who wrote the mail that m passes on: the sender of a mail that is
// attached, or the one whom the header lines name that mail programs put above a
// forward. It is false when m passes nothing on, or names nobody by an address.
// Nothing proves that what it says is true.
func (m *Mail) Original() (Address, bool) {
	marked := forwardSubject.MatchString(m.Subject)
	lines := strings.Split(m.Text, "\n")
	for i, line := range lines {
		if len(line) < 200 && original.MatchString(line) && forwardLine.MatchString(line) {
			marked = true
		}
		end := headerBlock(lines, i)
		if end == 0 || !marked {
			continue
		}
		return writer(lines[i:end])
	}
	if !marked && m.InReplyTo != "" {
		return Address{}, false
	}
	for _, file := range m.Attachments {
		if file.ContentType != "message/rfc822" {
			continue
		}
		if inner, err := Parse(file.Data); err == nil && len(inner.From) > 0 && inner.From[0].Address != "" {
			return inner.From[0], true
		}
	}
	return Address{}, false
}

// writer is whom the header lines of a forwarded mail name as its sender. The
// name may stand on the line of the field or below it.
func writer(block []string) (Address, bool) {
	for i, line := range block {
		field := fromName.FindString(line)
		if field == "" {
			continue
		}
		value := line[len(field):]
		if strings.TrimSpace(strings.Trim(value, "*_ ")) == "" && i+1 < len(block) {
			value = block[i+1]
		}
		address := writtenAddress.FindString(value)
		if address == "" {
			return Address{}, false
		}
		name, _, _ := strings.Cut(value, address)
		name, _, _ = strings.Cut(name, "<")
		name, _, _ = strings.Cut(name, "[")
		found := Address{Name: cutText(strings.Trim(name, " \t\"'*_>("), maxName), Address: strings.TrimRight(address, ".")}
		return found, true
	}
	return Address{}, false
}
