package acknowledgement

import "time"

// Caps are how many acknowledgements may leave. They are counted in the
// database, so all nodes share them.
type Caps struct {
	AddressDay    int // to one address in a day, from all inboxes of a workspace
	InboxHour     int // from one inbox in an hour
	WorkspaceHour int // from all inboxes of a workspace in an hour
}

// DefaultCaps hold where nothing else is said. An address gets one a day from
// one inbox in any case.
var DefaultCaps = Caps{AddressDay: 3, InboxHour: 200, WorkspaceHour: 1000}

const (
	day  = 24 * time.Hour
	hour = time.Hour
	// patience is how long one may wait for a cap; later it helps nobody.
	patience = 12 * time.Hour
)

// sent is what has left, or will, as far as the caps ask.
type sent struct {
	FromInbox int // to the address in a day
	InDay     int // to the address from all inboxes
	// The nth newest of an inbox, and of the workspace, where n is the cap; zero
	// when there are not so many.
	Inbox, Workspace time.Time
}

// slot is when the next one may leave, and why not at once. ok is false when it
// is not to be written at all.
func (c Caps) slot(now time.Time, s sent) (at time.Time, reason string, ok bool) {
	if s.FromInbox > 0 || s.InDay >= c.AddressDay {
		return now, "", false
	}
	at = now
	if next := s.Inbox.Add(hour); !s.Inbox.IsZero() && next.After(at) {
		at, reason = next, "This inbox has sent as many automatic answers as it may in an hour."
	}
	if next := s.Workspace.Add(hour); !s.Workspace.IsZero() && next.After(at) {
		at, reason = next, "As many automatic answers have left as may in an hour."
	}
	return at, reason, at.Sub(now) <= patience
}
