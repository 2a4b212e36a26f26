package conversation

import "rapport/internal/channel"

// evidence is what is known of where an inbound message belongs. Its subject
// is none, nor is a number in it.
type evidence struct {
	Bounced     int64 // the conversation of our message this is a report about
	Proven      int64 // the conversation a reply address or a Message-ID of ours proves
	Referred    int64 // the conversation of a foreign message it answers
	TakesPart   bool  // the sender is a participant of Referred
	SenderProof channel.Proof
}

// conversation is where the message belongs; 0 means in a new one. A foreign
// Message-ID can be guessed or seen by others, so alone it counts only for a
// participant whose address is proven.
func (e evidence) conversation() int64 {
	switch {
	case e.Bounced != 0:
		return e.Bounced
	case e.Proven != 0:
		return e.Proven
	case e.TakesPart && e.SenderProof == channel.ProofPass:
		return e.Referred
	}
	return 0
}
