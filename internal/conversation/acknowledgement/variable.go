package acknowledgement

import (
	"slices"
	"strings"

	"rapport/internal/platform/fault"
	"rapport/internal/platform/variable"
)

// names are what may stand as {{name}} in an acknowledgement.
var names = []string{"customer.name", "customer.first_name", "conversation.number", "inbox.name"}

// fill puts values into a text that checkVariables has let through.
func fill(words string, values variable.Values) string {
	filled, _ := variable.Fill(words, values)
	return strings.TrimSpace(filled)
}

// checkVariables refuses words that could leave with a hole: nobody looks at an
// acknowledgement before it leaves.
func checkVariables(op, words string) error {
	for _, name := range variable.Names(words) {
		if !slices.Contains(names, name) {
			return fault.InvalidField(op, "texts", "There is no variable called {{"+name+"}}.")
		}
	}
	filled, open := variable.Fill(words, variable.Values{"conversation.number": "1", "inbox.name": "Miska"})
	switch {
	case len(open) > 0:
		return fault.InvalidField(op, "texts", "Write what stands there for a customer whose name is not known: {{"+open[0]+"|there}}.")
	case strings.Contains(filled, "{{") || strings.Contains(filled, "}}"):
		return fault.InvalidField(op, "texts", "Write a variable as {{customer.name|there}}.")
	}
	return nil
}
