package conversation

import "time"

// trigger is what may change a status without anybody setting it.
type trigger int

const (
	customerWrites trigger = iota // a person, through the channel
	machineWrites                 // an automatic reply, a bounce, a list
	agentReplies
	agentNotes
	timeIsUp // the end of a snooze
)

// standing is what the behaviour of a conversation depends on.
type standing struct {
	Status   Status
	Snoozed  bool
	Spam     bool
	ClosedAt time.Time
}

// rules are an inbox's settings for its conversations.
type rules struct {
	ReplyStatus Status
	ReopenDays  int
}

// effect is what a trigger does to a conversation.
type effect struct {
	Status Status
	Wake   bool // the snooze ends
	Fresh  bool // the message starts a new conversation, linked to this one
}

// after is the table of behaviour: only a person's message reopens, a machine's
// never does; spam stays where it is; what was closed too long ago is continued
// elsewhere.
func (s standing) after(t trigger, r rules, now time.Time) effect {
	same := effect{Status: s.Status}
	switch t {
	case customerWrites:
		if s.Spam {
			return same
		}
		if s.Status == Closed && now.Sub(s.ClosedAt) > time.Duration(r.ReopenDays)*24*time.Hour {
			return effect{Status: s.Status, Fresh: true}
		}
		return effect{Status: Open, Wake: s.Snoozed}
	case agentReplies:
		if r.ReplyStatus.Valid() {
			return effect{Status: r.ReplyStatus, Wake: s.Snoozed && r.ReplyStatus == Closed}
		}
	case timeIsUp:
		return effect{Status: Open, Wake: true}
	}
	return same
}
