package email

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"

	"rapport/internal/channel"
	"rapport/internal/platform/outbound"
)

// mailbox is a signed-in session with one folder of a mail server, read-only.
// It lives until Close or the end of the context it was dialled with; every
// method then fails.
type mailbox interface {
	// Open reads the folder's state anew; nothing in it is ever changed.
	Open(folder string) (folderState, error)
	// After lists the UIDs above uid, ascending.
	After(uid uint32) ([]uint32, error)
	// Find tells which of those mails are still there.
	Find(uids []uint32) ([]uint32, error)
	// List tells the sizes of those mails that are still there, and with dated
	// also when the server got them.
	List(uids []uint32, dated bool) (map[uint32]listed, error)
	// Fetch returns at most the first limit bytes of each mail that is still
	// there, leaving it unread.
	Fetch(uids []uint32, limit int64) ([]letter, error)
	// Wait returns when the server has news, when the time is over, or with an
	// error when the session has ended.
	Wait(patience time.Duration) error
	Close() error
}

// folderState is what a server says of a folder it opens.
type folderState struct {
	Validity uint32
	Next     uint32 // the next mail gets at least this UID; 0 when the server does not say
}

// listed is what a server says of a mail before it hands it over.
type listed struct {
	Size int64
	Date time.Time // zero when it was not asked for or is not known
}

// letter is a mail as the server gave it.
type letter struct {
	UID uint32
	Raw []byte
	Cut bool // there is more of it than was asked for
}

const (
	dialTime = 30 * time.Second // for connecting, encryption and sign-in
	silence  = 90 * time.Second // we ask at least once a minute; a server silent for longer is gone

	// What one answer of a server may take. Of mails asked for together a bit
	// more may come than their sizes promised; one alone is bounded by itself.
	answerTime  = 15 * time.Minute
	answerBytes = 128 << 20
	answerMails = 10_000_000
	answerBatch = 2 * batchBytes
)

// errEndless: the server says more than it could have to say.
var errEndless = errors.New("the server's answer has no end")

// stage is how far a session with a server came.
type stage string

const (
	connecting  stage = "connect"
	authorizing stage = "oauth" // before a token is had
	encrypting  stage = "tls"
	greeting    stage = "greeting"
	signingIn   stage = "login"
	openingBox  stage = "folder"
	naming      stage = "sender" // SMTP: MAIL FROM
	listingMail stage = "mail"
)

// stageError is a failure with the stage it happened in, for finding words.
type stageError struct {
	stage stage
	err   error
}

func (e *stageError) Error() string { return string(e.stage) + ": " + e.err.Error() }
func (e *stageError) Unwrap() error { return e.err }

func failed(s stage, err error) error {
	if err == nil {
		return nil
	}
	return &stageError{s, err}
}

// errPlainRefused: the server takes passwords over encrypted connections only.
var errPlainRefused = errors.New("the server refuses sign-in without encryption")

// imapBox is a mailbox on a real server.
type imapBox struct {
	client *imapclient.Client
	conn   *attentive
	news   chan struct{} // holds one token when the folder has grown
	count  atomic.Int64  // mails in the folder, as far as the server has told
	lone   bool          // the server refused IDLE
	unbind func() bool
}

// dialIMAP connects and signs in. The connection ends with ctx.
func dialIMAP(ctx context.Context, guard *outbound.Guard, roots *x509.CertPool, s channel.Server) (*imapBox, error) {
	return dialPatiently(ctx, guard, roots, s, dialTime, silence)
}

func dialPatiently(ctx context.Context, guard *outbound.Guard, roots *x509.CertPool, s channel.Server, dialTime, silence time.Duration) (*imapBox, error) {
	limited, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	raw, err := guard.DialContext(limited, "tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.Port)))
	if err != nil {
		return nil, failed(connecting, err)
	}
	conn := attend(raw, silence)
	inTime := context.AfterFunc(limited, func() { conn.Close() })
	box, err := greetIMAP(limited, conn, roots, s)
	if err == nil {
		err = box.signIn(s)
	}
	if !inTime() && err == nil {
		err = failed(greeting, context.Cause(limited))
	}
	if err != nil {
		conn.Close()
		return nil, late(limited, err)
	}
	box.conn = conn
	box.unbind = context.AfterFunc(ctx, func() { conn.Close() })
	return box, nil
}

// late says that time was up when that is why the connection broke.
func late(ctx context.Context, err error) error {
	var at *stageError
	if ctx.Err() != nil && errors.As(err, &at) {
		return failed(at.stage, ctx.Err())
	}
	return err
}

// greetIMAP brings a connection to the point where one can sign in.
func greetIMAP(ctx context.Context, conn net.Conn, roots *x509.CertPool, s channel.Server) (*imapBox, error) {
	box := &imapBox{news: make(chan struct{}, 1)}
	trust := &tls.Config{ServerName: s.Host, RootCAs: roots}
	options := &imapclient.Options{TLSConfig: trust, UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(data *imapclient.UnilateralDataMailbox) {
			if data.NumMessages != nil {
				box.exists(int64(*data.NumMessages))
			}
		},
		Expunge: func(uint32) { box.count.Add(-1) },
	}}
	switch s.Security {
	case "tls":
		encrypted := tls.Client(conn, trust)
		if err := encrypted.HandshakeContext(ctx); err != nil {
			return nil, failed(encrypting, err)
		}
		box.client = imapclient.New(encrypted, options)
	case "starttls":
		client, err := startTLS(ctx, conn, options)
		if err != nil {
			return nil, failed(encrypting, err)
		}
		box.client = client
	default:
		box.client = imapclient.New(conn, options)
	}
	return box, failed(greeting, box.client.WaitGreeting())
}

// startTLS encrypts a connection. The IMAP client waits for ever when the
// server's consent has no proper end, even after the connection was closed.
func startTLS(ctx context.Context, conn net.Conn, options *imapclient.Options) (*imapclient.Client, error) {
	type result struct {
		client *imapclient.Client
		err    error
	}
	ended := make(chan result, 1)
	go func() {
		client, err := imapclient.NewStartTLS(conn, options)
		ended <- result{client, err}
	}()
	select {
	case r := <-ended:
		return r.client, r.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// signIn proves who we are; without a user name there is no sign-in.
func (b *imapBox) signIn(s channel.Server) error {
	caps := b.client.Caps()
	if s.Username == "" {
		return nil
	}
	var err error
	switch {
	case s.AuthorizationID != 0:
		way, refusal := bearerFor(s, func(mechanism string) bool { return caps.Has(imap.AuthCap(mechanism)) })
		if err = refusal; err == nil {
			err = b.client.Authenticate(way)
		}
	case caps.Has(imap.AuthCap("PLAIN")):
		err = b.client.Authenticate(sasl.NewPlainClient("", s.Username, s.Password))
	case caps.Has(imap.CapLoginDisabled):
		err = errPlainRefused
	default:
		err = b.client.Login(s.Username, s.Password).Wait()
	}
	return failed(signingIn, err)
}

// exists takes the server's word for how many mails there are. Some repeat it
// whenever they are asked to announce mail, which is no news.
func (b *imapBox) exists(mails int64) {
	if b.count.Swap(mails) < mails {
		b.ring()
	}
}

func (b *imapBox) ring() {
	select {
	case b.news <- struct{}{}:
	default:
	}
}

// Open implements mailbox with EXAMINE, which cannot change flags.
func (b *imapBox) Open(folder string) (folderState, error) {
	b.conn.ask()
	select {
	case <-b.news: // what it announced is seen now
	default:
	}
	data, err := b.client.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		return folderState{}, failed(openingBox, err)
	}
	b.count.Store(int64(data.NumMessages))
	return folderState{Validity: data.UIDValidity, Next: uint32(data.UIDNext)}, nil
}

// After implements mailbox.
func (b *imapBox) After(uid uint32) ([]uint32, error) {
	var above imap.UIDSet
	above.AddRange(imap.UID(uid)+1, 0)
	found, err := b.search(above)
	if err != nil {
		return nil, err
	}
	// Some servers search in an index that is behind, so the folder is asked too.
	named, err := b.named(above)
	uids := append(found, named...)
	slices.Sort(uids)
	return slices.DeleteFunc(slices.Compact(uids), func(found uint32) bool { return found <= uid }), err // n:* always names the last mail, even below n
}

// named lists the UIDs of a set that the folder holds.
func (b *imapBox) named(among imap.UIDSet) ([]uint32, error) {
	b.conn.ask()
	command := b.client.Fetch(among, &imap.FetchOptions{UID: true})
	var uids []uint32
	for m := command.Next(); m != nil; m = command.Next() {
		for item := m.Next(); item != nil; item = m.Next() {
			if u, ok := item.(imapclient.FetchItemDataUID); ok {
				uids = append(uids, uint32(u.UID))
			}
		}
	}
	return uids, failed(listingMail, command.Close())
}

// Find implements mailbox.
func (b *imapBox) Find(uids []uint32) ([]uint32, error) { return b.search(uidSet(uids)) }

// search lists the UIDs of a set that the server knows, ascending.
func (b *imapBox) search(among imap.UIDSet) ([]uint32, error) {
	b.conn.ask()
	found, err := b.client.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{among}}, nil).Wait()
	if err != nil {
		return nil, failed(listingMail, err)
	}
	uids, err := numbers(found)
	return uids, failed(listingMail, err)
}

// numbers lists what a search has found, ascending. A server may name ranges:
// a few bytes can stand for all numbers there are.
func numbers(found *imap.SearchData) ([]uint32, error) {
	ranges, _ := found.All.(imap.UIDSet)
	many := uint64(0)
	for _, r := range ranges {
		many += uint64(max(r.Start, r.Stop)) - uint64(min(r.Start, r.Stop)) + 1
	}
	if many > answerMails {
		return nil, fmt.Errorf("the server claims to have found %d mails", many)
	}
	var uids []uint32
	for _, uid := range found.AllUIDs() {
		uids = append(uids, uint32(uid))
	}
	slices.Sort(uids)
	return slices.Compact(uids), nil
}

// List implements mailbox.
func (b *imapBox) List(uids []uint32, dated bool) (map[uint32]listed, error) {
	b.conn.ask()
	there := map[uint32]listed{}
	list, err := b.client.Fetch(uidSet(uids), &imap.FetchOptions{UID: true, RFC822Size: true, InternalDate: dated}).Collect()
	for _, m := range list {
		there[uint32(m.UID)] = listed{m.RFC822Size, m.InternalDate}
	}
	return there, failed(listingMail, err)
}

// Fetch implements mailbox with BODY.PEEK, which does not mark mails as read.
func (b *imapBox) Fetch(uids []uint32, limit int64) ([]letter, error) {
	b.conn.ask()
	// One byte more than wanted tells whether there is more.
	part := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Size: limit + 1}}
	command := b.client.Fetch(uidSet(uids), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{part}})
	var letters []letter
	held := 0
	for m := command.Next(); m != nil; m = command.Next() {
		l, whole, err := readLetter(m, limit)
		if err != nil {
			// The client reads on by itself after such an error, so nobody may read
			// beside it: the session is over.
			b.conn.Close()
			return nil, failed(listingMail, err)
		}
		if held += len(l.Raw); len(letters) > 0 && held > answerBatch {
			command.Close()
			return nil, failed(listingMail, errEndless)
		}
		if whole {
			letters = append(letters, l)
		}
	}
	return letters, failed(listingMail, command.Close())
}

// readLetter reads one answer to FETCH; whole is false when it has no body.
func readLetter(m *imapclient.FetchMessageData, limit int64) (l letter, whole bool, err error) {
	for item := m.Next(); item != nil; item = m.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			l.UID = uint32(item.UID)
		case imapclient.FetchItemDataBodySection:
			whole = true
			if item.Literal == nil {
				continue
			}
			// The server names the size first; it is believed up to the limit.
			l.Raw = make([]byte, min(item.Literal.Size(), limit+1))
			if _, err := io.ReadFull(item.Literal, l.Raw); err != nil {
				return l, false, err
			}
			if l.Cut = int64(len(l.Raw)) > limit; l.Cut {
				l.Raw = l.Raw[:limit]
			}
		}
	}
	return l, whole, nil
}

func uidSet(uids []uint32) imap.UIDSet {
	var set imap.UIDSet
	for _, uid := range uids {
		set.AddNum(imap.UID(uid))
	}
	return set
}

// Wait implements mailbox with IDLE where the server knows it.
func (b *imapBox) Wait(patience time.Duration) error {
	b.conn.ask()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	if !b.idles() {
		return b.await(timer.C)
	}
	idle, err := b.client.Idle()
	var refusal *imap.Error
	if errors.As(err, &refusal) {
		b.lone = true
		return b.await(timer.C)
	}
	if err != nil {
		return err
	}
	err = b.await(timer.C)
	return errors.Join(err, idle.Close(), idle.Wait())
}

func (b *imapBox) idles() bool { return !b.lone && b.client.Caps().Has(imap.CapIdle) }

func (b *imapBox) await(over <-chan time.Time) error {
	select {
	case <-b.news:
		b.ring() // Open takes it
		return nil
	case <-over:
		return nil
	case <-b.client.Closed():
		return io.ErrUnexpectedEOF
	}
}

// Close implements mailbox.
func (b *imapBox) Close() error {
	b.unbind()
	return b.client.Close()
}

// attentive is a connection that is never waited on for long, and from which no
// answer without an end is read: the IMAP client sets no deadline while it
// waits for the first byte of an answer, and no limit to its lines.
type attentive struct {
	net.Conn
	patience time.Duration
	left     atomic.Int64 // bytes of the answer
	until    atomic.Int64 // its end, in nanoseconds since 1970
}

func attend(conn net.Conn, patience time.Duration) *attentive {
	c := &attentive{Conn: conn, patience: patience}
	c.ask()
	return c
}

// ask says that a new answer begins.
func (c *attentive) ask() {
	c.left.Store(answerBytes)
	c.until.Store(time.Now().Add(answerTime).UnixNano())
}

func (c *attentive) Read(p []byte) (int, error) {
	if c.left.Load() <= 0 {
		return 0, errEndless
	}
	end := min(time.Now().Add(c.patience).UnixNano(), c.until.Load())
	if err := c.Conn.SetReadDeadline(time.Unix(0, end)); err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(p)
	c.left.Add(-int64(n))
	return n, err
}

// SetReadDeadline leaves Read's own deadline in force.
func (c *attentive) SetReadDeadline(time.Time) error { return nil }

// SetDeadline is SetWriteDeadline: reading has its own deadline.
func (c *attentive) SetDeadline(t time.Time) error { return c.Conn.SetWriteDeadline(t) }
