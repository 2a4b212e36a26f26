package proof

import (
	"bytes"
	"strings"

	"rapport/internal/channel"
	"rapport/internal/channel/email/mailparse"
)

// Limits of what is checked. What is over them counts as not signed.
const (
	maxHead       = 128 << 10
	maxSignature  = 8 << 10 // one field with its key names
	maxSignatures = 4
)

// head is what the checks need of a header. It is read more loosely than people
// are shown it: a field that anybody could take for a From counts as one.
type head struct {
	size       int      // bytes, with the empty line
	from       []string // addresses of all From fields, folded
	received   int      // Received fields
	signatures []field
}

// field is one field with its place in the mail.
type field struct{ start, end int }

func (f field) cut(raw []byte) (name, value string) {
	n, v, _ := bytes.Cut(raw[f.start:f.end], []byte(":"))
	return strings.ToLower(strings.TrimSpace(string(n))), string(v)
}

func readHead(raw []byte) head {
	var h head
	fields, size := split(raw)
	h.size = size
	for _, f := range fields {
		switch name, value := f.cut(raw); name {
		case "from":
			h.from = append(h.from, senders(value)...)
		case "received":
			h.received++
		case "dkim-signature":
			h.signatures = append(h.signatures, f)
		}
	}
	if len(h.from) == 1 && h.from[0] == "" {
		h.from = nil
	}
	return h
}

// senders are the addresses of a From field; one that is empty stands for a
// field without any.
func senders(value string) []string {
	found := mailparse.ParseAddresses(strings.NewReplacer("\r", "", "\n", "").Replace(value))
	if len(found) == 0 {
		return []string{""}
	}
	list := make([]string, len(found))
	for i, a := range found {
		list[i] = channel.Fold(a.Address)
	}
	return list
}

// split cuts a header into fields; size is where the body begins.
func split(raw []byte) (fields []field, size int) {
	for at := 0; at < len(raw); {
		end := len(raw)
		if i := bytes.IndexByte(raw[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		line := raw[at:end]
		switch {
		case len(bytes.TrimRight(line, "\r\n")) == 0:
			return fields, end
		case (line[0] == ' ' || line[0] == '\t') && len(fields) > 0:
			fields[len(fields)-1].end = end
		default:
			fields = append(fields, field{at, end})
		}
		at = end
	}
	return fields, len(raw)
}
