package mailparse

import "strings"

// maxAddresses bounds one address field.
const maxAddresses = 2_000

// ParseAddresses reads an address field as it comes: groups, comments,
// forgotten quotes, semicolons for commas. What has no address is left out.
func ParseAddresses(value string) []Address {
	var list []Address
	pending := "" // a name cut by a comma it should have quoted
	for _, item := range splitAddresses(value) {
		name, address := parseAddress(item)
		if address == "" {
			if name != "" && !strings.HasSuffix(name, ":") {
				pending += name + ", "
			}
			continue
		}
		if pending != "" && name != "" && strings.Contains(item, "<") && !strings.HasPrefix(strings.TrimSpace(item), `"`) {
			name = displayName(pending + name)
		}
		pending = ""
		list = append(list, Address{Name: name, Address: address})
		if len(list) == maxAddresses {
			break
		}
	}
	return list
}

// splitAddresses cuts at the commas and semicolons that divide mailboxes.
func splitAddresses(s string) []string {
	var items []string
	start, comment := 0, 0
	quoted, angle, address := false, false, false
	lastQuote, lastAngle := strings.LastIndexByte(s, '"'), strings.LastIndexByte(s, '>')
	for i := 0; i < len(s) && len(items) < 2*maxAddresses; i++ {
		switch c := s[i]; {
		case c == '\\' && (quoted || comment > 0):
			i++
		case c == '"' && comment == 0:
			quoted = !quoted && i < lastQuote
		case quoted:
		case c == '(':
			comment++
		case c == ')' && comment > 0:
			comment--
		case comment > 0:
		case c == '<':
			angle = i < lastAngle
		case c == '>':
			angle = false
		case c == '@':
			address = true
		case (c == ',' || c == ';') && !angle:
			items = append(items, s[start:i])
			start, address = i+1, false
		case c == ':' && !angle && !address && !strings.HasPrefix(s[i:], "://"):
			start = i + 1 // the name of a group
		}
	}
	return append(items, s[start:])
}

// parseAddress splits one mailbox into name and address.
func parseAddress(item string) (name, address string) {
	item = strings.TrimSpace(item)
	if end := strings.LastIndexByte(item, '>'); end >= 0 {
		if start := strings.LastIndexByte(item[:end], '<'); start >= 0 {
			address = item[start+1 : end]
			before := item[:start]
			name = displayName(unquote(before))
			if name == "" {
				name = displayName(commentOf(item[end+1:]))
			}
			return name, cleanAddress(address)
		}
	}
	if start := strings.LastIndexByte(item, '<'); start >= 0 && strings.Contains(item[start:], "@") {
		return displayName(unquote(item[:start])), cleanAddress(item[start+1:])
	}
	if comment := commentOf(item); comment != "" {
		bare := withoutComments(item)
		if strings.Contains(bare, "@") {
			return displayName(unquote(comment)), cleanAddress(bare)
		}
	}
	if strings.Contains(item, "@") {
		if address = cleanAddress(item); !strings.Contains(strings.TrimSpace(item), " ") {
			return "", address
		}
		// "Some Name some@where" without any marks
		words := strings.Fields(item)
		for i, word := range words {
			if strings.Contains(word, "@") {
				return displayName(unquote(strings.Join(words[:i], " "))), cleanAddress(word)
			}
		}
		return "", address
	}
	return displayName(unquote(item)), ""
}

// unquote drops quotes and their escapes.
func unquote(s string) string {
	s = strings.TrimSpace(s)
	if !strings.ContainsAny(s, `"\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case s[i] != '"':
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func commentOf(s string) string {
	start, end := strings.IndexByte(s, '('), strings.LastIndexByte(s, ')')
	if start < 0 || end < start {
		return ""
	}
	return s[start+1 : end]
}

func withoutComments(s string) string {
	start, end := strings.IndexByte(s, '('), strings.LastIndexByte(s, ')')
	if start < 0 || end < start {
		return s
	}
	return s[:start] + s[end+1:]
}

// cleanAddress is the bare address: no route, no comment, no white space.
func cleanAddress(s string) string {
	s = oneLine(decodeWords(withoutComments(s)))
	if strings.HasPrefix(s, "@") { // an old source route
		if i := strings.LastIndexByte(s, ':'); i >= 0 {
			s = s[i+1:]
		}
	}
	s = strings.TrimPrefix(strings.TrimSpace(s), "mailto:")
	s = strings.Trim(strings.Join(strings.Fields(s), ""), `<>,;'"`)
	if strings.ContainsAny(s, "<>,;") && !strings.Contains(s, `"`) { // a list where one belongs: the last that is an address
		all := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("<>,;", r) })
		s = ""
		for _, one := range all {
			if strings.Contains(one, "@") {
				s = one
			}
		}
	}
	if len(s) > 320 {
		return ""
	}
	return s
}
