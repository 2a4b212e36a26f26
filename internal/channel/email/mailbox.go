package email

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
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
)

// stage is how far a session with a server came.
type stage string

const (
	connecting  stage = "connect"
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
	news   chan struct{} // holds one token when the folder has grown
	count  atomic.Int64  // mails in the folder, as far as the server has told
	lone   bool          // the server refused IDLE
	unbind func() bool
}

// dialIMAP connects and signs in. The connection ends with ctx.
func dialIMAP(ctx context.Context, guard *outbound.Guard, roots *x509.CertPool, s channel.Server) (*imapBox, error) {
	limited, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	conn, err := guard.DialContext(limited, "tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.Port)))
	if err != nil {
		return nil, failed(connecting, err)
	}
	conn = &attentive{conn, silence}
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
	uids, err := b.search(above)
	return slices.DeleteFunc(uids, func(found uint32) bool { return found <= uid }), err // n:* always names the last mail, even below n
}

// Find implements mailbox.
func (b *imapBox) Find(uids []uint32) ([]uint32, error) { return b.search(uidSet(uids)) }

// search lists the UIDs of a set that the server knows, ascending.
func (b *imapBox) search(among imap.UIDSet) ([]uint32, error) {
	found, err := b.client.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{among}}, nil).Wait()
	if err != nil {
		return nil, failed(listingMail, err)
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
	there := map[uint32]listed{}
	list, err := b.client.Fetch(uidSet(uids), &imap.FetchOptions{UID: true, RFC822Size: true, InternalDate: dated}).Collect()
	for _, m := range list {
		there[uint32(m.UID)] = listed{m.RFC822Size, m.InternalDate}
	}
	return there, failed(listingMail, err)
}

// Fetch implements mailbox with BODY.PEEK, which does not mark mails as read.
func (b *imapBox) Fetch(uids []uint32, limit int64) ([]letter, error) {
	// One byte more than wanted tells whether there is more.
	part := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Size: limit + 1}}
	command := b.client.Fetch(uidSet(uids), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{part}})
	var letters []letter
	for m := command.Next(); m != nil; m = command.Next() {
		l, whole, err := readLetter(m, limit)
		if err != nil {
			command.Close()
			return nil, failed(listingMail, err)
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

// attentive is a connection that is never waited on for long: the IMAP client
// sets no deadline while it waits for the first byte of an answer.
type attentive struct {
	net.Conn
	patience time.Duration
}

func (c *attentive) Read(p []byte) (int, error) {
	if err := c.Conn.SetReadDeadline(time.Now().Add(c.patience)); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

// SetReadDeadline leaves Read's own deadline in force.
func (c *attentive) SetReadDeadline(time.Time) error { return nil }

// SetDeadline is SetWriteDeadline: reading has its own deadline.
func (c *attentive) SetDeadline(t time.Time) error { return c.Conn.SetWriteDeadline(t) }
