package channel

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
)

// Recogniser is an Adapter that finds the servers of an address by itself.
type Recogniser interface {
	Recognise(ctx context.Context, address string) Recognition
}

// Recognition is what was found out about an address before anybody has typed
// more than it.
type Recognition struct {
	Provider string // its key; "" when it is nobody we know
	Name     string
	MX       string // the server that gave it away; "" when the address itself did
	Password string // what it takes for a password: own, app, bridge, none
	Link     string // where that is made
	Username string
	IMAP     *Server // nil: none was found
	SMTP     *Server
}

// Recognise finds the provider of an address, or the servers that answer for
// it. It signs in nowhere. Admins only.
func (r *Room) Recognise(ctx context.Context, actor account.Actor, address string) (Recognition, error) {
	const op = "channel.Recognise"
	if err := r.may(ctx, actor, account.InboxManage, 0); err != nil {
		return Recognition{}, err
	}
	a, err := r.adapter("email")
	if err != nil {
		return Recognition{}, fault.Wrap(op, err)
	}
	address = Fold(address)
	if err := a.Check(Inbox{Channel: "email", Address: address, Email: &EmailSettings{}}); err != nil {
		return Recognition{}, fault.Wrap(op, err)
	}
	finder, ok := a.(Recogniser)
	if !ok {
		return Recognition{Username: address, Password: "own"}, nil
	}
	return finder.Recognise(ctx, address), nil
}
