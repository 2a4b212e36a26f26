// Package participant knows who takes part in a conversation, how far they are
// trusted, and so who is written to and who may read what was said before.
//
// Promises: a stranger never becomes the customer by writing, and cannot bring
// others in; an answer goes to nobody who is unverified unless an agent names
// them, and never to an address of our own.
package participant

import (
	"slices"
	"time"

	"rapport/internal/channel"
)

// Kinds of those who take part.
const (
	Contact = "contact"
	Agent   = "agent"
)

// Role is how somebody outside takes part.
type Role string

const (
	Customer   Role = "customer"
	CopiedIn   Role = "cc"
	Unverified Role = "unverified" // wrote with our reply address, but is not known to belong here
)

// Participant is somebody who takes part in a conversation.
type Participant struct {
	Kind     string // Contact or Agent
	ID       int64  // 0: an address nobody has written from
	Name     string
	Address  string        // "": known by something that is no address
	Role     Role          // of a contact
	Proof    channel.Proof // of a contact's newest message; "": has not written
	JoinedAt time.Time
}

// reads reports whether p may be sent earlier messages of the conversation.
func (p Participant) reads() bool {
	return p.Role == Customer && p.Proof != channel.ProofFail && p.Proof != channel.ProofTyped && p.Proof != ""
}

// Unchanged reports whether p says nothing that is not known of it.
func (p Participant) Unchanged(known Participant) bool {
	if p.Name == "" {
		p.Name = known.Name
	}
	p.JoinedAt = known.JoinedAt
	return p == known
}

// Shown leaves out who stands there a second time, by an address.
func Shown(list []Participant) []Participant {
	return slices.DeleteFunc(slices.Clone(list), func(p Participant) bool {
		return p.Kind == Contact && p.Address == "" && slices.ContainsFunc(list, func(q Participant) bool {
			return q.Kind == Contact && q.ID == p.ID && q.Address != ""
		})
	})
}

// Arrival is the sender of an inbound message and the people they copied in.
type Arrival struct {
	Sender Participant
	Copied []channel.Party
	Fresh  bool // the message starts the conversation
	Own    bool // the channel has let the sender in as the customer
}

// is reports whether two people outside are one: by address, or by contact
// where neither has one.
func (p Participant) is(q Participant) bool {
	return p.Kind == Contact && q.Kind == Contact && p.Address == q.Address && (p.Address != "" || p.ID == q.ID)
}

// Welcome decides in which role the sender takes part from now on, whether the
// message is marked as unverified, and who else joins. A participant whose
// proof does not fail is the customer; anybody else is unverified, and cannot
// bring others in.
func Welcome(known []Participant, a Arrival) (joined []Participant, unverified bool) {
	sender := a.Sender
	at := slices.IndexFunc(known, sender.is)
	failed := sender.Proof == channel.ProofFail
	switch {
	case a.Fresh:
		sender.Role = Customer
		unverified = failed || sender.Proof == channel.ProofTyped
	case a.Own:
		sender.Role = Customer
	case at < 0:
		sender.Role = Unverified
		unverified = true
	case known[at].Role == Unverified:
		sender.Role = Unverified
		unverified = true
	case failed:
		return nil, true // what is known of the true owner of the address stays
	default:
		sender.Role = Customer
	}
	joined = append(joined, sender)
	if unverified {
		return joined, true
	}
	for _, p := range a.Copied {
		copied := Participant{Kind: Contact, Name: p.Name, Address: p.Address, Role: CopiedIn}
		if !slices.ContainsFunc(append(known, joined...), copied.is) {
			joined = append(joined, copied)
		}
	}
	return joined, false
}
