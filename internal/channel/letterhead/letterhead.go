// Package letterhead holds the rules of what stands around and below the words of
// an answer: the template and the signature of an inbox, and their variables.
package letterhead

import (
	"slices"

	"rapport/internal/platform/fault"
	"rapport/internal/platform/rich"
)

// Variables are what may stand as {{name}} in an answer, in a signature and in
// the template of an inbox.
var Variables = []string{"agent.name", "agent.first_name", "customer.name", "customer.first_name", "inbox.name", "conversation.number"}

// MessageMark is where the words of an answer stand in a template.
const MessageMark = "{{message}}"

// longest is how many characters a text may have.
const longest = 5000

// Check refuses a signature or a template that could never be filled.
func Check(signature, template rich.Text) error {
	const op = "letterhead.Check"
	if _, _, found := template.Around(MessageMark); !found && !template.Empty() {
		return fault.InvalidField(op, "template", "Write {{message}} once, on a line of its own, where the words of an answer shall stand.")
	}
	for field, text := range map[string]rich.Text{"signature": signature, "template": template} {
		if len(text.Plain) > longest || len(text.HTML) > 4*longest {
			return fault.InvalidField(op, field, "This is too long: write at most 5,000 characters.")
		}
		if name := text.Torn(); name != "" {
			return fault.InvalidField(op, field, "Give all of {{"+name+"}} the same look, or write it anew: as it stands it cannot be filled.")
		}
		for _, name := range text.Variables() {
			if !slices.Contains(Variables, name) {
				return fault.InvalidField(op, field, "There is no variable called {{"+name+"}}.")
			}
		}
	}
	return nil
}
