// Package app is the only place that wires rooms together: it opens what a
// process needs, in order, and closes it in the opposite one.
package app

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"rapport/internal/account"
	"rapport/internal/app/schema"
	"rapport/internal/automation"
	"rapport/internal/channel"
	"rapport/internal/channel/chat"
	"rapport/internal/channel/email"
	"rapport/internal/channel/email/oauth"
	"rapport/internal/channel/email/signing"
	"rapport/internal/channel/form"
	"rapport/internal/contact"
	"rapport/internal/conversation"
	"rapport/internal/conversation/acknowledgement"
	"rapport/internal/conversation/bulk"
	"rapport/internal/conversation/compose"
	"rapport/internal/conversation/follow"
	"rapport/internal/conversation/tally"
	"rapport/internal/conversation/view"
	"rapport/internal/conversation/visitor"
	"rapport/internal/notification"
	"rapport/internal/outreach"
	"rapport/internal/platform/backup"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/bus"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/config"
	"rapport/internal/platform/db"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
	"rapport/internal/platform/node"
	"rapport/internal/platform/outbound"
	"rapport/internal/platform/resolver"
	"rapport/internal/platform/secret"
	"rapport/internal/platform/webpush"
)

// App is everything a process of Rapport has: the ground and the rooms.
type App struct {
	Config config.Config
	Demo   bool

	DB      *db.DB
	Key     *secret.Key
	Bus     bus.Bus
	Log     *event.Log
	Jobs    *job.Queue
	Blobs   *blob.Store
	Guard   *outbound.Guard
	Names   *resolver.Resolver
	Signing *signing.Keys
	// Authorizations sign in at mail providers that want OAuth.
	Authorizations *oauth.Authorizations
	Readers        *event.Readers
	Book           *backup.Book
	Version        string // of this binary, for backups

	Accounts         *account.Room
	Contacts         *contact.Room
	Channels         *channel.Room
	Conversations    *conversation.Room
	Tally            *tally.Room
	Views            *view.Room
	Visitors         *visitor.Room
	Acknowledgements *acknowledgement.Room
	Follows          *follow.Room
	Bulk             *bulk.Room
	Outreach         *outreach.Room
	Automation       *automation.Room
	Notifications    *notification.Room

	clock   clock.Clock
	nats    *bus.NATS // nil: nobody else listens
	files   blob.Backend
	seat    *db.Seat       // of a serving process
	nodes   *node.Registry // who serves
	heard   sync.Map       // when other nodes were heard last, by their ids
	deafen  func()
	mail    *email.Adapter
	letters *letters
	address atomic.Pointer[string] // where this server can be reached; set once it listens
}

// Open opens the data, brings its schema up to date and builds the rooms. It
// starts nothing.
func Open(ctx context.Context, c config.Config, demo bool) (*App, error) {
	return open(ctx, c, demo, "", false)
}

func open(ctx context.Context, c config.Config, demo bool, version string, serving bool) (*App, error) {
	const op = "app.Open"
	key, err := secret.Load(c.SecretFile, c.Data)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	store, err := files(c)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	d, err := openDatabase(ctx, c)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	a := &App{Config: c, Demo: demo, DB: d, Key: key, Bus: &bus.Local{}, Version: version, files: store, clock: clock.System}
	if err := a.prepare(ctx); err != nil {
		a.DB.Close()
		return nil, fault.Wrap(op, err)
	}
	if serving && c.NATSURL != "" { // a command needs no bell: nodes look for themselves
		if a.nats, err = bus.Connect(c.NATSURL, installation(key)); err != nil {
			a.DB.Close()
			return nil, fault.As(op, fault.Invalid, "RAPPORT_NATS_URL is not an address of a NATS server.", err)
		}
		a.Bus = a.nats
	}
	a.build()
	return a, nil
}

// databaseFile is the SQLite file in the data folder.
const databaseFile = "rapport.db"

func openDatabase(ctx context.Context, c config.Config) (*db.DB, error) {
	return db.Open(ctx, db.Options{File: filepath.Join(c.Data, databaseFile), URL: c.DatabaseURL})
}

func (a *App) prepare(ctx context.Context) error {
	if err := a.upgrade(ctx, schema.Files); err != nil {
		return err
	}
	return a.Key.Check(ctx, a.DB)
}

// build makes the ground and the rooms, floor by floor.
func (a *App) build() {
	a.Log = event.New(a.DB, a.clock, a.Bus)
	a.Jobs = job.NewQueue(a.DB, a.clock)
	a.Blobs = blob.New(a.DB, a.files, a.clock)
	a.Book = backup.NewBook(a.DB, a.clock)
	a.Guard = outbound.New(a.Config.OutboundAllow, outbound.NewResolver(a.Config.DNS))

	a.Accounts = account.New(a.DB, a.Log, a.Key.Box("account"), a.clock)
	a.Accounts.Listen(a.Bus)
	a.Contacts = contact.New(a.DB, a.Log, a.clock)
	a.Channels = channel.New(channel.Deps{Store: a.DB, Log: a.Log, Jobs: a.Jobs, Blobs: a.Blobs, Box: a.Key.Box("channel"), Clock: a.clock, Sight: a.Accounts})
	a.Names = resolver.New(a.Guard.Resolver(), a.clock)
	checked := a.Names
	if a.Demo && a.Config.DNS == "" {
		checked = nil // nothing of the demo leaves the machine
	}
	var published signing.Names
	if checked != nil {
		published = checked
	}
	a.Signing = signing.New(a.DB, a.Key.Box("signing"), published, a.clock)
	a.Signing.Schedule(a.Jobs)
	a.Authorizations = a.authorizations()
	a.Authorizations.Schedule(a.Jobs)
	a.mail = email.New(email.Deps{Key: a.Key, Blobs: a.Blobs, Guard: a.Guard, Names: checked, Keys: a.Signing, Tokens: a.Authorizations, Clock: a.clock, Host: a.host(), URL: a.URL, Capture: a.Demo})
	a.Channels.Register(a.mail)
	a.Channels.Register(form.New(a.Blobs))
	a.Conversations = conversation.New(conversation.Deps{Store: a.DB, Log: a.Log, Clock: a.clock, Sight: a.Accounts,
		Contacts: a.Contacts, Inboxes: a.Channels, Outbox: a.Channels, Files: a.Blobs})
	a.Outreach = outreach.New(outreach.Deps{Store: a.DB, Clock: a.clock, Contacts: a.Contacts, Mails: a.Channels, Conversations: a.Conversations, Open: a.mail.Unsubscribes, Company: a.company})
	a.Channels.Connect(a.Outreach, compose.New(a.DB))
	a.Tally = tally.New(a.DB, a.Accounts)
	a.Views = view.New(view.Deps{Store: a.DB, Log: a.Log, Clock: a.clock, Sight: a.Accounts})
	a.Channels.Register(chat.Adapter{})
	a.Visitors = visitor.New(visitor.Deps{Store: a.DB, Log: a.Log, Jobs: a.Jobs, Blobs: a.Blobs, Clock: a.clock, Contacts: a.Contacts, Channels: a.Channels, Conversations: a.Conversations})
	a.Acknowledgements = acknowledgement.New(acknowledgement.Deps{Store: a.DB, Log: a.Log, Jobs: a.Jobs, Clock: a.clock, Accounts: a.Accounts, Channels: a.Channels, Conversations: a.Conversations, Tell: a.tellOfSilence})

	a.Follows = follow.New(a.DB, a.Log, a.Accounts, a.clock)
	a.Bulk = bulk.New(bulk.Deps{Store: a.DB, Conversations: a.Conversations, Jobs: a.Jobs, Clock: a.clock})

	a.Automation = automation.New(automation.Deps{Store: a.DB, Log: a.Log, Clock: a.clock, Desk: a.Conversations, Sight: a.Accounts, Inboxes: a.Channels})
	a.letters = &letters{accounts: a.Accounts, channels: a.Channels, jobs: a.Jobs, box: a.Key.Box("letters"), url: a.URL}
	a.Accounts.Connect(a.letters, a.Conversations, a.Blobs)
	a.Jobs.Handle(letterJob, a.letters.write, job.Options{})
	a.Notifications = notification.New(notification.Deps{Store: a.DB, Log: a.Log, Jobs: a.Jobs, Bus: a.Bus, Box: a.Key.Box("push"), Clock: a.clock, Accounts: a.Accounts, Follows: a.Follows,
		Letters: a.letters, Pushes: webpush.NewSender(a.Guard.Client(outbound.Limits{Connect: pushPatience, Headers: pushPatience, Total: pushPatience}), a.clock, a.URL)})
	a.Readers = event.NewReaders(a.Log, a.clock, kinds(), a.Tally.Counts(), a.Visitors.Reader(), a.Acknowledgements.Reader(), a.Notifications.Reader())
}

// pushPatience is how long a push service may take.
const pushPatience = 15 * time.Second

// kinds are the events this binary knows.
func kinds() []string {
	return slices.Concat(account.Kinds, contact.Kinds, channel.Kinds, conversation.Kinds, visitor.Kinds, acknowledgement.Kinds, follow.Kinds, automation.Kinds, view.Kinds)
}

// Work that returns by itself. Waking is a job of its own because it goes
// conversation by conversation, each in a transaction.
const (
	collectJob = "blobs.collect"
	sweepJob   = "accounts.sweep"
	wakeEvery  = 5 * time.Second
)

// schedule sets up what a serving process does from time to time.
func (a *App) schedule() {
	a.Jobs.Handle(collectJob, func(ctx context.Context, _ job.Job) error { return a.Blobs.Collect(ctx) }, job.Options{Workers: 1, Timeout: time.Hour})
	a.Jobs.Handle(sweepJob, func(ctx context.Context, _ job.Job) error { return a.Accounts.Sweep(ctx) }, job.Options{Workers: 1})
	for _, kind := range []string{collectJob, sweepJob} {
		a.Jobs.Every(kind, time.Hour, func(ctx context.Context) error {
			_, err := a.Jobs.Enqueue(ctx, job.New{Kind: kind, UniqueKey: kind})
			return err
		})
	}
}

// wake opens conversations whose snooze has ended, until ctx ends.
func (a *App) wake(ctx context.Context) {
	for tick := time.NewTicker(wakeEvery); ; {
		if _, err := a.Conversations.Wake(ctx); err != nil && ctx.Err() == nil {
			slog.Error("waking snoozed conversations", "error", err)
		}
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
	}
}

// host is how this server greets other mail servers.
func (a *App) host() string {
	if name := hostOf(a.Config.URL); name != "" {
		return name
	}
	return "localhost"
}

// URL is the address links are made with: the configured one, or where this
// server listens.
func (a *App) URL() string {
	if a.Config.URL != "" {
		return a.Config.URL
	}
	if here := a.address.Load(); here != nil {
		return *here
	}
	return "http://localhost" + a.Config.Listen
}

// Close closes what Open opened.
func (a *App) Close() {
	a.Accounts.Close()
	if a.nats != nil {
		a.nats.Close()
	}
	if err := a.DB.Close(); err != nil {
		slog.Error("closing the database", "error", err)
	}
}

// explain is what a person on the command line reads about err.
func explain(err error) string {
	if words := fault.MessageOf(err); words != "" {
		return words
	}
	return fmt.Sprint(err)
}
