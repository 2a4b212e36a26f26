package channel

import (
	"context"
	"slices"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/rich"
)

// Variables are what may stand as {{name}} in an answer, in a signature and in
// the template of an inbox.
var Variables = []string{"agent.name", "agent.first_name", "customer.name", "customer.first_name", "inbox.name", "conversation.number"}

// MessageMark is where the words of an answer stand in the template of an inbox.
const MessageMark = "{{message}}"

// checkTemplate refuses a signature or a template that could never be filled.
func checkTemplate(inbox Inbox) error {
	const op, longest = "channel.Inbox", 5000
	if _, _, found := inbox.Template.Around(MessageMark); !found && !inbox.Template.Empty() {
		return fault.InvalidField(op, "template", "Write {{message}} once, on a line of its own, where the words of an answer shall stand.")
	}
	for field, text := range map[string]rich.Text{"signature": inbox.Signature, "template": inbox.Template} {
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

// keepPictures holds those in the signature and the template of an inbox for as
// long as they stand there.
func (r *Room) keepPictures(ctx context.Context, actor account.Actor, old, now Inbox) error {
	return rich.Keep(ctx, r.blobs, rich.Owner{WorkspaceID: now.WorkspaceID, Table: "inboxes", ID: now.ID}, actor.Uploader(), "signature",
		[]rich.Text{old.Signature, old.Template}, []rich.Text{now.Signature, now.Template})
}
