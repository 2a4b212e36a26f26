// Package masking keeps the words of messages that carry a credential, apart from
// the messages: a sign-in code, a link that confirms an address, a password
// reset, a proof that a domain is owned.
//
// Promises: the message itself holds dots instead of words and names no files, so
// lists, search, transcripts, quotes, forwards, events and whatever reads
// messages later cannot give the credential away; only Revealed reads it, and
// conversation asks for the right and writes down who did.
package masking

import (
	"rapport/internal/channel"
	"rapport/internal/conversation/attachment"
)

// Dots stand for what is masked, in every language.
const Dots = channel.Dots

// Words are what a message said before it was masked.
type Words struct {
	Subject, Text, HTML, ReplyText string
	Files                          []attachment.File
}

// Mask takes the words out of a message that carries a credential, and returns
// them. Its files stay where they are.
func Mask(in *channel.Inbound) Words {
	w := Words{Subject: in.Subject, Text: in.Text, HTML: in.HTML, ReplyText: in.Reply}
	in.Subject, in.Text, in.HTML, in.Reply = in.OpenSubject(), Dots, "", Dots
	return w
}
