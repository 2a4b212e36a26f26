package account_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"sync"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const ownerPassword = "the-dog-eats-at-seven"

// world is a workspace with its owner, a clock that stands still and stand-ins
// for the rooms above.
type world struct {
	t     *testing.T
	d     *db.DB
	room  *account.Room
	log   *event.Log
	clock *clock.Fake
	mail  *letters
	work  *desk
	album *album
	owner account.Actor
}

func eachWorld(t *testing.T, test func(w *world)) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		found, err := w.room.SetupDirect(context.Background(), account.Setup{Workspace: "Miska", Name: "Hanna", Email: "hanna@miska.example", Password: ownerPassword})
		if err != nil {
			t.Fatal(err)
		}
		w.owner = account.Actor{Kind: account.KindAgent, WorkspaceID: found.WorkspaceID, AgentID: found.AgentID, Role: account.Owner}
		test(w)
	})
}

func newWorld(t *testing.T, d *db.DB) *world {
	w := &world{t: t, d: d, clock: clock.NewFake(time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)), mail: &letters{}, work: &desk{}, album: &album{}}
	w.log = event.New(d, w.clock, silent{})
	w.room = account.New(d, w.log, sealer{}, w.clock)
	w.room.Connect(w.mail, w.work, w.album)
	t.Cleanup(w.room.Close)
	return w
}

type silent struct{}

func (silent) Publish(string, []byte)                {}
func (silent) Subscribe(string, func([]byte)) func() { return func() {} }

// sealer binds a value to its place without hiding it.
type sealer struct{}

func (sealer) Seal(table string, row int64, plain []byte) ([]byte, error) {
	return fmt.Appendf(nil, "%s/%d/%s", table, row, base64.StdEncoding.EncodeToString(plain)), nil
}

func (sealer) Open(table string, row int64, sealed []byte) ([]byte, error) {
	place := fmt.Sprintf("%s/%d/", table, row)
	if len(sealed) < len(place) || string(sealed[:len(place)]) != place {
		return nil, fmt.Errorf("%q is not sealed for %s", sealed, place)
	}
	return base64.StdEncoding.DecodeString(string(sealed[len(place):]))
}

type letter struct {
	to, kind string
	data     map[string]string
}

type letters struct {
	mu      sync.Mutex
	sent    []letter
	without bool // there is no way to send
}

func (l *letters) Send(_ context.Context, _ int64, to, kind string, data map[string]string) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.without {
		return false, nil
	}
	l.sent = append(l.sent, letter{to, kind, data})
	return true, nil
}

type desk struct {
	handed []int64
	fails  error
}

func (d *desk) OpenWork(context.Context, int64, int64) (int, error) { return 3, nil }
func (d *desk) HandOver(_ context.Context, _, from, toAgent, toTeam int64, _ account.Actor) error {
	if d.fails != nil {
		return d.fails
	}
	d.handed = append(d.handed, from, toAgent, toTeam)
	return nil
}

// album remembers whose photo is held.
type album struct{ held map[int64]int64 }

func (a *album) Claim(ctx context.Context, workspaceID, blobID int64, _, owner string, agentID int64) error {
	return a.Ref(ctx, workspaceID, blobID, owner, agentID)
}

func (a *album) Describe(context.Context, int64, int64) (blob.Info, error) {
	return blob.Info{ContentType: "image/png"}, nil
}

func (a *album) Ref(_ context.Context, _, blobID int64, _ string, agentID int64) error {
	if a.held == nil {
		a.held = map[int64]int64{}
	}
	a.held[agentID] = blobID
	return nil
}

func (a *album) Release(_ context.Context, _ int64, _ string, agentID int64) error {
	delete(a.held, agentID)
	return nil
}

// ctx is the context of tests that need no other.
func (w *world) ctx() context.Context { return context.Background() }

// join invites an agent, who accepts.
func (w *world) join(name string, role account.Role) account.SignedIn {
	w.t.Helper()
	inv, err := w.room.Invite(w.ctx(), w.owner, account.Invite{Email: name + "@miska.example", Name: name, Role: role})
	if err != nil {
		w.t.Fatal(err)
	}
	in, err := w.room.AcceptInvitation(w.ctx(), account.Acceptance{Token: inv.Token, Password: name + " rides a red bicycle"})
	if err != nil {
		w.t.Fatal(err)
	}
	return in
}

func (w *world) signIn(email, password, code string) (account.SignedIn, error) {
	return w.room.SignIn(w.ctx(), account.SignIn{Email: email, Password: password, Code: code, Client: account.Client{IP: "192.0.2.7", UserAgent: "Firefox"}})
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) wantKind(err error, kind fault.Kind) {
	w.t.Helper()
	if !fault.Is(err, kind) {
		w.t.Fatalf("err = %v, want %v", err, kind)
	}
}

// events lists the kinds of all events so far.
func (w *world) events() []event.Event {
	w.t.Helper()
	if w.d.Engine() == db.Postgres {
		for {
			n, err := w.log.Sequence(w.ctx())
			w.must(err)
			if n == 0 {
				break
			}
		}
	}
	all, err := w.log.After(w.ctx(), w.owner.WorkspaceID, 0, 500)
	w.must(err)
	return all
}
