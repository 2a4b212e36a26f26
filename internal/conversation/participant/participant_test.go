package participant

import (
	"fmt"
	"strings"
	"testing"

	"rapport/internal/channel"
)

func TestWelcome(t *testing.T) {
	ewa := Participant{Kind: Contact, ID: 1, Address: "ewa@harbour.example", Role: Customer, Proof: channel.ProofPass}
	jan := Participant{Kind: Contact, Address: "jan@harbour.example", Role: CopiedIn}
	eve := Participant{Kind: Contact, ID: 3, Address: "eve@evil.example", Role: Unverified, Proof: channel.ProofPass}
	known := []Participant{ewa, jan, eve}
	copied := []channel.Party{{Address: "new@harbour.example"}, {Address: "jan@harbour.example"}}
	for _, c := range []struct {
		name       string
		sender     string
		proof      channel.Proof
		fresh      bool
		joined     string
		unverified bool
	}{
		{"the customer", "ewa@harbour.example", channel.ProofPass, false, "ewa@harbour.example:customer new@harbour.example:cc", false},
		{"the customer, no policy", "ewa@harbour.example", channel.ProofNone, false, "ewa@harbour.example:customer new@harbour.example:cc", false},
		{"the customer, unchecked", "ewa@harbour.example", channel.ProofUnchecked, false, "ewa@harbour.example:customer new@harbour.example:cc", false},
		{"in the customer's name", "ewa@harbour.example", channel.ProofFail, false, "", true},
		{"who was in copy", "jan@harbour.example", channel.ProofPass, false, "jan@harbour.example:customer new@harbour.example:cc", false},
		{"a stranger", "tom@evil.example", channel.ProofPass, false, "tom@evil.example:unverified", true},
		{"a stranger again", "eve@evil.example", channel.ProofPass, false, "eve@evil.example:unverified", true},
		{"the first", "kim@naver.com", channel.ProofUnchecked, true, "kim@naver.com:customer new@harbour.example:cc jan@harbour.example:cc", false},
		{"the first, forged", "kim@naver.com", channel.ProofFail, true, "kim@naver.com:customer", true},
	} {
		in := known
		if c.fresh {
			in = nil
		}
		joined, unverified := Welcome(in, Arrival{Sender: Participant{Kind: Contact, ID: 9, Address: c.sender, Proof: c.proof}, Copied: copied, Fresh: c.fresh})
		var got []string
		for _, p := range joined {
			got = append(got, p.Address+":"+string(p.Role))
		}
		if strings.Join(got, " ") != c.joined || unverified != c.unverified {
			t.Errorf("%s: %v, unverified %v", c.name, got, unverified)
		}
	}
}

func TestRecipients(t *testing.T) {
	participants := []Participant{
		{Kind: Contact, ID: 2, Address: "jan@harbour.example", Role: CopiedIn},
		{Kind: Contact, ID: 1, Name: "Ewa", Address: "ewa@harbour.example", Role: Customer, Proof: channel.ProofPass},
		{Kind: Contact, ID: 3, Address: "eve@evil.example", Role: Unverified, Proof: channel.ProofPass},
		{Kind: Contact, Address: "help@shop.example", Role: CopiedIn},
		{Kind: Agent, ID: 5},
	}
	to, cc := AnswerTo(1, participants, []string{"help@shop.example"})
	if fmt.Sprint(to, cc) != "[{Ewa ewa@harbour.example}] [{ jan@harbour.example}]" {
		t.Errorf("to %v cc %v", to, cc)
	}
	if to, _ := AnswerTo(99, participants, nil); len(to) != 1 || to[0].Address != "jan@harbour.example" {
		t.Errorf("without the contact: %v", to)
	}
	lists := Addressed([]string{"help@shop.example"}, []channel.Party{{Address: "Ewa@Harbour.example"}, {Address: "HELP@shop.example"}}, []channel.Party{{Address: "ewa@harbour.example"}, {Address: "x@y.example"}})
	if fmt.Sprint(lists) != "[[{ ewa@harbour.example}] [{ x@y.example}]]" {
		t.Errorf("addressed %v", lists)
	}
	for _, c := range []struct {
		to   []string
		want bool
	}{
		{[]string{"ewa@harbour.example"}, true},
		{[]string{"ewa@harbour.example", "jan@harbour.example"}, false},
		{[]string{"eve@evil.example"}, false},
		{[]string{"nobody@else.example"}, false},
		{nil, false},
	} {
		var list []channel.Party
		for _, a := range c.to {
			list = append(list, channel.Party{Address: a})
		}
		if got := MayQuote(list, participants); got != c.want {
			t.Errorf("MayQuote(%v) = %v", c.to, got)
		}
	}
}
