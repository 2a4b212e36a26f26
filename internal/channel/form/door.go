package form

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"time"

	"rapport/internal/channel"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/limit"
	"rapport/internal/platform/secret"
	"rapport/internal/platform/token"
)

// How much a form takes. What is over it is refused with words, and may be sent
// again later from the same page.
const (
	limitTime    = 10 * time.Minute
	limitNetwork = 20  // from one address, or one /64
	limitForm    = 300 // in all
	keepNotes    = 30 * 24 * time.Hour
	heavy        = 4 // submissions with files that are in memory at once
)

// Deps is what the door stands on.
type Deps struct {
	Channels *channel.Room
	Store    Store
	Key      *secret.Key
	Clock    clock.Clock
	Company  func(ctx context.Context, workspaceID int64) (name, language string, err error)
}

// Door takes what visitors send.
type Door struct {
	Deps
	store  store
	signer signer
	heavy  chan struct{}
}

// NewDoor makes the door of all forms.
func NewDoor(d Deps) *Door {
	return &Door{Deps: d, store: store{d.Store}, signer: signer{d.Key}, heavy: make(chan struct{}, heavy)}
}

// Open is a form as a visitor is shown it; NotFound when there is none of that
// name. language is what the visitor reads, if the form leaves that open.
func (d *Door) Open(ctx context.Context, key, language string) (channel.FormPage, error) {
	const op = "form.Open"
	inbox, err := d.inbox(ctx, key)
	if err != nil {
		return channel.FormPage{}, fault.Wrap(op, err)
	}
	company, house, err := d.Company(ctx, inbox.WorkspaceID)
	p := Show(*inbox.Form, company, language)
	p.House, p.WorkspaceID, p.InboxID, p.Token = house, inbox.WorkspaceID, inbox.ID, d.signer.issue(inbox.ID, d.Clock.Now())
	return p, fault.Wrap(op, err)
}

// Show is a form that may not be kept yet, as its visitors would see it.
func Show(s channel.FormSettings, company, language string) channel.FormPage {
	s = tidy(s)
	if s.Language != "auto" {
		language = s.Language
	}
	labels := map[string]string{}
	for _, f := range s.Fields {
		labels[f.Key] = labelOf(f, language)
	}
	return channel.FormPage{Company: company, Form: s, Labels: labels, Language: language}
}

func (d *Door) inbox(ctx context.Context, key string) (channel.Inbox, error) {
	if !token.Formed(keyPrefix, key) {
		return channel.Inbox{}, fault.New("form.inbox", fault.NotFound, "")
	}
	inbox, err := d.Channels.InboxAt(ctx, key)
	if err == nil && inbox.Form == nil {
		return inbox, fault.New("form.inbox", fault.NotFound, "")
	}
	return inbox, err
}

// Taken reports whether a reference was given for this form.
func (d *Door) Taken(ctx context.Context, p channel.FormPage, reference string) (bool, error) {
	return d.store.known(ctx, p.WorkspaceID, p.InboxID, reference)
}

// Submit takes what was typed, once: what is sent again from the same page gets
// the same reference. When something is wrong nothing is kept, and the verdict
// says in English what to mend.
func (d *Door) Submit(ctx context.Context, p channel.FormPage, post channel.FormPost) (channel.FormVerdict, error) {
	const op = "form.Submit"
	s, verdict, err := d.examine(ctx, p, post)
	if err != nil || len(verdict.Problems) > 0 {
		return verdict, fault.Wrap(op, err)
	}
	if len(post.Files) > 0 {
		select {
		case d.heavy <- struct{}{}:
			defer func() { <-d.heavy }()
		case <-ctx.Done():
			return verdict, fault.Wrap(op, ctx.Err())
		}
	}
	if err := s.load(p.Form, post.Files); err != nil {
		return verdict, fault.Wrap(op, err)
	}
	note := taken{WorkspaceID: p.WorkspaceID, InboxID: p.InboxID, ID: s.ID, Reference: s.Reference, Hash: s.hash(), Network: d.network(post.IP), At: s.SentAt}
	return d.keep(ctx, s, note, post.Token)
}

// again is a token for a page that is shown once more: somebody has read it.
func (d *Door) again(inboxID int64) string {
	return d.signer.issue(inboxID, d.Clock.Now().Add(-minAge))
}

// examine looks at everything that can be judged without the bytes of files.
func (d *Door) examine(ctx context.Context, p channel.FormPage, post channel.FormPost) (submission, channel.FormVerdict, error) {
	now := d.Clock.Now()
	verdict := channel.FormVerdict{Token: post.Token}
	own, err := d.Channels.OwnAddresses(ctx, p.WorkspaceID)
	if err != nil {
		return submission{}, verdict, err
	}
	sheet := sheet{form: p.Form, house: p.House, own: own}
	sheet.read(post)
	from, ours := d.signer.open(p.InboxID, post.Token)
	switch age := now.Sub(from.at); {
	case !ours, age > maxAge, age < -time.Minute:
		verdict.Token = d.again(p.InboxID)
		sheet.complainOfAll("This page was open for too long. Nothing is lost: look at it once more and press the button again.")
	case age < minAge:
		sheet.complainOfAll("That was very fast. If you are a person, press the button once more.")
	case post.Trap != "":
		sheet.complainOfAll("A program may have filled in a field that people do not see. It is empty again: press the button once more.")
	}
	verdict.Problems = sheet.problems
	return submission{ID: from.id, Reference: d.signer.reference(p.InboxID, from.id), Title: p.Form.Title, House: p.House, Language: p.Language, SentAt: now, Entries: sheet.entries}, verdict, nil
}

// load reads the files of a form's fields.
func (s *submission) load(f channel.FormSettings, files []channel.FormFile) error {
	for _, field := range f.Fields {
		for _, sent := range files {
			if field.Type != typeFile || sent.Field != field.Key {
				continue
			}
			data, err := readAll(sent)
			if err != nil {
				return err
			}
			s.Files = append(s.Files, file{Field: field.Key, Label: labelOf(field, s.House), Name: fileName(sent.Name), data: data})
		}
	}
	return nil
}

func readAll(f channel.FormFile) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, maxFile))
}

var (
	errOther = errors.New("something else was taken from this page")
	errMany  = errors.New("too much was taken")
)

// keep accepts a submission.
func (d *Door) keep(ctx context.Context, s submission, note taken, token string) (channel.FormVerdict, error) {
	const op = "form.keep"
	raw, err := s.bytes()
	if err != nil {
		return channel.FormVerdict{}, fault.Wrap(op, err)
	}
	arrival := channel.Arrival{WorkspaceID: note.WorkspaceID, InboxID: note.InboxID, SourceKey: "form:" + s.ID, From: s.address(), Raw: raw}
	err = d.Channels.Accept(ctx, []channel.Arrival{arrival}, func(ctx context.Context) error { return d.count(ctx, note) })
	problem := func(message string) []channel.FormProblem { return []channel.FormProblem{{Message: message}} }
	switch {
	case errors.Is(err, errOther):
		return channel.FormVerdict{Token: d.again(note.InboxID), Problems: problem("Your message was sent already, with other words. Press the button again to send this as another message.")}, nil
	case errors.Is(err, errMany):
		return channel.FormVerdict{Token: token, Limited: true, Problems: problem("Too many messages came in the last minutes. Wait a little, then press the button again: what you wrote stays here.")}, nil
	case err != nil:
		return channel.FormVerdict{}, fault.Wrap(op, err)
	}
	return channel.FormVerdict{Reference: s.Reference}, nil
}

// count notes a submission in the transaction that keeps it, within limits.
func (d *Door) count(ctx context.Context, note taken) error {
	added, err := d.store.note(ctx, note)
	if err != nil {
		return err
	}
	if !added {
		before, err := d.store.taken(ctx, note.WorkspaceID, note.InboxID, note.ID)
		if err == nil && before.Hash != note.Hash {
			err = errOther
		}
		return err
	}
	all, near, err := d.store.since(ctx, note.WorkspaceID, note.InboxID, note.Network, note.At.Add(-limitTime))
	if err != nil {
		return err
	}
	if all > limitForm || near > limitNetwork {
		return errMany
	}
	return d.store.forget(ctx, note.WorkspaceID, note.InboxID, note.At.Add(-keepNotes))
}

// network names where somebody writes from without telling it.
func (d *Door) network(ip string) string {
	return hex.EncodeToString(d.Key.MAC("form network", []byte(limit.Network(ip)))[:16])
}
