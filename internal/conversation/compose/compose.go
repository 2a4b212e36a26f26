// Package compose puts together what leaves a conversation: the subject, what is
// quoted, what it refers to, the signature. channel asks for it when a message's
// hold has ended.
package compose

import (
	"context"
	"math"
	"regexp"
	"slices"
	"strings"

	"rapport/internal/channel"
	"rapport/internal/channel/letterhead"
	"rapport/internal/conversation"
	"rapport/internal/conversation/attachment"
	"rapport/internal/conversation/participant"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
	"rapport/internal/platform/rich"
	"rapport/internal/platform/safehtml"
	"rapport/internal/platform/variable"
)

// Desk composes outgoing messages. It is safe for use by many goroutines.
type Desk struct{ store store }

var _ channel.Composer = (*Desk)(nil)

// New makes the desk.
func New(s Store) *Desk { return &Desk{store{s}} }

// Compose gives an outgoing message its content; channel calls it when the
// message's hold has ended. What a recipient may not read is not quoted.
func (d *Desk) Compose(ctx context.Context, workspaceID, messageID int64) (channel.Outbound, error) {
	const op = "compose.Compose"
	m, err := d.store.message(ctx, workspaceID, messageID)
	if err != nil {
		return channel.Outbound{}, fault.Wrap(op, err)
	}
	s, err := d.store.setting(ctx, m)
	if err != nil {
		return channel.Outbound{}, fault.Wrap(op, err)
	}
	c, inbox := s.conversation, s.inbox
	out := channel.Outbound{ID: m.OutboundID, WorkspaceID: workspaceID, InboxID: c.InboxID, ConversationID: c.ID, MessageID: m.ID,
		FromName: m.Author.Name, To: m.To, Cc: m.Cc, Bcc: m.Bcc, Subject: c.Subject, Text: m.Text, HTML: m.HTML, Language: m.Language,
		Signature: conversation.Signature(s.signature, inbox), References: s.references()}
	if out.FromName == "" {
		out.FromName = inbox.Name
	}
	if m.Class == channel.AutoReply {
		return automatic(out, inbox, c), nil
	}
	around, err := dress(&out, inbox, conversation.Variables(m.Author, s.customer, inbox, c.Number), m.Passes.Last == 0)
	if err != nil {
		return out, fault.Wrap(op, err)
	}
	pictures, err := d.pictures(ctx, m, around, s)
	if err != nil {
		return out, fault.Wrap(op, err)
	}
	if m.Passes.Last > 0 {
		return forwarded(out, s.passed, pictures), nil
	}
	if m.Position > 1 {
		out.Subject = replySubject(c.Subject)
	}
	if len(s.answered) > 0 && participant.MayQuote(m.Recipients(), s.participants) {
		out.Quoted = quote(s.answered[0])
		out.Quoted.HTML = pictures.Quote(out.Quoted.HTML, s.answered[0].Attachments, attachment.MaxQuoted)
	}
	out.Attachments = filesOf(pictures.Files)
	return out, nil
}

// pictures begins the files of a mail with those of its own words and those that
// stand around them.
func (d *Desk) pictures(ctx context.Context, m conversation.Message, around []int64, s setting) (*attachment.Pictures, error) {
	ids := slices.Clone(around)
	for _, one := range slices.Concat([]conversation.Message{m}, s.answered, s.passed) {
		for _, a := range one.Attachments {
			if a.ContentID != "" {
				ids = append(ids, a.ID)
			}
		}
	}
	var sums map[int64]string
	if len(ids) > 0 {
		var err error
		if sums, err = d.store.sums(ctx, m.WorkspaceID, ids); err != nil {
			return nil, err
		}
	}
	pictures := attachment.NewPictures(m.Attachments, sums)
	for _, id := range around {
		pictures.Show(conversation.Attachment{ID: id, ContentID: rich.PictureName(id)})
	}
	return pictures, nil
}

// automatic makes out a mail that nobody wrote by hand. It quotes nothing, and
// its signature calls nobody by name: a name that came with a mail may be
// somebody else's words. A signature that needs a name is left out.
func automatic(out channel.Outbound, inbox channel.Inbox, c conversation.Conversation) channel.Outbound {
	out.Automatic, out.Subject = true, conversation.AutomaticSubject(out.Language, c.Number)
	signature, open := inbox.Signature.Fill(conversation.Variables(conversation.Author{}, "", inbox, c.Number))
	if out.Signature = signature; len(open) > 0 {
		out.Signature = rich.Text{}
	}
	for _, id := range out.Signature.Pictures() {
		out.Attachments = append(out.Attachments, channel.OutboundAttachment{ContentID: rich.PictureName(id), Inline: true, BlobID: id})
	}
	return out
}

func filesOf(files []conversation.Attachment) []channel.OutboundAttachment {
	out := make([]channel.OutboundAttachment, len(files))
	for i, a := range files {
		out[i] = channel.OutboundAttachment{Name: a.Name, ContentType: a.ContentType, ContentID: a.ContentID, Inline: a.Inline, BlobID: a.ID}
	}
	return out
}

// forwarded makes out a forward of messages, the newest first, with the pictures
// that stand in their text. It begins a mail of its own: who gets it has none of
// those before, and their ids are not for them.
func forwarded(out channel.Outbound, passed []conversation.Message, pictures *attachment.Pictures) channel.Outbound {
	out.Subject, out.References = forwardSubject(out.Subject), nil
	for _, m := range passed {
		q := quote(m)
		q.To = slices.Concat(m.To, m.Cc)
		q.HTML = pictures.Quote(q.HTML, m.Attachments, math.MaxInt64)
		out.Forwarded = append(out.Forwarded, *q)
	}
	out.Attachments = filesOf(pictures.Files)
	return out
}

// dress puts the template of the inbox around the words of an answer, and the
// variables into it and into the signature. That they have values was asked
// when the message was written; one that has lost its value since stops it. It
// returns the pictures that stand in what was put around the words.
func dress(out *channel.Outbound, inbox channel.Inbox, values variable.Values, answer bool) ([]int64, error) {
	signature, open := out.Signature.Fill(values)
	out.Signature = signature
	pictures := signature.Pictures()
	if before, after, found := inbox.Template.Around(letterhead.MessageMark); answer && found && (out.Text != "" || out.HTML != "") {
		before, more := before.Fill(values)
		after, last := after.Fill(values)
		open = slices.Concat(open, more, last)
		if out.HTML != "" || inbox.Template.HTML != "" {
			out.HTML = before.Markup() + rich.Text{Plain: out.Text, HTML: out.HTML}.Markup() + after.Markup()
		}
		out.Text = before.Plain + out.Text + after.Plain
		pictures = slices.Concat(pictures, before.Pictures(), after.Pictures())
	}
	if len(open) > 0 {
		return nil, job.Permanent(fault.New("compose.dress", fault.Invalid, "{{"+open[0]+"}} in the signature or the template of the inbox has no value for this customer."))
	}
	return pictures, nil
}

// setting is what a message is composed from beside itself.
type setting struct {
	conversation conversation.Conversation
	inbox        channel.Inbox
	signature    rich.Text // of the agent who wrote
	customer     string    // name
	trail        []string  // ids of the messages before, the newest first
	participants []participant.Participant
	answered     []conversation.Message // the customer's message before, or none
	passed       []conversation.Message // of a forward, the newest first
}

const maxReferences = 50

// references are the ids of the newest messages before, oldest first: the
// senders' own and ours.
func (s setting) references() []string {
	var ids []string
	for _, id := range slices.Backward(s.trail) {
		if strings.Contains(id, "@") { // the id of a mail; other channels have other ids
			ids = append(ids, id)
		}
	}
	return ids
}

func quote(m conversation.Message) *channel.Quoted {
	words := m.Text
	if words == "" {
		words = safehtml.Text(m.HTML)
	}
	return &channel.Quoted{From: channel.Party{Name: m.Author.Name, Address: m.Author.Address}, At: m.CreatedAt, Text: words, HTML: m.HTML}
}

// replyMark is what mail programs put before the subject of an answer.
var replyMark = regexp.MustCompile(`(?i)^\s*(re|aw|sv|odp|antw|회신|답장|답변)\s*(\[\d+\])?\s*[:：]\s*`)

// forwardMark is what mail programs put before the subject of a forward.
var forwardMark = regexp.MustCompile(`(?i)^\s*(fwd?|wg|pd|전달)\s*[:：]\s*`)

// forwardSubject is a subject with "Fwd: " once.
func forwardSubject(subject string) string {
	return strings.TrimSpace("Fwd: " + strings.TrimSpace(forwardMark.ReplaceAllString(subject, "")))
}

// replySubject is a subject with "Re: " once.
func replySubject(subject string) string {
	for {
		rest := replyMark.ReplaceAllString(subject, "")
		if rest == subject {
			break
		}
		subject = rest
	}
	return strings.TrimSpace("Re: " + strings.TrimSpace(subject))
}
