package conversation

import (
	"context"
	"slices"
	"time"

	"rapport/internal/channel"
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
	Kind     string // contact or agent
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

// unchanged reports whether p says nothing that is not known of it.
func (p Participant) unchanged(known Participant) bool {
	if p.Name == "" {
		p.Name = known.Name
	}
	p.JoinedAt = known.JoinedAt
	return p == known
}

// Correspond notes, in the caller's transaction, that the customer of a
// conversation without mail is written to by mail: what comes back from that
// address is theirs.
func (r *Room) Correspond(ctx context.Context, workspaceID, id, contactID int64, p channel.Party, proven bool) error {
	known, err := r.store.participants(ctx, workspaceID, id)
	if err != nil {
		return err
	}
	for _, k := range known {
		if k.Kind == ByContact && k.ID == contactID && k.Address == p.Address && k.Role == Customer {
			return nil
		}
	}
	proof := channel.ProofTyped
	if proven {
		proof = channel.ProofUnchecked
	}
	return r.store.putParticipant(ctx, Conversation{WorkspaceID: workspaceID, ID: id},
		Participant{Kind: ByContact, ID: contactID, Name: p.Name, Address: p.Address, Role: Customer, Proof: proof, JoinedAt: r.clock.Now()})
}

// shown leaves out who stands there a second time, by an address.
func shown(list []Participant) []Participant {
	return slices.DeleteFunc(slices.Clone(list), func(p Participant) bool {
		return p.Kind == ByContact && p.Address == "" && slices.ContainsFunc(list, func(q Participant) bool {
			return q.Kind == ByContact && q.ID == p.ID && q.Address != ""
		})
	})
}

// arrival is the sender of an inbound message and the people they copied in.
type arrival struct {
	Sender Participant
	Copied []channel.Party
	Fresh  bool // the message starts the conversation
	Own    bool // the channel has let the sender in as the customer
}

// is reports whether two people outside are one: by address, or by contact
// where neither has one.
func (p Participant) is(q Participant) bool {
	return p.Kind == ByContact && q.Kind == ByContact && p.Address == q.Address && (p.Address != "" || p.ID == q.ID)
}

// welcome decides in which role the sender takes part from now on, whether the
// message is marked as unverified, and who else joins. A participant whose
// proof does not fail is the customer; anybody else is unverified, and cannot
// bring others in.
func welcome(known []Participant, a arrival) (joined []Participant, unverified bool) {
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
		copied := Participant{Kind: ByContact, Name: p.Name, Address: p.Address, Role: CopiedIn}
		if !slices.ContainsFunc(append(known, joined...), copied.is) {
			joined = append(joined, copied)
		}
	}
	return joined, false
}
