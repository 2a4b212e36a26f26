package acknowledgement

import (
	"fmt"
	"regexp"
	"strings"

	"rapport/internal/platform/fault"
)

// variable is a place in a text for a value, with what to say without one:
// {{contact.name | "there"}}.
var variable = regexp.MustCompile(`\{\{\s*([a-z._]+)\s*(?:\|\s*"([^"{}]*)"\s*)?\}\}`)

// The variables of an acknowledgement.
const (
	varName   = "contact.name"
	varNumber = "conversation.number"
	varInbox  = "inbox.name"
)

// fill puts values into a text. What has no value is said as the text says for
// that case, and never as a hole with its braces.
func fill(words string, values map[string]string) string {
	return strings.TrimSpace(variable.ReplaceAllStringFunc(words, func(place string) string {
		m := variable.FindStringSubmatch(place)
		if v := values[m[1]]; v != "" {
			return v
		}
		return m[2]
	}))
}

// checkVariables refuses places that nothing would fill.
func checkVariables(op, words string) error {
	rest := variable.ReplaceAllStringFunc(words, func(place string) string {
		switch variable.FindStringSubmatch(place)[1] {
		case varName, varNumber, varInbox:
			return ""
		}
		return place
	})
	if m := variable.FindString(rest); m != "" {
		return fault.InvalidField(op, "texts", fmt.Sprintf("%s is not known here. Use {{contact.name}}, {{conversation.number}} or {{inbox.name}}.", m))
	}
	if strings.Contains(rest, "{{") || strings.Contains(rest, "}}") {
		return fault.InvalidField(op, "texts", `Write a variable as {{contact.name | "there"}}.`)
	}
	return nil
}
