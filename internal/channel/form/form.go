package form

import (
	"context"
	"net/http"

	"rapport/internal/channel"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/token"
)

// Name is the channel's name in inboxes, API and logs.
const Name = "form"

// keyPrefix begins the public name of a form.
const keyPrefix = "fm_"

// Adapter is the form channel.
type Adapter struct{ blobs *blob.Store }

var (
	_ channel.Adapter   = (*Adapter)(nil)
	_ channel.Elsewhere = (*Adapter)(nil)
	_ channel.Preparer  = (*Adapter)(nil)
)

// New makes the form channel.
func New(blobs *blob.Store) *Adapter { return &Adapter{blobs} }

// Channel fulfils channel.Adapter.
func (a *Adapter) Channel() string { return Name }

// Answers fulfils channel.Elsewhere: a form has nobody at its far end.
func (a *Adapter) Answers() channel.Answers { return channel.AnswersByMail }

// Prepare fulfils channel.Preparer: the public name of a new form, and the
// fields it begins with.
func (a *Adapter) Prepare(inbox channel.Inbox) channel.Inbox {
	if inbox.Address == "" {
		inbox.Address, _ = token.New(keyPrefix)
	}
	if inbox.Form == nil {
		inbox.Form = &channel.FormSettings{}
	}
	settings := tidy(*inbox.Form)
	inbox.Form = &settings
	return inbox
}

// Check validates the settings of a form; the faults name the field.
func (a *Adapter) Check(inbox channel.Inbox) error {
	if inbox.Form == nil || !token.Formed(keyPrefix, inbox.Address) {
		return fault.InvalidField("form.Check", "form", "Fill in the settings of the form.")
	}
	return check(*inbox.Form)
}

// Parse turns a submission into an Inbound. Its address was typed: it proves
// nothing, and each submission comes from somebody of its own.
func (a *Adapter) Parse(ctx context.Context, inbox channel.Inbox, _ channel.Receipt, raw []byte) (channel.Inbound, error) {
	const op = "form.Parse"
	s, err := readSubmission(raw)
	if err != nil {
		return channel.Inbound{}, fault.Wrap(op, err)
	}
	said := s.text()
	in := channel.Inbound{
		WorkspaceID: inbox.WorkspaceID, InboxID: inbox.ID, SentAt: s.SentAt, Class: channel.Human, Proof: channel.ProofTyped,
		Sender: channel.Sender{Kind: "visitor", ID: "form:" + s.ID}, From: channel.Party{Name: s.name(), Address: s.address()},
		Subject: s.subject(), Text: said, Reply: said, ExternalID: "form." + s.ID + "@rapport.invalid", ContentHash: s.hash(),
	}
	for _, f := range s.Files {
		st, err := a.blobs.Stage(ctx, inbox.WorkspaceID, f.data)
		if err != nil {
			return in, fault.Wrap(op, err)
		}
		st.Name, st.ContentType = f.Name, http.DetectContentType(f.data)
		in.Attachments = append(in.Attachments, channel.InboundAttachment{Name: st.Name, ContentType: st.ContentType, Size: int64(len(f.data)), Blob: st})
	}
	return in, nil
}

// Build and Send are never asked for: answers leave through a mail inbox.
func (a *Adapter) Build(context.Context, channel.Inbox, channel.Outbound) (channel.Built, error) {
	return channel.Built{}, errSilent
}

// Send fulfils channel.Adapter.
func (a *Adapter) Send(context.Context, channel.Inbox, channel.Built) ([]channel.Outcome, error) {
	return nil, errSilent
}

var errSilent = fault.New("form.Send", fault.Invalid, "A form sends nothing: its answers leave through an e-mail inbox. Choose one in its settings.")
