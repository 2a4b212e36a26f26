package compose

import "testing"

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
