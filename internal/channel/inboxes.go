package channel

import (
	"context"
	"fmt"
	"log/slog"
	"net/mail"
	"slices"
	"strings"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel/letterhead"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/rich"
)

// NewInbox is an inbox to be made. Server passwords are plain here and sealed
// before they are stored.
type NewInbox struct {
	Name    string
	Channel string
	Address string // of a channel with addresses
	Email   *EmailSettings
	Chat    *ChatChange // of what a chat has otherwise
	Form    *FormSettings

	MailInboxID int64 // of a channel whose answers leave by mail; 0: the first e-mail inbox
}

// InboxChange says what to change; nil leaves a thing as it is. A server
// without a password keeps the stored one.
type InboxChange struct {
	Name        *string
	Address     *string
	Email       *EmailSettings
	Chat        *ChatChange
	Form        *FormSettings
	ReplyStatus *string
	ReopenDays  *int
	Signature   *rich.Text // the HTML of a text counts, if it has any
	Template    *rich.Text
	MailInboxID *int64
}

const defaultReopenDays = 14

// CreateInbox makes an inbox; its servers need not answer. Admins only.
func (r *Room) CreateInbox(ctx context.Context, actor account.Actor, n NewInbox) (Inbox, error) {
	const op = "channel.CreateInbox"
	if err := r.may(ctx, actor, account.InboxManage, 0); err != nil {
		return Inbox{}, err
	}
	inbox := Inbox{WorkspaceID: actor.WorkspaceID, Name: strings.TrimSpace(n.Name), Channel: n.Channel, Address: Fold(n.Address), Email: n.Email, Form: n.Form, MailInboxID: n.MailInboxID,
		ReplyStatus: "pending", ReopenDays: defaultReopenDays, State: "ok", Version: 1}
	if n.Chat != nil {
		inbox.Chat = n.Chat.apply(ChatDefaults())
	}
	inbox, err := r.checked(inbox)
	if err != nil {
		return Inbox{}, fault.Wrap(op, err)
	}
	err = r.store.within(ctx, func(ctx context.Context) (err error) {
		if inbox.ID, err = r.store.newID(ctx); err != nil {
			return err
		}
		inbox.Key = fmt.Sprintf("%s-%d", inbox.Channel, inbox.ID)
		if err := r.checkMailInbox(ctx, inbox); err != nil {
			return err
		}
		secrets, err := r.seal(inbox)
		if err != nil {
			return err
		}
		if err := r.store.insertInbox(ctx, inbox, secrets); err != nil {
			return err
		}
		if err := r.claimAddress(ctx, inbox); err != nil {
			return err
		}
		return r.appendInboxChanged(ctx, actor.WorkspaceID, inbox.ID, actor.Event())
	})
	return inbox, fault.Wrap(op, err)
}

// checkMailInbox refuses to send through what is no inbox for mail.
func (r *Room) checkMailInbox(ctx context.Context, inbox Inbox) error {
	if inbox.MailInboxID == 0 {
		return nil
	}
	mail, err := r.store.inbox(ctx, inbox.WorkspaceID, inbox.MailInboxID)
	if fault.Is(err, fault.NotFound) || err == nil && mail.Channel != "email" {
		return fault.InvalidField("channel.Inbox", "mail_inbox_id", "Choose one of your e-mail inboxes.")
	}
	return err
}

// claimAddress enters an inbox in the directory of addresses, if it has one.
func (r *Room) claimAddress(ctx context.Context, inbox Inbox) error {
	if inbox.Address == "" {
		return nil
	}
	mine, err := r.store.claimAddress(ctx, inbox)
	if err == nil && !mine {
		return fault.InvalidField("channel.Inbox", "email.address", "Another inbox receives mail at "+inbox.Address+" already. Use another address, or change that inbox.")
	}
	return err
}

// checked is an inbox with everything filled in, or what is wrong with it.
func (r *Room) checked(inbox Inbox) (Inbox, error) {
	a, err := r.adapter(inbox.Channel)
	if err != nil {
		return inbox, err
	}
	if p, ok := a.(Preparer); ok {
		inbox = p.Prepare(inbox)
	}
	if err := checkInbox(inbox); err != nil {
		return inbox, err
	}
	return inbox, a.Check(inbox)
}

func checkInbox(inbox Inbox) error {
	const op = "channel.Inbox"
	if inbox.Name == "" || len(inbox.Name) > 100 {
		return fault.InvalidField(op, "name", "Give the inbox a name of at most 100 characters.")
	}
	if inbox.ReopenDays < 0 || inbox.ReopenDays > 3650 {
		return fault.InvalidField(op, "reopen_days", "Write a number of days from 0 to 3650.")
	}
	switch inbox.ReplyStatus {
	case "pending", "open", "closed":
	default:
		return fault.InvalidField(op, "reply_status", "Choose pending, open or closed.")
	}
	return letterhead.Check(inbox.Signature, inbox.Template)
}

// ChangeInbox changes an inbox. Admins only.
func (r *Room) ChangeInbox(ctx context.Context, actor account.Actor, id int64, c InboxChange) (Inbox, error) {
	const op = "channel.ChangeInbox"
	if err := r.may(ctx, actor, account.InboxManage, id); err != nil {
		return Inbox{}, err
	}
	var inbox Inbox
	err := r.store.within(ctx, func(ctx context.Context) error {
		if err := r.store.lockInbox(ctx, actor.WorkspaceID, id); err != nil {
			return err
		}
		old, err := r.store.inbox(ctx, actor.WorkspaceID, id)
		if err != nil {
			return err
		}
		if old, err = r.unseal(old); err != nil {
			return err
		}
		if inbox, err = r.checked(c.apply(old)); err != nil {
			return err
		}
		if inbox.MailInboxID != old.MailInboxID {
			if err := r.checkMailInbox(ctx, inbox); err != nil {
				return err
			}
		}
		if err := rich.Keep(ctx, r.blobs, rich.Owner{WorkspaceID: inbox.WorkspaceID, Table: "inboxes", ID: id}, actor.Uploader(), "signature",
			[]rich.Text{old.Signature, old.Template}, []rich.Text{inbox.Signature, inbox.Template}); err != nil {
			return err
		}
		secrets, err := r.seal(inbox)
		if err != nil {
			return err
		}
		if err := r.store.updateInbox(ctx, inbox, secrets); err != nil {
			return err
		}
		if c.Email != nil {
			if err := r.resume(ctx, inbox); err != nil {
				return err
			}
		}
		if inbox.Address != old.Address {
			if err := r.claimAddress(ctx, inbox); err != nil {
				return err
			}
		}
		return r.appendInboxChanged(ctx, actor.WorkspaceID, id, actor.Event())
	})
	return inbox, fault.Wrap(op, err)
}

func (c InboxChange) apply(inbox Inbox) Inbox {
	set(&inbox.Name, c.Name)
	set(&inbox.ReplyStatus, c.ReplyStatus)
	set(&inbox.ReopenDays, c.ReopenDays)
	for to, from := range map[*rich.Text]*rich.Text{&inbox.Signature: c.Signature, &inbox.Template: c.Template} {
		if from != nil {
			*to = rich.New(from.Plain, from.HTML)
		}
	}
	set(&inbox.MailInboxID, c.MailInboxID)
	inbox.Name = strings.TrimSpace(inbox.Name)
	if c.Address != nil {
		inbox.Address = Fold(*c.Address)
	}
	if c.Email != nil {
		was := inbox.authorizations()
		inbox.Email = c.Email.keepPasswords(inbox.Email)
		inbox.fetchTrouble, inbox.sendTrouble = "", ""
		if !slices.Equal(inbox.authorizations(), was) {
			inbox.lost = ""
		}
	}
	if c.Chat != nil && inbox.Chat != nil {
		inbox.Chat = c.Chat.apply(*inbox.Chat)
	}
	if c.Form != nil {
		inbox.Form = c.Form
	}
	inbox.Version++
	return inbox.judged()
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// keepPasswords fills in stored passwords where none was given for the same
// account on the same host: a password never moves to another server.
func (e *EmailSettings) keepPasswords(old *EmailSettings) *EmailSettings {
	if old == nil {
		return e
	}
	keep := func(now, was *Server) {
		if now != nil && was != nil && now.Password == "" && now.AuthorizationID == 0 && now.Host == was.Host && now.Username == was.Username {
			now.Password = was.Password
		}
	}
	keep(e.SMTP, old.SMTP)
	keep(e.IMAP, old.IMAP)
	return e
}

// DeleteInbox closes an inbox: it takes no more mail and leaves the lists; its
// conversations stay. Admins only.
func (r *Room) DeleteInbox(ctx context.Context, actor account.Actor, id int64) error {
	if err := r.may(ctx, actor, account.InboxManage, id); err != nil {
		return err
	}
	return fault.Wrap("channel.DeleteInbox", r.store.within(ctx, func(ctx context.Context) error {
		if err := r.store.deleteInbox(ctx, actor.WorkspaceID, id, r.clock.Now()); err != nil {
			return err
		}
		return r.appendInboxChanged(ctx, actor.WorkspaceID, id, actor.Event())
	}))
}

// Inboxes lists the inboxes in the actor's sight, without passwords.
func (r *Room) Inboxes(ctx context.Context, actor account.Actor) ([]Inbox, error) {
	scope, err := r.sight.Scope(ctx, actor)
	if err != nil {
		return nil, err
	}
	all, err := r.store.inboxes(ctx, actor.WorkspaceID)
	seen := all[:0]
	for _, inbox := range all {
		if scope.Includes(inbox.ID) {
			seen = append(seen, inbox)
		}
	}
	return seen, fault.Wrap("channel.Inboxes", err)
}

// Inbox returns one inbox in the actor's sight, without passwords.
func (r *Room) Inbox(ctx context.Context, actor account.Actor, id int64) (Inbox, error) {
	if err := r.may(ctx, actor, account.InboxRead, id); err != nil {
		return Inbox{}, err
	}
	inbox, err := r.store.inbox(ctx, actor.WorkspaceID, id)
	return inbox, fault.Wrap("channel.Inbox", err)
}

// InboxOf is Inbox for rooms that have decided about permission themselves.
// A deleted inbox is returned too: its conversations live on.
func (r *Room) InboxOf(ctx context.Context, workspaceID, id int64) (Inbox, error) {
	inbox, err := r.store.anyInbox(ctx, workspaceID, id)
	return inbox, fault.Wrap("channel.InboxOf", err)
}

// OwnAddresses lists the addresses of a workspace's inboxes: nothing is ever
// written to them.
func (r *Room) OwnAddresses(ctx context.Context, workspaceID int64) ([]string, error) {
	list, err := r.store.ownAddresses(ctx, workspaceID)
	return list, fault.Wrap("channel.OwnAddresses", err)
}

// InboxAt finds the inbox of an address over all workspaces; NotFound when we
// receive no mail there.
func (r *Room) InboxAt(ctx context.Context, address string) (Inbox, error) {
	inbox, err := r.store.inboxAt(ctx, Fold(address))
	return inbox, fault.Wrap("channel.InboxAt", err)
}

// AllInboxes lists the inboxes of a channel over all workspaces with their
// passwords, for the doors. One whose passwords cannot be opened is left out
// and says so: it must not keep the mail of the others.
func (r *Room) AllInboxes(ctx context.Context, channel string) ([]Inbox, error) {
	list, err := r.store.allInboxes(ctx, channel)
	if err != nil {
		return nil, fault.Wrap("channel.AllInboxes", err)
	}
	open := list[:0]
	for _, sealed := range list {
		inbox, err := r.unseal(sealed)
		if err != nil {
			slog.Error("channel: the passwords of an inbox cannot be opened", "inbox", sealed.ID, "error", err)
			r.NoteTrouble(ctx, sealed, "The stored passwords of this inbox cannot be read. Enter them again.")
			continue
		}
		open = append(open, inbox)
	}
	return open, nil
}

// TestInbox tries the servers of an inbox that may not exist yet; with an id
// the stored passwords fill in for those not given. Admins only.
func (r *Room) TestInbox(ctx context.Context, actor account.Actor, id int64, draft NewInbox) ([]Check, error) {
	const op = "channel.TestInbox"
	if err := r.may(ctx, actor, account.InboxManage, id); err != nil {
		return nil, err
	}
	inbox := Inbox{WorkspaceID: actor.WorkspaceID, ID: id, Name: draft.Name, Channel: draft.Channel, Address: Fold(draft.Address), Email: draft.Email}
	if id != 0 && draft.Email != nil {
		old, err := r.store.inbox(ctx, actor.WorkspaceID, id)
		if err != nil {
			return nil, fault.Wrap(op, err)
		}
		if old, err = r.unseal(old); err != nil {
			return nil, fault.Wrap(op, err)
		}
		inbox.Email = draft.Email.keepPasswords(old.Email)
	}
	a, err := r.adapter(inbox.Channel)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	if err := a.Check(inbox); err != nil {
		return nil, fault.Wrap(op, err)
	}
	t, ok := a.(Tester)
	if !ok {
		return nil, nil
	}
	return t.Test(ctx, inbox), nil
}

// NoteFetch notes that a mailbox was read without trouble.
func (r *Room) NoteFetch(ctx context.Context, inbox Inbox) error {
	return r.store.noteFetch(ctx, inbox, r.clock.Now())
}

// NoteTrouble shows on the inbox why nothing can be fetched, in words.
func (r *Room) NoteTrouble(ctx context.Context, inbox Inbox, text string) {
	r.noteState(ctx, inbox, r.store.setFetchTrouble, text)
}

// NoteHealth takes trouble with fetching away again.
func (r *Room) NoteHealth(ctx context.Context, inbox Inbox) { r.NoteTrouble(ctx, inbox, "") }

// noteState tells screens when the words are new: an outage of a month is told
// once. A remark that cannot be written is not worth failing the mail for.
func (r *Room) noteState(ctx context.Context, inbox Inbox, set func(context.Context, Inbox, string) (bool, error), text string) {
	_ = r.store.within(ctx, func(ctx context.Context) error {
		changed, err := set(ctx, inbox, text)
		if err != nil || !changed {
			return err
		}
		return r.appendInboxChanged(ctx, inbox.WorkspaceID, inbox.ID, event.System)
	})
}

// Fold is the form in which addresses are compared and stored.
func Fold(address string) string {
	address = strings.ToLower(strings.TrimSpace(address))
	if a, err := mail.ParseAddress(address); err == nil {
		return a.Address
	}
	return address
}

// LastFetch is how long ago a mailbox was read; zero when never.
func (i Inbox) LastFetch(now time.Time) time.Duration {
	if i.LastFetchAt.IsZero() {
		return 0
	}
	return now.Sub(i.LastFetchAt)
}
