package participant

import (
	"net/mail"
	"slices"

	"rapport/internal/channel"
	"rapport/internal/platform/text"
)

const maxName = 500 // characters

// AnswerTo is who a reply without recipients goes to: the contact, with the
// other participants in copy. Who is unverified is written to only when an
// agent says so, and our own addresses never.
func AnswerTo(contactID int64, participants []Participant, own []string) (to, cc []channel.Party) {
	for _, p := range participants {
		if p.Kind != Contact || p.Address == "" || p.Role == Unverified || slices.Contains(own, p.Address) {
			continue
		}
		party := channel.Party{Name: p.Name, Address: p.Address}
		if p.ID == contactID && p.ID != 0 && len(to) == 0 {
			to = append(to, party)
		} else {
			cc = append(cc, party)
		}
	}
	if len(to) == 0 && len(cc) > 0 {
		to, cc = cc[:1], cc[1:]
	}
	return to, cc
}

// Addressed tidies recipients an agent has chosen: folded, each once, none of
// our own.
func Addressed(own []string, lists ...[]channel.Party) [][]channel.Party {
	seen := map[string]bool{}
	for _, address := range own {
		seen[address] = true
	}
	out := make([][]channel.Party, len(lists))
	for i, list := range lists {
		for _, p := range list {
			p.Address = channel.Fold(p.Address)
			if p.Address == "" || seen[p.Address] {
				continue
			}
			seen[p.Address] = true
			out[i] = append(out[i], channel.Party{Name: text.Line(p.Name, maxName), Address: p.Address})
		}
	}
	return out
}

// MayQuote reports whether everybody who gets an answer may read what it
// answers.
func MayQuote(recipients []channel.Party, participants []Participant) bool {
	for _, r := range recipients {
		reads := slices.ContainsFunc(participants, func(p Participant) bool {
			return p.Kind == Contact && p.Address == r.Address && p.reads()
		})
		if !reads {
			return false
		}
	}
	return len(recipients) > 0
}

// Deliverable reports whether mail can go to an address.
func Deliverable(address string) bool {
	parsed, err := mail.ParseAddress(address)
	return err == nil && parsed.Address == address && len(address) <= 254
}
