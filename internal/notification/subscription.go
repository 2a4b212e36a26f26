package notification

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/text"
	"rapport/internal/platform/webpush"
)

// Browser is a browser that is told while it is closed, as its agent sees it.
type Browser struct {
	ID        int64
	Device    string
	CreatedAt time.Time
	ReachedAt time.Time // zero: never
}

// browser is one as it is kept.
type browser struct {
	Browser
	WorkspaceID, AgentID int64
	endpointHash         string
	sealed               []byte
	sessionID            int64
}

// browsersKept is how many an agent has; the oldest gives way.
const browsersKept = 10

const sealedIn = "push_subscriptions"

// Subscribe has a browser told while it is closed, until its session ends. The
// same browser again takes the place of itself, whoever it told before.
func (r *Room) Subscribe(ctx context.Context, actor account.Actor, at webpush.Subscription, device string) (Browser, error) {
	const op = "notification.Subscribe"
	if err := webpush.Endpoint(at.Endpoint); err != nil {
		return Browser{}, fault.InvalidField(op, "endpoint", fault.MessageOf(err))
	}
	if err := at.Checked(); err != nil {
		return Browser{}, fault.InvalidField(op, "keys", fault.MessageOf(err))
	}
	if _, err := r.signingKey(ctx); err != nil {
		return Browser{}, fault.Wrap(op, err)
	}
	plain, err := json.Marshal(at)
	if err != nil {
		return Browser{}, fault.Wrap(op, err)
	}
	hash := sha256.Sum256([]byte(at.Endpoint))
	b := browser{WorkspaceID: actor.WorkspaceID, AgentID: actor.AgentID, endpointHash: hex.EncodeToString(hash[:]), sessionID: actor.SessionID,
		Browser: Browser{Device: text.Line(strings.TrimSpace(device), 100), CreatedAt: r.clock.Now()}}
	if b.ID, err = r.store.newID(ctx); err != nil {
		return Browser{}, fault.Wrap(op, err)
	}
	if b.sealed, err = r.box.Seal(sealedIn, b.ID, plain); err != nil {
		return Browser{}, fault.Wrap(op, err)
	}
	return b.Browser, fault.Wrap(op, r.store.within(ctx, func(ctx context.Context) error { return r.store.subscribe(ctx, b, browsersKept) }))
}

func (r *Room) open(b browser) (at webpush.Subscription, err error) {
	plain, err := r.box.Open(sealedIn, b.ID, b.sealed)
	if err == nil {
		err = json.Unmarshal(plain, &at)
	}
	return at, fault.Wrap("notification.open", err)
}

// Subscriptions are the caller's browsers.
func (r *Room) Subscriptions(ctx context.Context, actor account.Actor) ([]Browser, error) {
	list, err := r.store.subscriptions(ctx, actor.WorkspaceID, actor.AgentID)
	out := make([]Browser, len(list))
	for i, b := range list {
		out[i] = b.Browser
	}
	return out, fault.Wrap("notification.Subscriptions", err)
}

// Unsubscribe ends one of the caller's browsers. Somebody else's is NotFound.
func (r *Room) Unsubscribe(ctx context.Context, actor account.Actor, id int64) error {
	const op = "notification.Unsubscribe"
	if _, err := r.store.subscription(ctx, actor.WorkspaceID, actor.AgentID, id); err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, r.store.forgetSubscription(ctx, actor.WorkspaceID, actor.AgentID, id))
}

// Trial is what became of a push that was only sent to see whether it arrives.
type Trial struct {
	Reached, Gone, Failed int
	Reason                string // of the last that failed
}

// Try sends a push to all of the caller's browsers at once, and tells what their
// push services say.
func (r *Room) Try(ctx context.Context, actor account.Actor) (Trial, error) {
	const op = "notification.Try"
	var out Trial
	list, err := r.store.subscriptions(ctx, actor.WorkspaceID, actor.AgentID)
	if err != nil {
		return out, fault.Wrap(op, err)
	}
	who, err := r.accounts.Agent(ctx, actor.WorkspaceID, actor.AgentID)
	if err != nil {
		return out, fault.Wrap(op, err)
	}
	count, err := r.unseen(ctx, actor)
	if err != nil {
		return out, fault.Wrap(op, err)
	}
	p := payload{Title: say(who.Language, "try.title"), Body: say(who.Language, "try.body"), Tag: "try", URL: "/settings/notifications", Count: count}
	for _, b := range list {
		answer, err := r.post(ctx, b, p, true, "try")
		switch {
		case answer.Outcome == webpush.Taken && err == nil:
			out.Reached++
		case answer.Outcome == webpush.Gone:
			out.Gone++
		default:
			out.Failed++
			out.Reason = fault.MessageOf(err)
		}
	}
	return out, nil
}

// pushKey is the key of this installation, read once.
type pushKey struct {
	mu   sync.Mutex
	key  webpush.Key
	read bool
}

// PublicKey is the half of the installation's key that browsers are given. The
// key is made when it is first asked for.
func (r *Room) PublicKey(ctx context.Context) (string, error) {
	key, err := r.signingKey(ctx)
	if err != nil {
		return "", fault.Wrap("notification.PublicKey", err)
	}
	return key.Public()
}

func (r *Room) signingKey(ctx context.Context) (webpush.Key, error) {
	r.key.mu.Lock()
	defer r.key.mu.Unlock()
	if r.key.read {
		return r.key.key, nil
	}
	sealed, err := r.store.pushKey(ctx)
	if fault.Is(err, fault.NotFound) {
		sealed, err = r.makeKey(ctx)
	}
	if err != nil {
		return webpush.Key{}, err
	}
	plain, err := r.box.Open("push_keys", 1, sealed)
	if err != nil {
		return webpush.Key{}, err
	}
	if r.key.key, err = webpush.ParseKey(plain); err != nil {
		return webpush.Key{}, err
	}
	r.key.read = true
	return r.key.key, nil
}

// makeKey makes the key; of several nodes that do, one wins.
func (r *Room) makeKey(ctx context.Context) ([]byte, error) {
	made, err := webpush.NewKey()
	if err != nil {
		return nil, err
	}
	plain, err := made.Bytes()
	if err != nil {
		return nil, err
	}
	sealed, err := r.box.Seal("push_keys", 1, plain)
	if err != nil {
		return nil, err
	}
	if err := r.store.within(ctx, func(ctx context.Context) error { return r.store.putPushKey(ctx, sealed) }); err != nil {
		return nil, err
	}
	return r.store.pushKey(ctx)
}
