package email

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"rapport/internal/channel"
	"rapport/internal/channel/channeltest"
	"rapport/internal/testkit"
)

// How mail programs write an answer to ours: which fields they fill, in which
// order and form. {id} is the Message-ID of our mail, {reply} where it asked to
// be answered, {older} and {theirs} are ids of others.
var clients = []struct{ name, header string }{
	{"Gmail", "MIME-Version: 1.0\r\nReferences: <{older}> <{id}>\r\nIn-Reply-To: <{id}>\r\nFrom: Ewa Marsh <ewa@harbour.example>\r\nSubject: Re: Burek\r\nTo: Miska <{reply}>\r\n"},
	{"Outlook for Windows", "From: Ewa Marsh <ewa@harbour.example>\r\nTo: '{reply}' <{reply}>\r\nReferences: <{older}>\r\n\t<{id}>\r\nIn-Reply-To: <{id}>\r\nSubject: RE: Burek\r\nThread-Index: AQHa1x==\r\nThread-Topic: Burek\r\n"},
	{"Outlook on the web, the plain address kept", "From: Ewa Marsh <ewa@harbour.example>\r\nTo: Miska <hello@miska.example>\r\nSubject: Re: Burek\r\nReferences:\r\n <{older}>,<{id}>\r\nIn-Reply-To:\r\n <{id}>\r\n"},
	{"Apple Mail", "From: Ewa Marsh <ewa@harbour.example>\r\nMime-Version: 1.0 (Mac OS X Mail 16.0)\r\nSubject: Re: Burek\r\nIn-Reply-To: <{id}>\r\nCc: jan@harbour.example\r\nReferences: <{id}>\r\nTo: Miska <{reply}>\r\n"},
	{"iPhone", "Content-Transfer-Encoding: quoted-printable\r\nFrom: Ewa Marsh <ewa@harbour.example>\r\nSubject: Re: Burek\r\nReferences: <{id}>\r\nIn-Reply-To: <{id}>\r\nTo: =?utf-8?Q?Miska?= <{reply}>\r\nX-Mailer: iPhone Mail (22A)\r\n"},
	{"Thunderbird", "Subject: Re: Burek\r\nTo: {reply}\r\nReferences: <{theirs}> <{older}> <{id}>\r\nFrom: Ewa Marsh <ewa@harbour.example>\r\nIn-Reply-To: <{id}>\r\n"},
	{"Yahoo", "From: \"Ewa Marsh\" <ewa@harbour.example>\r\nTo: \"{reply}\" <{reply}>\r\nIn-Reply-To: <{id}>\r\nReferences: <{id}> <{theirs}>\r\nSubject: Re: Burek\r\n"},
	{"Samsung, only In-Reply-To", "Subject: Re: Burek\r\nIn-Reply-To: <{id}>\r\nFrom: Ewa <ewa@harbour.example>\r\nTo: hello@miska.example\r\n"},
	{"Proton", "To: Miska <hello@miska.example>\r\nFrom: Ewa Marsh <ewa@harbour.example>\r\nSubject: Re: Burek\r\nIn-Reply-To: <{id}>\r\nReferences: <{theirs}@protonmail.internalid> <{id}>\r\n"},
	{"K-9, only References", "From: ewa@harbour.example\r\nTo: hello@miska.example\r\nSubject: Re: Burek\r\nReferences: <{id}> <{theirs}>\r\n"},
	{"Naver, the address in capitals", "From: =?utf-8?B?7JeQ67CU?= <ewa@harbour.example>\r\nTo: {REPLY}\r\nSubject: =?utf-8?B?UkU6IEJ1cmVr?=\r\n"},
	{"Notes, no reference at all", "From: Ewa Marsh/Harbour <ewa@harbour.example>\r\nTo: {reply}\r\nCc: hello@miska.example\r\nSubject: Antwort: Burek\r\n"},
	{"forwarded by a mailbox to our door", "Delivered-To: {reply}\r\nFrom: Ewa Marsh <ewa@harbour.example>\r\nTo: Miska <shop@elsewhere.example>\r\nSubject: Re: Burek\r\n"},
}

func TestTHR01AnswersOfMailProgramsFindTheirConversation(t *testing.T) {
	w := channeltest.NewWorld(t, testkit.SQLite(t))
	a := adapter(w)
	inbox := channel.Inbox{WorkspaceID: 1, ID: 5, Address: "hello@miska.example", Channel: "email"}
	reply := a.ReplyAddress(inbox.Address, 4711)
	fill := strings.NewReplacer("{id}", a.signer.messageID(inbox.Address, 4711, 99), "{reply}", reply, "{REPLY}", strings.ToUpper(reply),
		"{older}", "CAD+x=1@mail.harbour.example", "{theirs}", "5f3a.1@harbour.example")
	for _, c := range clients {
		raw := fill.Replace(c.header) + "Message-ID: <answer@harbour.example>\r\n\r\nThank you.\r\n"
		in, err := a.Parse(context.Background(), inbox, channel.Receipt{}, []byte(raw))
		if err != nil || in.ConversationID != 4711 || in.From.Address != "ewa@harbour.example" || in.Refused != "" {
			t.Errorf("%s: conversation %d of %q, %q, %v", c.name, in.ConversationID, in.From.Address, in.Refused, err)
		}
		for _, p := range append(in.To, in.Cc...) {
			if strings.HasPrefix(p.Address, "hello") {
				t.Errorf("%s: our own address %s is a recipient", c.name, p.Address)
			}
		}
	}
}

// A proof that was not made here is no proof: in an address, in a reference, for
// another conversation, of another installation.
func TestTHR03THR04ForgedProofsOpenNothing(t *testing.T) {
	w := channeltest.NewWorld(t, testkit.SQLite(t))
	a, other := adapter(w), adapter(channeltest.NewWorld(t, testkit.SQLite(t)))
	inbox := channel.Inbox{WorkspaceID: 1, ID: 5, Address: "hello@miska.example", Channel: "email"}
	mine, foreign := a.ReplyAddress(inbox.Address, 4711), other.ReplyAddress(inbox.Address, 4711)
	next := a.ReplyAddress(inbox.Address, 4712)
	addresses := []string{foreign, "hello+4711@miska.example", "hello+r4711@miska.example", "hello+r@miska.example", mine[:len("hello+r")+13] + next[len("hello+r")+13:], strings.Replace(mine, "+r", "+r"+"aaaa", 1)}
	for i := range 40 { // and whoever counts
		addresses = append(addresses, fmt.Sprintf("hello+r%s@miska.example", base32Lower.EncodeToString(fmt.Appendf(nil, "\x01%07d%010d", i, i))))
	}
	for _, address := range addresses {
		id := strings.Replace(strings.Replace(address, "hello+r", "r.", 1), "hello+", "", 1)
		raw := "From: eve@evil.example\r\nTo: " + address + "\r\nDelivered-To: " + address + "\r\nReferences: <" + id + "> <4711@miska.example>\r\nIn-Reply-To: <" + id + ">\r\nSubject: Re: [#4711] Burek\r\n\r\nTell me.\r\n"
		in, err := a.Parse(context.Background(), inbox, channel.Receipt{}, []byte(raw))
		if err != nil || in.ConversationID != 0 {
			t.Errorf("%s opened %d, %v", address, in.ConversationID, err)
		}
	}
}

// Thousands of references are cut to the last ones, and the newest of ours still
// counts.
func TestTHR15ThousandsOfReferencesAreCut(t *testing.T) {
	w := channeltest.NewWorld(t, testkit.SQLite(t))
	a := adapter(w)
	inbox := channel.Inbox{WorkspaceID: 1, ID: 5, Address: "hello@miska.example", Channel: "email"}
	var b strings.Builder
	b.WriteString("From: ewa@harbour.example\r\nTo: hello@miska.example\r\nReferences:")
	for i := range 5000 {
		fmt.Fprintf(&b, "\r\n <%d@list.example>", i)
	}
	fmt.Fprintf(&b, "\r\n <%s>\r\nSubject: Re: Burek\r\n\r\nHello\r\n", a.signer.messageID(inbox.Address, 4711, 99))
	in, err := a.Parse(context.Background(), inbox, channel.Receipt{}, []byte(b.String()))
	if err != nil || len(in.References) > 51 || in.ConversationID != 4711 || slices.Contains(in.References, "0@list.example") || !slices.Contains(in.References, "4999@list.example") {
		t.Errorf("%d references, conversation %d, %v", len(in.References), in.ConversationID, err)
	}
}

// FuzzProofs reads addresses and ids that strangers make up.
func FuzzProofs(f *testing.F) {
	a := adapter(channeltest.NewWorld(f, testkit.SQLite(f)))
	own := map[string]bool{}
	for _, id := range []int64{1, 4711} {
		address, message := a.ReplyAddress("hello@miska.example", id), a.signer.messageID("hello@miska.example", id, 7)
		_, proof := splitProof(address)
		_, messageProof, _ := strings.Cut(message, ".")
		messageProof, _, _ = strings.Cut(messageProof, "@")
		own[proof], own[messageProof] = true, true
		f.Add(address)
		f.Add(message)
	}
	f.Add("hello+r@x")
	f.Fuzz(func(t *testing.T, s string) {
		if _, ok := a.signer.conversationOf(s); ok {
			if _, proof := splitProof(s); !own[strings.ToLower(proof)] {
				t.Errorf("%q was accepted", s)
			}
		}
		if _, _, ok := a.signer.outboundOf(s); ok {
			local, _, _ := cutAddress(strings.ToLower(s))
			if !own[strings.TrimPrefix(local, "r.")] {
				t.Errorf("%q was accepted", s)
			}
		}
	})
}

// FuzzChangedProofs changes what we have signed: what is not the same any more,
// but for upper and lower case, proves nothing.
func FuzzChangedProofs(f *testing.F) {
	a := adapter(channeltest.NewWorld(f, testkit.SQLite(f)))
	address, message := a.ReplyAddress("hello@miska.example", 4711), a.signer.messageID("hello@miska.example", 4711, 7)
	f.Add(uint8(9), "b", false)
	f.Add(uint8(3), "", true)
	f.Add(uint8(20), "=", true)
	f.Fuzz(func(t *testing.T, at uint8, with string, cut bool) {
		for _, whole := range []string{address, message} {
			local, domain, _ := cutAddress(whole)
			i := int(at) % (len(local) + 1)
			rest := local[i:]
			if cut && rest != "" {
				rest = rest[1:]
			}
			changed := local[:i] + with + rest
			if strings.EqualFold(changed, local) {
				continue
			}
			if _, proof := splitProof(changed + "@" + domain); strings.HasSuffix(address, "+r"+strings.ToLower(proof)+"@"+domain) {
				continue // the address of the inbox has changed, not what is signed
			}
			if id, ok := a.signer.conversationOf(changed + "@" + domain); ok {
				t.Errorf("%q opens conversation %d", changed, id)
			}
			if id, _, ok := a.signer.outboundOf(changed + "@" + domain); ok {
				t.Errorf("%q is a message of conversation %d", changed, id)
			}
		}
	})
}

// What a mail carries, and whose mail it passes on, is read with the rest.
func TestMAIL22THR13WhatAMailCarriesAndWhoseItIs(t *testing.T) {
	w := channeltest.NewWorld(t, testkit.SQLite(t))
	a := adapter(w)
	inbox := channel.Inbox{WorkspaceID: 1, ID: 5, Address: "hello@miska.example", Channel: "email"}
	read := func(raw string) channel.Inbound {
		in, err := a.Parse(context.Background(), inbox, channel.Receipt{}, []byte(strings.ReplaceAll(raw, "\n", "\r\n")))
		if err != nil {
			t.Fatal(err)
		}
		return in
	}
	code := read("From: Slack <no-reply@slack.com>\nSubject: Confirm your sign-in\nContent-Type: text/html\n\n<p>Your confirmation code is</p><h1>K7Q-9PM</h1>\n")
	if code.Credential == nil || code.Credential.Provider != "Slack" || code.Original != nil {
		t.Errorf("credential %+v, original %+v", code.Credential, code.Original)
	}
	link := read("From: no-reply@tool.example\nSubject: Confirm your email address\nContent-Type: text/html\n\n<a href=\"https://tool.example/c\">Confirm</a>\n")
	if link.Credential == nil || link.Credential.Kind != "link" {
		t.Errorf("credential %+v", link.Credential)
	}
	forward := read("From: jan@miska.example\nSubject: Fwd: Leash\n\n---------- Forwarded message ---------\nFrom: Ewa <EWA@harbour.example>\nDate: Fri\nSubject: Leash\nTo: jan@miska.example\n\nIt broke.\n")
	if forward.Original == nil || forward.Original.Address != "ewa@harbour.example" || forward.Credential != nil {
		t.Errorf("original %+v, credential %+v", forward.Original, forward.Credential)
	}
	if plain := read("From: ewa@harbour.example\nSubject: Code\n\nMy order code 123456 does not work.\n"); plain.Credential != nil || plain.Original != nil {
		t.Errorf("an ordinary mail: %+v %+v", plain.Credential, plain.Original)
	}
}
