package app

import (
	"context"
	"testing"
	"time"

	"rapport/internal/channel"
	"rapport/internal/contact"
	"rapport/internal/conversation"
	"rapport/internal/testkit/hostile"
)

// MAIL-14: an address that its server does not know is marked in the running
// product, and with it nobody else's.
func TestMAIL14AnAddressThatItsServerDoesNotKnowIsMarked(t *testing.T) {
	ctx := context.Background()
	w := newNewsWorld(t)
	w.smtp.Fail(hostile.Fault{At: hostile.Rcpt, With: "550 5.1.1 No such user here", To: "ewa@gone.example"})
	w.smtp.Fail(hostile.Fault{At: hostile.Rcpt, With: "550 5.7.1 Not today", To: "jan@lake.example"})
	for _, to := range []string{"ewa@gone.example", "jan@lake.example"} {
		c, err := w.Conversations.Start(ctx, w.owner, conversation.NewConversation{InboxID: w.inbox.ID, Subject: "Tea",
			NewMessage: conversation.NewMessage{Text: "It has come.", To: []channel.Party{{Address: to}}}})
		w.must(err)
		for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
			list, _, err := w.Conversations.Messages(ctx, w.owner, c.ID, conversation.Span{})
			w.must(err)
			if d := list[0].Delivery; d != nil && d.State == channel.Failed {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("the mail to %s is %+v", to, list[0].Delivery)
			}
		}
	}
	marks, err := w.Contacts.Suppressions(ctx, w.owner.WorkspaceID, []string{"ewa@gone.example", "jan@lake.example"})
	w.must(err)
	if len(marks) != 1 || marks[0].Address != "ewa@gone.example" || marks[0].Cause != contact.CauseBounce {
		t.Errorf("marked: %+v", marks)
	}
}
