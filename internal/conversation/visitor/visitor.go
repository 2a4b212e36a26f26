package visitor

import (
	"context"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/contact"
	"rapport/internal/conversation"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
	"rapport/internal/platform/text"
	"rapport/internal/platform/token"
)

// Visitor is a browser on a company's site.
type Visitor struct {
	ID          int64
	WorkspaceID int64
	InboxID     int64
	Origin      string // the site it belongs to; "" is our own
	ContactID   int64  // 0: has not written yet
	Known       bool   // the company has signed who it is
	Subject     string // the company's own id of a known one
	Name        string
	Email       string
	EmailProven bool
	Language    string
	TimeZone    string
	Page        string
	CreatedAt   time.Time
}

// Deps is what the package stands on.
type Deps struct {
	Store         Store
	Log           *event.Log
	Jobs          *job.Queue
	Blobs         *blob.Store
	Clock         clock.Clock
	Contacts      *contact.Room
	Channels      *channel.Room
	Conversations *conversation.Room
}

// Room is the verbs of visitors and what teammates see of them. It is safe for
// use by many goroutines.
type Room struct {
	store         store
	log           *event.Log
	jobs          *job.Queue
	blobs         *blob.Store
	clock         clock.Clock
	contacts      *contact.Room
	channels      *channel.Room
	conversations *conversation.Room
	usual         usual
}

// New makes the room and registers its job.
func New(d Deps) *Room {
	r := &Room{store: store{d.Store}, log: d.Log, jobs: d.Jobs, blobs: d.Blobs, clock: d.Clock, contacts: d.Contacts, channels: d.Channels, conversations: d.Conversations}
	r.jobs.Handle(unseenJob, r.mailUnseen, job.Options{Workers: 2})
	r.jobs.Every("chat.forget", time.Hour, r.forgetSilent)
	return r
}

// tokenPrefix begins every visitor's token.
const tokenPrefix = "rav_"

// identitySystem names the company's own ids in contacts.
const identitySystem = "chat"

// Arrival is what the page of a visitor says.
type Arrival struct {
	Origin   string
	Language string
	TimeZone string
	Page     string
	Identity string // a JWT; "" for nobody known
}

// Longest values, in characters.
const (
	maxName  = 200
	maxShort = 100
	maxPage  = 2000
)

// Arrive makes a visitor of a chat, and the token that is told this once. An
// identity that is not what the company signs is Forbidden.
func (r *Room) Arrive(ctx context.Context, inbox channel.Inbox, a Arrival) (Visitor, string, error) {
	const op = "visitor.Arrive"
	who, err := r.identity(ctx, inbox, a.Identity)
	if err != nil {
		return Visitor{}, "", fault.Wrap(op, err)
	}
	plain, hash := token.New(tokenPrefix)
	v := Visitor{WorkspaceID: inbox.WorkspaceID, InboxID: inbox.ID, Origin: a.Origin, Language: text.Line(a.Language, maxShort), TimeZone: text.Line(a.TimeZone, maxShort),
		Page: tidyPage(a.Page), CreatedAt: r.clock.Now()}
	err = r.store.within(ctx, func(ctx context.Context) (err error) {
		if v.ID, err = r.store.newID(ctx); err != nil {
			return err
		}
		if a.Identity != "" {
			if err := r.become(ctx, &v, who); err != nil {
				return err
			}
		}
		return r.store.insert(ctx, v, hash)
	})
	return v, plain, fault.Wrap(op, err)
}

func tidyPage(page string) string {
	if page = text.Line(page, maxPage); !strings.HasPrefix(page, "https://") && !strings.HasPrefix(page, "http://") {
		return ""
	}
	return page
}

// Authenticate finds the visitor of a token and the chat they are in.
// Unauthenticated says that it is none, or has ended, with the chat too.
func (r *Room) Authenticate(ctx context.Context, plain string) (Visitor, channel.Inbox, error) {
	const op = "visitor.Authenticate"
	ended := fault.New(op, fault.Unauthenticated, "This chat has ended. Start it again.")
	if !token.Formed(tokenPrefix, plain) {
		return Visitor{}, channel.Inbox{}, ended
	}
	g, err := r.store.byToken(ctx, token.Hash(plain))
	if fault.Is(err, fault.NotFound) {
		err = ended
	}
	return g.Visitor, g.inbox, fault.Wrap(op, err)
}

// Standing tells which of these tokens, as hashes, still let somebody in.
func (r *Room) Standing(ctx context.Context, workspaceID int64, hashes []string) (map[string]bool, error) {
	list, err := r.store.standing(ctx, workspaceID, hashes)
	out := map[string]bool{}
	for _, hash := range list {
		out[hash] = true
	}
	return out, fault.Wrap("visitor.Standing", err)
}

// identity checks what a company has signed. Words of why it was refused would
// help nobody but forgers.
func (r *Room) identity(ctx context.Context, inbox channel.Inbox, jwt string) (claims, error) {
	const op = "visitor.identity"
	if jwt == "" {
		return claims{}, nil
	}
	refused := fault.New(op, fault.Forbidden, "The identity was refused: it has expired, or was not signed for this chat.")
	secret, err := r.channels.IdentitySecret(inbox)
	if err != nil {
		return claims{}, err
	}
	c, err := readIdentity(jwt, secret, inbox.Address, r.clock.Now())
	if err != nil {
		return claims{}, refused
	}
	left, err := r.store.left(ctx, inbox, c.Subject)
	if err != nil {
		return claims{}, err
	}
	// Issued in whole seconds: what was signed in the second of leaving may be
	// from before it.
	if !left.IsZero() && (c.Issued == nil || !c.Issued.time().Truncate(time.Second).After(left.Truncate(time.Second))) {
		return claims{}, refused
	}
	return c, nil
}

// Identify makes a visitor the person that the company has signed, and gives a
// new token; the old one ends. Forbidden: it is not what the company signs.
func (r *Room) Identify(ctx context.Context, v Visitor, inbox channel.Inbox, jwt string) (Visitor, string, error) {
	const op = "visitor.Identify"
	if jwt == "" {
		return Visitor{}, "", fault.InvalidField(op, "identity", "Send the identity that your server has signed.")
	}
	who, err := r.identity(ctx, inbox, jwt)
	if err != nil {
		return Visitor{}, "", fault.Wrap(op, err)
	}
	plain, hash := token.New(tokenPrefix)
	err = r.store.within(ctx, func(ctx context.Context) error {
		now, err := r.store.lock(ctx, v.WorkspaceID, v.ID)
		if err != nil {
			return err
		}
		if now.Known && now.Subject != who.Subject { // somebody else at the same browser
			if err := r.store.end(ctx, now); err != nil {
				return err
			}
			next := Visitor{WorkspaceID: now.WorkspaceID, InboxID: now.InboxID, Origin: now.Origin, Language: now.Language, TimeZone: now.TimeZone, Page: now.Page, CreatedAt: r.clock.Now()}
			if next.ID, err = r.store.newID(ctx); err != nil {
				return err
			}
			if err := r.become(ctx, &next, who); err != nil {
				return err
			}
			v = next
			return r.store.insert(ctx, v, hash)
		}
		v = now
		if err := r.become(ctx, &v, who); err != nil {
			return err
		}
		if err := r.store.save(ctx, v); err != nil {
			return err
		}
		return r.store.rotate(ctx, v, hash)
	})
	return v, plain, fault.Wrap(op, err)
}

// become makes v the person of an identity. Its contact and conversations go
// with it, unless that contact is somebody known.
func (r *Room) become(ctx context.Context, v *Visitor, who claims) error {
	v.Known, v.Subject = true, who.Subject
	if name := text.Line(who.Name, maxName); name != "" {
		v.Name = name
	}
	if address := channel.Fold(who.Email); isAddress(address) && (who.EmailVerified == nil || *who.EmailVerified) {
		v.Email, v.EmailProven = address, true
	}
	return r.prove(ctx, v, false)
}

// prove finds the contact of a known visitor, or with create makes it.
func (r *Room) prove(ctx context.Context, v *Visitor, create bool) error {
	before := v.ContactID
	p, err := r.contacts.Prove(ctx, v.WorkspaceID, before, contact.Proof{System: identitySystem, ID: v.Subject, Email: v.provenEmail(), Name: v.Name}, create)
	if err != nil {
		return err
	}
	v.ContactID = p.ContactID
	if p.ContactID != 0 && (v.Name == "" || v.Email == "") {
		c, err := r.contacts.Get(ctx, account.System(v.WorkspaceID), p.ContactID)
		if err != nil {
			return err
		}
		if v.Name == "" {
			v.Name = c.Name
		}
		if v.Email == "" {
			v.Email, v.EmailProven = verifiedEmail(c)
		}
	}
	if p.MergedID == 0 {
		return nil
	}
	return r.adopt(ctx, *v, p.MergedID)
}

func verifiedEmail(c contact.Contact) (string, bool) {
	for _, i := range c.Identities {
		if i.Kind == contact.Email && i.Verified {
			return channel.Fold(i.Address), true
		}
	}
	return "", false
}

func (v Visitor) provenEmail() string {
	if v.EmailProven {
		return v.Email
	}
	return ""
}

// adopt moves the conversations of an anonymous contact that has become v's.
func (r *Room) adopt(ctx context.Context, v Visitor, merged int64) error {
	moved, err := r.store.adopt(ctx, v.WorkspaceID, merged, v.ContactID)
	for _, c := range moved {
		if err == nil {
			err = r.log.Append(ctx, event.Event{WorkspaceID: v.WorkspaceID, Kind: conversation.EventContacted, ConversationID: c.ID, ContactID: v.ContactID,
				Data: event.Data(details{InboxID: c.InboxID, From: merged, To: v.ContactID})})
		}
	}
	return err
}

func isAddress(address string) bool {
	parsed, err := mail.ParseAddress(address)
	return err == nil && parsed.Address == address && len(address) <= 254
}

// Change says what a visitor tells of themselves; nil leaves a thing as it is.
type Change struct {
	Name, Email, Language, Page *string
}

// Change notes what a visitor tells of themselves. An address is typed, and
// proves nothing; that of somebody known stays what the company has signed.
func (r *Room) Change(ctx context.Context, v Visitor, c Change) (Visitor, error) {
	const op = "visitor.Change"
	if c.Email != nil {
		*c.Email = channel.Fold(*c.Email)
		if *c.Email != "" && !isAddress(*c.Email) {
			return v, fault.InvalidField(op, "email", "Write an e-mail address such as ewa@harbour.example.")
		}
	}
	err := r.store.within(ctx, func(ctx context.Context) error {
		now, err := r.store.lock(ctx, v.WorkspaceID, v.ID)
		if err != nil {
			return err
		}
		v = now
		if c.Language != nil {
			v.Language = text.Line(*c.Language, maxShort)
		}
		if c.Page != nil {
			v.Page = tidyPage(*c.Page)
		}
		if c.Name != nil && !v.Known {
			v.Name = text.Line(*c.Name, maxName)
		}
		if c.Email != nil && !v.EmailProven {
			v.Email = *c.Email
		}
		if err := r.store.save(ctx, v); err != nil {
			return err
		}
		return r.tellContact(ctx, now, v)
	})
	return v, fault.Wrap(op, err)
}

// tellContact passes on what has changed to the contact, once there is one. An
// answer that waits unseen may go out now that there is an address.
func (r *Room) tellContact(ctx context.Context, before, v Visitor) error {
	if v.ContactID == 0 {
		return nil
	}
	if v.Name != before.Name && v.Name != "" {
		if err := r.contacts.Rename(ctx, v.WorkspaceID, v.ContactID, v.Name); err != nil {
			return err
		}
	}
	if v.Email == before.Email || v.Email == "" || v.EmailProven {
		return nil
	}
	if err := r.contacts.NoteTyped(ctx, v.WorkspaceID, v.ContactID, v.Email); err != nil {
		return err
	}
	ids, err := r.store.unseenBy(ctx, v)
	for _, id := range ids {
		if err == nil {
			err = r.planUnseen(ctx, v.WorkspaceID, id)
		}
	}
	return err
}

// Leave ends a visitor's token. What a company has signed of them before is
// refused from now on.
func (r *Room) Leave(ctx context.Context, v Visitor) error {
	return fault.Wrap("visitor.Leave", r.store.within(ctx, func(ctx context.Context) error {
		now, err := r.store.lock(ctx, v.WorkspaceID, v.ID)
		if err != nil {
			return err
		}
		if now.Known {
			if err := r.store.leave(ctx, now, r.clock.Now()); err != nil {
				return err
			}
		}
		return r.store.end(ctx, now)
	}))
}

// silentFor is how long a visitor is kept who has said nothing.
const silentFor = 30 * 24 * time.Hour

// forgetSilent forgets visitors who came long ago and have said nothing.
func (r *Room) forgetSilent(ctx context.Context) error {
	return fault.Wrap("visitor.forgetSilent", r.store.forgetSilent(ctx, r.clock.Now().Add(-silentFor), 2000))
}

// uploader names a visitor to the blob store.
func (v Visitor) uploader() string { return "visitor:" + strconv.FormatInt(v.ID, 10) }

// sender is what conversations know the locked visitor by.
func (v Visitor) sender() channel.Sender {
	if v.Known {
		return channel.Sender{Kind: contact.External, System: identitySystem, ID: v.Subject}
	}
	return channel.Sender{Kind: contact.Visitor, ID: "v" + strconv.FormatInt(v.ID, 10), Locked: true}
}
