package channel

import (
	"slices"
	"strings"

	"rapport/internal/platform/fault"
	"rapport/internal/platform/variable"
)

// Variables are what may stand as {{name}} in an answer, in a signature and in
// the template of an inbox.
var Variables = []string{"agent.name", "agent.first_name", "customer.name", "customer.first_name", "inbox.name", "conversation.number"}

// MessageMark is where the words of an answer stand in the template of an inbox.
const MessageMark = "{{message}}"

// checkTemplate refuses a signature or a template that could never be filled.
func checkTemplate(inbox Inbox) error {
	const op = "channel.Inbox"
	if len(inbox.Signature) > 5000 || len(inbox.Template) > 5000 {
		return fault.InvalidField(op, "template", "This is too long: write at most 5,000 characters.")
	}
	if inbox.Template != "" && strings.Count(inbox.Template, MessageMark) != 1 {
		return fault.InvalidField(op, "template", "Write {{message}} once, where the words of an answer shall stand.")
	}
	for field, text := range map[string]string{"signature": inbox.Signature, "template": inbox.Template} {
		for _, name := range variable.Names(text) {
			if !slices.Contains(Variables, name) {
				return fault.InvalidField(op, field, "There is no variable called {{"+name+"}}.")
			}
		}
	}
	return nil
}
