// Package variable fills variables such as {{customer.first_name|there}} into
// text. What stands after the bar is said when the variable has no value.
package variable

import (
	"html"
	"regexp"
	"slices"
	"strings"
)

// Values are the variables by name. One that is empty has no value.
type Values map[string]string

// form is a variable in a text: a noun, a dot, its part, and what is said
// without a value.
var form = regexp.MustCompile(`\{\{\s*([a-z_]+\.[a-z_]+)\s*(\|([^{}]*))?\}\}`)

// Fill puts the values into a plain text. It returns the names of variables that
// have neither a value nor anything to be said without one.
func Fill(text string, values Values) (filled string, open []string) {
	return fill(text, values, func(s string) string { return s })
}

// FillHTML is Fill for a text in HTML.
func FillHTML(text string, values Values) (filled string, open []string) {
	return fill(text, values, html.EscapeString)
}

func fill(text string, values Values, write func(string) string) (string, []string) {
	if !strings.Contains(text, "{{") {
		return text, nil
	}
	var open []string
	filled := form.ReplaceAllStringFunc(text, func(found string) string {
		parts := form.FindStringSubmatch(found)
		if v := values[parts[1]]; v != "" {
			return write(v)
		}
		if parts[2] != "" {
			return strings.TrimSpace(parts[3]) // as it was written, HTML in HTML
		}
		if !slices.Contains(open, parts[1]) {
			open = append(open, parts[1])
		}
		return found
	})
	return filled, open
}

// Names are the variables that stand in a text, each once.
func Names(text string) (names []string) {
	for _, parts := range form.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(names, parts[1]) {
			names = append(names, parts[1])
		}
	}
	return names
}

// First is the first name of a person, as far as it can be told: nothing of an
// address, the whole of a name without spaces.
func First(name string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(name), " ")
	if strings.Contains(first, "@") {
		return ""
	}
	return first
}
