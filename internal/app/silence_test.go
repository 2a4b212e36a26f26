package app

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"rapport/internal/conversation"
	"rapport/internal/conversation/acknowledgement"
	"rapport/internal/platform/words"
)

// MAIL-12, the breaker of it, through the doors: mails that flood a conversation
// silence it, a person's answer leaves all the same, and administrators hear of it
// once.
func TestMAIL12AFloodSilencesAConversationAndAdministratorsHearOnce(t *testing.T) {
	ctx := context.Background()
	w := newFormWorld(t)
	w.acknowledging(w.mail)
	mail := func(n int, more string) string {
		return fmt.Sprintf("From: Ewa <ewa@harbour.example>\nTo: hello@miska.example\nSubject: Where is it?\nMessage-ID: <%d@mail.example>\n%s\nStill not here, says mail %d.\n", n, more, n)
	}
	w.arrives(w.mail, "ewa@harbour.example", mail(0, ""))
	w.rest()
	page, err := w.Conversations.List(ctx, w.owner, conversation.Filter{})
	w.must(err)
	c := page.Items[0]
	references := "References: " + w.messageID(w.said(c.ID)[1]) + "\n"
	for n := range 25 {
		w.arrives(w.mail, "ewa@harbour.example", mail(n+1, references))
	}
	w.rest()
	s, err := w.Acknowledgements.Silence(ctx, w.owner, c.ID)
	if err != nil || s == nil || s.Cause != acknowledgement.CauseFlood {
		t.Fatalf("%+v, %v", s, err)
	}
	if n := len(w.said(c.ID)); n != 27 {
		t.Errorf("%d messages, want all 27", n)
	}
	_, err = w.Conversations.Reply(ctx, w.owner, c.ID, conversation.NewMessage{Text: "It is on its way."})
	w.must(err)
	w.rest()
	told := alarms(t, w.App, w.owner)
	if got := fmt.Sprint(told["hanna@miska.example"]); got != "[Miska: Automatic mail was switched off for a conversation.]" {
		t.Errorf("told: %s", got)
	}
	if n := len(told["ewa@harbour.example"]); n != 2 {
		t.Errorf("the customer got %v, want the acknowledgement and the answer", told["ewa@harbour.example"])
	}
}

func TestTheNoticeOfASilenceIsTranslated(t *testing.T) {
	t.Parallel()
	for _, cause := range []string{acknowledgement.CauseFlood, acknowledgement.CauseExchange} {
		text := acknowledgement.Silence{Number: 1024, Cause: cause}.Words()
		for _, language := range []string{"ko", "pl"} {
			if said := words.In(language, text); said == text || !strings.Contains(said, "1024") {
				t.Errorf("%s: %q", language, said)
			}
		}
	}
}
