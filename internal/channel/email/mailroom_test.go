package email

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/mail"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/channel/channeltest"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/bus"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/event"
	"rapport/internal/platform/job"
	"rapport/internal/platform/outbound"
	"rapport/internal/testkit"
)

// mailroom is a channel room with nothing but what fetching needs: an adapter
// that reads ids, and a receiver that remembers what it was given.
type mailroom struct {
	t        *testing.T
	store    Store
	bell     *bus.Local
	room     *channel.Room
	received *pile
	owner    account.Actor
	endJobs  func()
}

func newMailroom(t *testing.T) *mailroom {
	t.Helper()
	return mailroomOn(t, testkit.SQLite(t), filepath.Join(t.TempDir(), "blobs"))
}

func mailroomOn(t *testing.T, d Store, blobs string) *mailroom {
	return mailroomIn(t, d, openBox{}, blobs)
}

func mailroomIn(t *testing.T, d Store, box channel.Box, blobs string) *mailroom {
	m := &mailroom{t: t, store: d, bell: &bus.Local{}, received: &pile{known: map[string]int{}},
		owner: account.Actor{Kind: account.KindAgent, WorkspaceID: 1, AgentID: 1, Role: account.Owner}}
	log := event.New(d, clock.System, m.bell)
	queue := job.NewQueue(d, clock.System)
	m.room = channel.New(channel.Deps{Store: d, Log: log, Jobs: queue, Blobs: blob.New(d, blob.NewFolder(blobs), clock.System),
		Box: box, Clock: clock.System, Sight: seesAll{}})
	m.room.Register(plainAdapter{})
	m.room.Connect(m.received, nil)
	t.Cleanup(func() { channeltest.Accounted(t, m.room, d) })
	m.endJobs = m.background(func(ctx context.Context) { queue.Run(ctx, true) })
	return m
}

// background runs fn until the test or the returned function ends it.
func (m *mailroom) background(fn func(ctx context.Context)) (end func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		fn(ctx)
	}()
	end = func() {
		cancel()
		<-done
	}
	m.t.Cleanup(end)
	return end
}

// fetcher fetches with short pauses.
func (m *mailroom) fetcher() *Fetcher {
	f := NewFetcher(FetcherDeps{Channels: m.room, Store: m.store, Guard: loopback(), Clock: clock.System, Bell: m.bell})
	f.pause = func(int) time.Duration { return 20 * time.Millisecond }
	return f
}

func loopback() *outbound.Guard {
	return outbound.New([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, outbound.NewResolver("127.0.0.1:9"))
}

func (m *mailroom) inbox(server channel.Server) channel.Inbox {
	m.t.Helper()
	inbox, err := m.room.CreateInbox(context.Background(), m.owner, channel.NewInbox{Name: "Hello", Channel: "email", Address: "hello@miska.example", Email: &channel.EmailSettings{IMAP: &server}})
	if err != nil {
		m.t.Fatal(err)
	}
	return inbox
}

func (m *mailroom) counters() channel.Counters {
	m.t.Helper()
	c, err := m.room.Counters(context.Background(), 1)
	if err != nil {
		m.t.Fatal(err)
	}
	return c
}

// settled waits until so many mails were accepted and all of them judged.
func (m *mailroom) settled(accepted int64) channel.Counters {
	m.t.Helper()
	m.until(fmt.Sprintf("%d mails accepted and judged", accepted), func() bool {
		c := m.counters()
		return c.Accepted >= accepted && c.InFlight == 0
	})
	c := m.counters()
	if c.Accepted != accepted {
		m.t.Fatalf("%d mails were accepted, want %d", c.Accepted, accepted)
	}
	return c
}

// showing waits for words on the inbox.
func (m *mailroom) showing(id int64, words string) {
	m.t.Helper()
	m.until(fmt.Sprintf("%q on the inbox", words), func() bool {
		inbox, err := m.room.Inbox(context.Background(), m.owner, id)
		return err == nil && (words == "" && inbox.State == "ok" || words != "" && strings.Contains(inbox.StateText, words))
	})
}

func (m *mailroom) until(what string, met func() bool) {
	m.t.Helper()
	for range 3000 {
		if met() {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	m.t.Fatalf("waited for a minute in vain: %s; now %+v", what, m.counters())
}

// pile is a receiver that knows mails by id and content, as conversation does.
type pile struct {
	mu    sync.Mutex
	known map[string]int
	order []string
}

func (p *pile) Receive(_ context.Context, in channel.Inbound) (channel.Placed, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := in.ExternalID + " " + in.ContentHash
	if p.known[key]++; p.known[key] > 1 {
		return channel.Placed{Duplicate: true}, nil
	}
	p.order = append(p.order, in.ExternalID)
	return channel.Placed{ConversationID: 1, MessageID: int64(len(p.order))}, nil
}

func (p *pile) Refused(context.Context, int64, channel.BouncedRecipient) error { return nil }

func (p *pile) Disclosed(context.Context, account.Actor, channel.Receipt) error { return nil }

func (p *pile) distinct() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.known)
}

// plainAdapter reads the Message-ID and nothing else.
type plainAdapter struct{}

func (plainAdapter) Channel() string           { return "email" }
func (plainAdapter) Check(channel.Inbox) error { return nil }

func (plainAdapter) Parse(_ context.Context, _ channel.Inbox, receipt channel.Receipt, raw []byte) (channel.Inbound, error) {
	if err := withheld(receipt.SourceKey); err != nil {
		return channel.Inbound{}, err
	}
	sum := sha256.Sum256(raw)
	in := channel.Inbound{ExternalID: "none", ContentHash: hex.EncodeToString(sum[:])}
	if m, err := mail.ReadMessage(bytes.NewReader(raw)); err == nil {
		in.ExternalID = m.Header.Get("Message-ID")
	}
	return in, nil
}

func (plainAdapter) Build(context.Context, channel.Inbox, channel.Outbound) (channel.Built, error) {
	return channel.Built{}, nil
}

func (plainAdapter) Send(context.Context, channel.Inbox, channel.Built) ([]channel.Outcome, error) {
	return nil, nil
}

type seesAll struct{}

func (seesAll) Scope(context.Context, account.Actor) (account.Scope, error) {
	return account.Scope{All: true}, nil
}

// openBox seals nothing.
type openBox struct{}

func (openBox) Seal(_ string, _ int64, plain []byte) ([]byte, error)  { return plain, nil }
func (openBox) Open(_ string, _ int64, sealed []byte) ([]byte, error) { return sealed, nil }

func letterNo(n int) []byte {
	return fmt.Appendf(nil, "From: Ewa <ewa@harbour.example>\r\nTo: hello@miska.example\r\nSubject: Bowl %d\r\nMessage-ID: <%d@harbour.example>\r\n\r\nThe bowl %d is broken.\r\n", n, n, n)
}
