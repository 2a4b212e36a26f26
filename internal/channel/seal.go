package channel

import (
	"encoding/json"

	"rapport/internal/platform/fault"
)

// passwords are what is sealed beside an inbox's settings.
type passwords struct {
	SMTP     string `json:"smtp,omitempty"`
	IMAP     string `json:"imap,omitempty"`
	Identity string `json:"identity,omitempty"` // signs who a chat's visitors are
}

const inboxTable = "inboxes"

// seal takes the passwords out of an inbox for the database and notes which
// there are.
func (r *Room) seal(inbox Inbox) ([]byte, error) {
	var p passwords
	if e := inbox.Email; e != nil {
		if e.SMTP != nil {
			p.SMTP, e.SMTP.HasPassword = e.SMTP.Password, e.SMTP.Password != ""
		}
		if e.IMAP != nil {
			p.IMAP, e.IMAP.HasPassword = e.IMAP.Password, e.IMAP.Password != ""
		}
	}
	if c := inbox.Chat; c != nil {
		p.Identity, c.HasIdentitySecret = c.IdentitySecret, c.IdentitySecret != ""
	}
	if p == (passwords{}) {
		return []byte{}, nil
	}
	plain, err := json.Marshal(p)
	if err != nil {
		return nil, fault.Wrap("channel.seal", err)
	}
	return r.box.Seal(inboxTable, inbox.ID, plain)
}

// unseal puts the passwords back into an inbox that was read.
func (r *Room) unseal(inbox Inbox) (Inbox, error) {
	if len(inbox.sealed) == 0 {
		return inbox, nil
	}
	plain, err := r.box.Open(inboxTable, inbox.ID, inbox.sealed)
	if err != nil {
		return Inbox{}, fault.As("channel.unseal", fault.Internal, "The stored passwords of this inbox cannot be opened; enter them again.", err)
	}
	var p passwords
	if err := json.Unmarshal(plain, &p); err != nil {
		return Inbox{}, fault.Wrap("channel.unseal", err)
	}
	if inbox.Chat != nil {
		chat := *inbox.Chat
		chat.IdentitySecret = p.Identity
		inbox.Chat = &chat
	}
	if inbox.Email == nil {
		return inbox, nil
	}
	email := *inbox.Email
	if email.SMTP != nil {
		server := *email.SMTP
		server.Password = p.SMTP
		email.SMTP = &server
	}
	if email.IMAP != nil {
		server := *email.IMAP
		server.Password = p.IMAP
		email.IMAP = &server
	}
	inbox.Email = &email
	return inbox, nil
}
