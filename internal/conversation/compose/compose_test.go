package compose

import (
	"testing"

	"rapport/internal/channel"
	"rapport/internal/conversation"
	"rapport/internal/platform/rich"
)

func TestAnAnswerSaysReOnce(t *testing.T) {
	for in, want := range map[string]string{
		"Where is it?": "Re: Where is it?", "Re: Where?": "Re: Where?", "RE: re[2]: Where?": "Re: Where?", "Odp: Re: Gdzie?": "Re: Gdzie?",
		"회신: 배송": "Re: 배송", "AW：Wo?": "Re: Wo?", "": "Re:", "Reward": "Re: Reward", "Fwd: x": "Re: Fwd: x",
	} {
		if got := replySubject(in); got != want {
			t.Errorf("replySubject(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWhatAMachineSendsHasTheLogoAndCallsNobody(t *testing.T) {
	inbox := channel.Inbox{Name: "Miska"}
	for html, want := range map[string]struct {
		plain string
		files int
	}{
		`<p><img src="cid:file-7@rapport" alt="{{inbox.name}}"> {{inbox.name}} for {{customer.name|you}}</p>`: {"Miska for you", 1},
		`<p><img src="cid:file-7@rapport"> {{customer.name}}</p>`:                                             {"", 0},
		`<p><img src="cid:file-7@rapport" alt="{{agent.name}}"></p>`:                                          {"", 0},
	} {
		inbox.Signature = rich.New("", html)
		out := automatic(channel.Outbound{}, inbox, conversation.Conversation{Number: 7})
		if out.Signature.Plain != want.plain || len(out.Attachments) != want.files || out.Signature.Empty() != (want.files == 0) {
			t.Errorf("%s: signed %+v with %d files", html, out.Signature, len(out.Attachments))
		}
		for _, a := range out.Attachments {
			if a.BlobID != 7 || !a.Inline || a.ContentID != "file-7@rapport" {
				t.Errorf("%+v", a)
			}
		}
	}
}
