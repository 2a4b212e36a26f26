package email

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"

	"rapport/internal/channel"
	"rapport/internal/platform/fault"
)

const (
	batchMails   = 50
	batchBytes   = 8 << 20
	largestMail  = 35 << 20
	largeExcerpt = 64 << 10 // of a mail over the limit
	patience     = 6        // tries at a mail that cannot be fetched
	noteEvery    = 10 * time.Second
	lockoutPause = time.Minute
	steadyTime   = 10 * time.Second
	historyAhead = 4 * batchMails // of old mail wait to be judged at most,
	historyPause = 100 * time.Millisecond
)

// watch fetches the mail of one inbox.
type watch struct {
	*Fetcher
	inbox    channel.Inbox
	server   channel.Server
	name     string // of the mailbox, in cursor and source keys
	failures int    // short sessions in a row that ended badly
	troubled bool   // the inbox shows our words
	noted    time.Time

	careful int    // so many mails are still fetched one by one, after a batch failed
	stuck   uint32 // the mail that could not be fetched last,
	tries   int    // and how often that was
	asked   int    // how often another mail was asked for in its place
	leftOut int    // mails of this pass that are older than the inbox
}

// troublePrefix marks the words on an inbox that are ours to take away.
const troublePrefix = "Fetching mail does not work: "

func newWatch(f *Fetcher, inbox channel.Inbox) *watch {
	w := &watch{Fetcher: f, inbox: inbox, server: *inbox.Email.IMAP, troubled: strings.HasPrefix(inbox.StateText, troublePrefix)}
	if w.server.Folder == "" {
		w.server.Folder = "INBOX"
	}
	// The user is part of the name: on some servers every account has the same
	// UIDVALIDITY, and an inbox may move from one account to another.
	w.name = w.server.Username + "/" + w.server.Folder
	return w
}

// run keeps a session with the server until ctx ends, whatever happens to it.
func (w *watch) run(ctx context.Context) {
	for {
		began := w.clock.Now()
		err := w.session(ctx)
		if ctx.Err() != nil {
			return
		}
		w.count(w.clock.Now().Sub(began))
		w.report(ctx, err)
		rest(ctx, w.pauseAfter(err))
	}
}

// count notes that a session has ended badly. One that ended soon counts on
// even if all was read in it: a server that ends each of them at once would
// else be signed in to every second.
func (w *watch) count(lasted time.Duration) {
	if lasted >= steadyTime {
		w.failures = 0
	}
	w.failures++
}

func (w *watch) pauseAfter(err error) time.Duration {
	pause := w.pause(w.failures)
	if stageOf(err) == signingIn && !serverBusy(err) {
		pause = max(pause, w.lockout)
	}
	return pause
}

// serverBusy tells a server that has no room just now from one that does not
// know the password.
func serverBusy(err error) bool {
	var answer *imap.Error
	if !errors.As(err, &answer) {
		return false
	}
	switch answer.Code {
	case imap.ResponseCodeLimit, imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeServerBug:
		return true
	}
	return false
}

// session connects and fetches until something fails.
func (w *watch) session(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var box mailbox
	err := withToken(ctx, w.tokens, w.inbox.WorkspaceID, w.server, func(s channel.Server) (err error) {
		box, err = w.dial(ctx, s)
		return err
	})
	if err != nil {
		return err
	}
	defer box.Close()
	for {
		err := w.pass(ctx, box)
		// Where another node was faster, the next pass goes on from its cursor.
		if err != nil && !errors.Is(err, errMoved) {
			return err
		}
		w.healthy(ctx)
		if err := box.Wait(w.poll); err != nil {
			return err
		}
	}
}

// pass accepts all mail above the cursor, oldest first; but while a history is
// read, what comes in goes before it.
func (w *watch) pass(ctx context.Context, box mailbox) error {
	state, err := box.Open(w.server.Folder)
	if err != nil {
		return err
	}
	at, err := w.position(ctx, box, state)
	if err != nil {
		return err
	}
	if state.Next != 0 && at.UID >= state.Next-1 {
		return nil
	}
	defer w.tellLeftOut(at)
	uids, err := above(box, at.UID, state)
	if !at.history() {
		for err == nil && len(uids) > 0 {
			at, uids, err = w.take(ctx, box, at, uids)
		}
		return err
	}
	return w.readHistory(ctx, box, at, uids, err)
}

// readHistory accepts old mail, and before each batch of it all that is new.
func (w *watch) readHistory(ctx context.Context, box mailbox, at cursor, uids []uint32, err error) error {
	split, _ := slices.BinarySearch(uids, at.RescanTo+1)
	old, live := uids[:split], uids[split:]
	live = slices.DeleteFunc(slices.Clone(live), func(uid uint32) bool { return uid <= at.Live })
	for wait := false; err == nil && len(old)+len(live) > 0; {
		switch {
		case len(live) > 0:
			at, live, err = w.take(ctx, box, at, live)
		case wait:
			if live, err = w.arrived(box, at); err == nil && len(live) == 0 {
				wait, err = w.busy(ctx)
			}
		default:
			at, old, err = w.take(ctx, box, at, old)
			wait = len(old) > 0
		}
	}
	if err == nil && at.history() { // its last mails were removed meanwhile
		err = stored(w.store.move(ctx, w.inbox.WorkspaceID, w.inbox.ID, at, at.passed(at.RescanTo)))
	}
	return err
}

// busy says whether so many mails of the inbox wait to be judged that new ones
// would stand behind them, and then gives them a moment.
func (w *watch) busy(ctx context.Context) (bool, error) {
	waiting, err := w.channels.Waiting(ctx, w.inbox.WorkspaceID, w.inbox.ID, historyAhead)
	if err == nil && waiting >= historyAhead {
		rest(ctx, historyPause)
		return true, ctx.Err()
	}
	return false, stored(err)
}

// arrived lists the mails that came while history was read.
func (w *watch) arrived(box mailbox, at cursor) ([]uint32, error) {
	state, err := box.Open(w.server.Folder)
	if err == nil && state.Validity != at.Validity {
		err = errMoved
	}
	seen := max(at.RescanTo, at.Live)
	if err != nil || state.Next != 0 && seen >= state.Next-1 {
		return nil, err
	}
	return above(box, seen, state)
}

// above lists the mails above uid. What the server names beyond its own end
// does not exist, or came just now and is for the next pass: the cursor must
// not follow it.
func above(box mailbox, uid uint32, state folderState) ([]uint32, error) {
	uids, err := box.After(uid)
	return slices.DeleteFunc(uids, func(uid uint32) bool { return state.Next != 0 && uid >= state.Next }), err
}

// position is the cursor to go on from. A mailbox seen for the first time is
// taken from now on, unless the settings ask for its history. With a new
// UIDVALIDITY the server has numbered all mails anew: they are read once more,
// and intake knows the ones it has seen. The ones from before a connect "from
// now on" it has not seen, so they are told by their date and stay out.
func (w *watch) position(ctx context.Context, box mailbox, state folderState) (cursor, error) {
	at, err := w.store.cursor(ctx, w.inbox.WorkspaceID, w.inbox.ID, w.name)
	next := cursor{Mailbox: w.name, Validity: state.Validity}
	switch {
	case fault.Is(err, fault.NotFound):
		if w.server.History != "all" {
			if next, err = w.fromNowOn(box, state, next); err != nil {
				return next, err
			}
		} else if next.RescanTo, err = newest(box, state); err != nil {
			return next, err
		}
		return next, stored(w.store.begin(ctx, w.inbox.WorkspaceID, w.inbox.ID, next))
	case err != nil || at.Validity == state.Validity:
		return at, stored(err)
	}
	next.Since = at.Since
	if next.RescanTo, err = newest(box, state); err != nil {
		return next, err
	}
	slog.Info("mailbox was numbered anew; all of it is read again", "inbox", w.inbox.ID, "uidvalidity", next.Validity, "to", next.RescanTo)
	return next, stored(w.store.move(ctx, w.inbox.WorkspaceID, w.inbox.ID, at, next))
}

// fromNowOn is where a mailbox begins that is taken without its history. Of an
// inbox that was read before, from another folder or account, "now" is when it
// was read last: nobody has looked for what came since then.
func (w *watch) fromNowOn(box mailbox, state folderState, at cursor) (cursor, error) {
	last, err := newest(box, state)
	if w.inbox.LastFetchAt.IsZero() {
		at.UID, at.Since = last, w.clock.Now()
	} else {
		at.RescanTo, at.Since = last, w.inbox.LastFetchAt
	}
	return at, err
}

// tellLeftOut logs how many mails a pass has left out because of their age.
func (w *watch) tellLeftOut(at cursor) {
	if w.leftOut > 0 {
		slog.Info("mails from before the inbox was connected were left out", "inbox", w.inbox.ID, "mails", w.leftOut, "connected", at.Since)
	}
	w.leftOut = 0
}

// newest is the highest UID given so far.
func newest(box mailbox, state folderState) (uint32, error) {
	if state.Next != 0 {
		return state.Next - 1, nil
	}
	uids, err := box.After(0)
	if err != nil || len(uids) == 0 {
		return 0, err
	}
	return uids[len(uids)-1], nil
}

// take accepts the first of the mails and returns the cursor after them and
// the mails left.
func (w *watch) take(ctx context.Context, box mailbox, at cursor, uids []uint32) (cursor, []uint32, error) {
	stride := min(batchMails, len(uids))
	if w.careful > 0 {
		stride = 1
	}
	if w.stuck == uids[0] && w.tries == patience-1 {
		if err := w.handsOver(box, uids[0]); err != nil {
			return at, uids, err
		}
	}
	b, err := w.fetch(ctx, box, at, uids[:stride])
	if err != nil {
		if b, err = w.stumble(at, uids[:stride], err); err != nil {
			return at, uids, err
		}
	}
	defer w.memory.Release(b.held)
	next := at.passed(b.last)
	err = w.channels.Accept(ctx, b.arrivals, func(ctx context.Context) error {
		return w.store.move(ctx, w.inbox.WorkspaceID, w.inbox.ID, at, next)
	})
	if err != nil {
		return at, uids, stored(err)
	}
	w.careful = max(0, w.careful-1)
	w.leftOut += b.leftOut
	return next, uids[b.taken:], nil
}

// storeError is a failure on our side of the door.
type storeError struct{ err error }

func (e *storeError) Error() string { return "storing mail: " + e.err.Error() }
func (e *storeError) Unwrap() error { return e.err }

func stored(err error) error {
	if err == nil {
		return nil
	}
	return &storeError{err}
}

// batch is the mail of one transaction.
type batch struct {
	arrivals []channel.Arrival
	taken    int    // how many of the UIDs it answers for, those that are gone or left out included
	leftOut  int    // how many of them are older than the inbox
	last     uint32 // the highest of them
	held     int64  // bytes to give back to memory
}

// fetch reads the first of the mails, as many as one batch bears.
func (w *watch) fetch(ctx context.Context, box mailbox, at cursor, uids []uint32) (batch, error) {
	// A mail that could not be listed with its date is taken whatever its age.
	dated := w.server.History != "all" && at.rescans(uids[0]) && w.stuck != uids[0]
	there, err := box.List(uids, dated)
	if err != nil {
		return batch{}, err
	}
	p := plan(uids, there, at)
	if err := gone(box, uids[:p.taken], there); err != nil {
		return batch{}, err
	}
	b := batch{taken: p.taken, leftOut: p.leftOut, last: uids[p.taken-1]}
	if len(p.present) == 0 {
		return b, nil
	}
	weight := min(p.bytes, memoryLimit)
	if err := w.memory.Acquire(ctx, weight); err != nil {
		return b, err
	}
	letters, err := box.Fetch(p.present, p.limit)
	if err == nil {
		b.arrivals, err = w.arrivals(at, p.present, there, letters)
	}
	if err != nil {
		w.memory.Release(weight)
		return batch{}, err
	}
	b.held = weight
	return b, nil
}

// gone makes sure that the mails which the server has not listed were removed
// by their owner. It may also have kept silent about them.
func gone(box mailbox, uids []uint32, there map[uint32]listed) error {
	var missing []uint32
	for _, uid := range uids {
		if _, ok := there[uid]; !ok {
			missing = append(missing, uid)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	found, err := box.Find(missing)
	if err == nil && len(found) > 0 {
		err = failed(listingMail, fmt.Errorf("the server has mail %d and did not list it", found[0]))
	}
	return err
}

// planned is what to ask the server for next.
type planned struct {
	present []uint32
	taken   int
	leftOut int
	bytes   int64
	limit   int64
}

// plan takes mails until the batch is full, and passes those that are gone or
// older than the inbox. A mail over the limit makes a batch of its own, of
// which only the beginning is fetched.
func plan(uids []uint32, there map[uint32]listed, at cursor) planned {
	p := planned{limit: largestMail}
	for _, uid := range uids {
		m, ok := there[uid]
		switch {
		case !ok: // removed by its owner
		case at.predates(uid, m.Date):
			p.leftOut++
		case m.Size > largestMail:
			if len(p.present) == 0 {
				p.present, p.bytes, p.limit = []uint32{uid}, largeExcerpt, largeExcerpt
				p.taken++
			}
			return p
		case len(p.present) > 0 && p.bytes+m.Size > batchBytes:
			return p
		default:
			p.present, p.bytes = append(p.present, uid), p.bytes+m.Size
		}
		p.taken++
	}
	return p
}

// arrivals makes an arrival of each mail asked for. A server that names a mail
// and then does not hand it over, or hands over nothing, has failed.
func (w *watch) arrivals(at cursor, asked []uint32, there map[uint32]listed, letters []letter) ([]channel.Arrival, error) {
	byUID := make(map[uint32]letter, len(letters))
	for _, l := range letters {
		byUID[l.UID] = l
	}
	list := make([]channel.Arrival, 0, len(asked))
	for _, uid := range asked {
		l, ok := byUID[uid]
		if !ok || len(l.Raw) == 0 && there[uid].Size > 0 {
			return nil, failed(listingMail, fmt.Errorf("the server did not hand over mail %d", uid))
		}
		mark := ""
		if l.Cut {
			mark = tooLarge + ":" + strconv.FormatInt(max(there[uid].Size, largestMail+1), 10)
			l.Raw = l.Raw[:min(len(l.Raw), largeExcerpt)]
		}
		list = append(list, w.arrival(at, uid, l.Raw, mark))
	}
	return list, nil
}

func (w *watch) arrival(at cursor, uid uint32, raw []byte, mark string) channel.Arrival {
	return channel.Arrival{WorkspaceID: w.inbox.WorkspaceID, InboxID: w.inbox.ID, SourceKey: sourceKey(at, uid, mark), From: writtenBy(raw), Raw: raw}
}

// stumble decides what a failed batch means. The mails are then fetched one by
// one, so that the others pass; the one that cannot be fetched is tried again
// in new sessions, and at last a stub takes its place in quarantine. The last
// try waits until the server hands over some other mail (handsOver).
func (w *watch) stumble(at cursor, uids []uint32, err error) (batch, error) {
	alone := len(uids) == 1
	w.careful = batchMails
	if !alone || errors.Is(err, context.Canceled) {
		return batch{}, err
	}
	if w.stuck != uids[0] {
		w.stuck, w.tries = uids[0], 0
	}
	if w.tries++; w.tries < patience {
		return batch{}, err
	}
	slog.Warn("a mail cannot be fetched; a stub takes its place", "inbox", w.inbox.ID, "uid", uids[0], "err", err)
	w.stuck, w.tries = 0, 0
	return batch{arrivals: []channel.Arrival{w.arrival(at, uids[0], nil, unreadable)}, taken: 1, last: uids[0]}, nil
}

// handsOver makes sure that it is the mail that cannot be fetched, not the
// server that hands over none at the moment: it fetches the beginning of
// another one, each time a different one, until one comes.
func (w *watch) handsOver(box mailbox, stuck uint32) error {
	uids, err := box.After(0)
	others := slices.DeleteFunc(uids, func(uid uint32) bool { return uid == stuck })
	if err != nil || len(others) == 0 {
		return err
	}
	other := others[len(others)-1-w.asked%len(others)]
	w.asked++
	letters, err := box.Fetch([]uint32{other}, largeExcerpt)
	if err == nil && (len(letters) == 0 || len(letters[0].Raw) == 0) {
		err = failed(listingMail, fmt.Errorf("the server hands over neither mail %d nor mail %d", stuck, other))
	}
	return err
}

// Marks at the end of a source key say that its bytes are not the whole mail.
const (
	tooLarge   = "too-large" // followed by the size
	unreadable = "unreadable"
)

// sourceKey names a mail for ever.
func sourceKey(at cursor, uid uint32, mark string) string {
	key := fmt.Sprintf("imap:%s:%d:%d", at.Mailbox, at.Validity, uid)
	if mark != "" {
		key += ":" + mark
	}
	return key
}

// withheld is nil when a receipt holds the whole mail, and otherwise the fault
// that sends it to quarantine with the reason. The mark stands in the source
// key, where no sender can write.
func withheld(key string) error {
	const op = "email.fetch"
	if !strings.HasPrefix(key, "imap:") {
		return nil
	}
	parts := strings.Split(key, ":")
	if parts[len(parts)-1] == unreadable {
		return fault.New(op, fault.Invalid, "The mail server named this mail but would not hand it over, "+strconv.Itoa(patience)+" times. It is still in the mailbox: read it there.")
	}
	if n := len(parts); n > 2 && parts[n-2] == tooLarge {
		size, _ := strconv.ParseInt(parts[n-1], 10, 64)
		return fault.Newf(op, fault.TooLarge, "This mail has %d MB; at most %d MB are taken. Only its beginning was fetched. The whole of it is still in the mailbox: read it there.", (size+1<<20-1)>>20, largestMail>>20)
	}
	return nil
}

// writtenBy is the address in the From line, for the list of mails; empty when
// it cannot be read.
func writtenBy(raw []byte) string {
	m, err := mail.ReadMessage(bytes.NewReader(raw[:min(len(raw), largeExcerpt)]))
	if err != nil {
		return ""
	}
	from, err := m.Header.AddressList("From")
	if err != nil || len(from) == 0 {
		return ""
	}
	return from[0].Address
}

// healthy notes that the mailbox was read to its end.
func (w *watch) healthy(ctx context.Context) {
	w.tries, w.stuck = 0, 0
	if w.troubled {
		w.inbox.State, w.troubled = "trouble", false
		w.channels.NoteHealth(ctx, w.inbox)
	}
	if now := w.clock.Now(); now.Sub(w.noted) >= noteEvery {
		w.noted = now
		if err := w.channels.NoteFetch(ctx, w.inbox); err != nil {
			slog.Warn("the time of a fetch was not noted", "inbox", w.inbox.ID, "err", err)
		}
	}
}

// report shows on the inbox what is wrong with its server. Not worth showing:
// our own database's troubles, and a session that was cut off once.
func (w *watch) report(ctx context.Context, err error) {
	var ours *storeError
	slog.Warn("fetching mail failed", "inbox", w.inbox.ID, "failures", w.failures, "err", err)
	if errors.As(err, &ours) || w.failures == 1 && midway(err) {
		return
	}
	if errors.Is(err, channel.ErrReconnect) {
		w.channels.NoteLost(ctx, w.inbox, fault.MessageOf(err))
		return
	}
	text, hint := explain(imapProtocol, w.server, err)
	w.inbox.State, w.troubled = "", true // as another node left it: the store compares
	w.channels.NoteTrouble(ctx, w.inbox, troublePrefix+text+" "+hint)
}

// midway tells of an error after sign-in that a new session may not meet.
func midway(err error) bool {
	at := stageOf(err)
	return at == "" || at == listingMail
}

func stageOf(err error) stage {
	var at *stageError
	if errors.As(err, &at) {
		return at.stage
	}
	return ""
}
