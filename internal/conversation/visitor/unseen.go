package visitor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"rapport/internal/channel"
	"rapport/internal/conversation"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
	"rapport/internal/platform/words"
)

// unseenJob mails the answers of one conversation that its visitor has not
// seen.
const unseenJob = "chat.unseen"

// unseenAfter is how long an answer waits for its visitor, and how long it must
// be quiet before what has gathered goes out together.
const unseenAfter = 2 * time.Minute

type unseenArgs struct {
	ConversationID int64 `json:"conversation_id"`
}

// Reader plans the mail of each answer in a chat, once it can be seen. A deleted
// conversation is looked at too: by then its pages have heard of it, and the
// chat is forgotten.
func (r *Room) Reader() event.Reader {
	return event.Reader{Name: "chat.unseen", Reaction: true, Handle: event.Each(func(ctx context.Context, e event.Event) error {
		var d struct {
			State channel.DeliveryState `json:"state"`
		}
		if err := json.Unmarshal(e.Data, &d); err != nil {
			return err
		}
		if e.Kind != conversation.EventDeleted && (e.Kind != channel.MessageDelivery || d.State != channel.Queued) {
			return nil
		}
		chat, err := r.store.isChat(ctx, e.WorkspaceID, e.ConversationID)
		if err != nil || !chat {
			return err
		}
		return r.planUnseen(ctx, e.WorkspaceID, e.ConversationID)
	})}
}

// planUnseen has a conversation looked at when its visitor has had time; while
// that is planned it is not planned again.
func (r *Room) planUnseen(ctx context.Context, workspaceID, conversationID int64) error {
	_, err := r.jobs.Enqueue(ctx, job.New{WorkspaceID: workspaceID, Kind: unseenJob, Args: unseenArgs{conversationID}, RunAt: r.clock.Now().Add(unseenAfter),
		UniqueKey: fmt.Sprintf("unseen:%d:%d", workspaceID, conversationID)})
	return err
}

// mailUnseen does the job: what is still unseen goes to the visitor's address in
// one mail, whose answer comes back into the conversation.
func (r *Room) mailUnseen(ctx context.Context, j job.Job) error {
	const op = "visitor.mailUnseen"
	var args unseenArgs
	if err := j.Args(&args); err != nil {
		return err
	}
	c, err := r.store.chatOf(ctx, j.WorkspaceID, args.ConversationID)
	if fault.Is(err, fault.NotFound) {
		return r.store.endChat(ctx, j.WorkspaceID, args.ConversationID)
	}
	if err == nil && c.spam {
		return nil
	}
	if err != nil {
		return fault.Wrap(op, err)
	}
	v, err := r.store.get(ctx, j.WorkspaceID, c.VisitorID)
	if err != nil || v.Email == "" {
		return fault.Wrap(op, err)
	}
	answers, err := r.store.unseen(ctx, c, maxPageSize)
	if err != nil || len(answers) == 0 {
		return fault.Wrap(op, err)
	}
	if wait := shownLast(answers).Add(unseenAfter).Sub(r.clock.Now()); wait > 0 {
		return job.Later(wait, "the visitor may still look")
	}
	inbox, err := r.channels.InboxOf(ctx, j.WorkspaceID, c.InboxID)
	if err != nil {
		return fault.Wrap(op, err)
	}
	via, err := r.channels.MailInbox(ctx, inbox)
	if fault.Is(err, fault.NotFound) {
		return nil // nothing to send it from
	}
	if err != nil {
		return fault.Wrap(op, err)
	}
	mail, err := r.channels.BuildMail(ctx, via.ID, unseenMail(v, c, inbox, answers))
	if err != nil {
		return fault.Wrap(op, err)
	}
	last := max(answers[len(answers)-1].Position, c.MailedPosition)
	err = r.store.within(ctx, func(ctx context.Context) error {
		if err := r.jobs.Done(ctx, j); err != nil {
			return err
		}
		ok, err := r.store.markMailed(ctx, c, last, shownLast(answers))
		if err == nil && !ok {
			err = errLooking
		}
		if err != nil {
			return err
		}
		if err := r.conversations.Correspond(ctx, c.WorkspaceID, c.ID, c.ContactID, channel.Party{Name: v.Name, Address: v.Email}, v.EmailProven); err != nil {
			return err
		}
		if err := r.channels.PostMail(ctx, mail); err != nil {
			return err
		}
		return r.log.Append(ctx, event.Event{WorkspaceID: c.WorkspaceID, Kind: EventMailed, Actor: event.Actor{Kind: conversation.BySystem},
			ConversationID: c.ID, ContactID: c.ContactID, Data: event.Data(details{InboxID: c.InboxID, Position: last})})
	})
	if errors.Is(err, errLooking) {
		return job.Later(time.Second, "the visitor is looking")
	}
	return fault.Wrap(op, err)
}

// errLooking says that a mark has moved while the mail was built.
var errLooking = errors.New("something was seen meanwhile")

// shownLast is when the last of them was let go.
func shownLast(answers []written) (at time.Time) {
	for _, m := range answers {
		if m.shownAt.After(at) {
			at = m.shownAt
		}
	}
	return at
}

// What the mail of unseen answers says, in the visitor's language.
const (
	unseenSubject = "An answer from %s"
	unseenClosing = "You wrote to us in the chat on our site and had left before this came. Answer this mail: it reaches the same conversation."
)

// unseenMail holds the answers and nothing that the visitor has written: an
// address that was only typed may be somebody else's.
func unseenMail(v Visitor, c row, inbox channel.Inbox, answers []written) channel.Outbound {
	out := channel.Outbound{WorkspaceID: c.WorkspaceID, InboxID: c.InboxID, ConversationID: c.ID, To: []channel.Party{{Name: v.Name, Address: v.Email}},
		Subject: words.In(v.language(), fmt.Sprintf(unseenSubject, inbox.Name)), Language: v.language(), FromName: inbox.Name}
	if !v.EmailProven {
		out.To[0].Name = ""
	}
	var b strings.Builder
	for _, m := range answers {
		name := m.authorName
		if name == "" {
			name = inbox.Name
		}
		fmt.Fprintf(&b, "%s:\n%s\n\n", name, strings.TrimSpace(m.text))
		out.FromName = name
		for _, f := range m.files {
			out.Attachments = append(out.Attachments, channel.OutboundAttachment{Name: f.Name, ContentType: f.ContentType, BlobID: f.ID})
		}
	}
	b.WriteString("—\n" + words.In(v.language(), unseenClosing))
	out.Text = b.String()
	return out
}

// What a transcript says, and how many of them a visitor may ask for in a day.
const (
	transcriptSubject = "Your chat with %s"
	transcriptOwn     = "What you wrote is left out: nobody has shown yet that this address is yours."
	transcriptsADay   = 3
)

// MailTranscript mails a conversation to the visitor's own address. With a typed
// address that is all an agent's words: nobody is made to send their own to
// somebody else. Limited: three a day, to one address too.
func (r *Room) MailTranscript(ctx context.Context, v Visitor, inbox channel.Inbox, id int64, address string) error {
	const op = "visitor.MailTranscript"
	if address = channel.Fold(address); address != "" && address != v.Email {
		changed, err := r.Change(ctx, v, Change{Email: &address})
		if err != nil {
			return err
		}
		v = changed
	}
	if v.Email == "" {
		return fault.InvalidField(op, "email", "Write the address that the transcript goes to.")
	}
	if address != "" && address != v.Email {
		return fault.InvalidField(op, "email", "The transcript goes to the address you are known by.")
	}
	list, answered, err := r.transcript(ctx, v, id)
	if err != nil {
		return fault.Wrap(op, err)
	}
	if !answered && !v.EmailProven {
		return fault.New(op, fault.Conflict, "There is no answer yet. Ask again once somebody has written to you.")
	}
	via, err := r.channels.MailInbox(ctx, inbox)
	if fault.Is(err, fault.NotFound) {
		return fault.New(op, fault.Conflict, "There is no inbox to send this from.")
	}
	if err != nil {
		return fault.Wrap(op, err)
	}
	day := dayOf(r.clock.Now())
	sent, err := r.store.letters(ctx, v, v.Email, day)
	if err != nil {
		return fault.Wrap(op, err)
	}
	ok := sent < transcriptsADay
	if ok {
		ok, err = r.store.countLetter(ctx, v, day, transcriptsADay)
	}
	if err != nil || !ok {
		return fault.Wrap(op, orLimited(op, err))
	}
	_, err = r.channels.SendLetter(ctx, v.WorkspaceID, channel.Letter{InboxID: via.ID, To: channel.Party{Address: v.Email},
		Subject: words.In(v.language(), fmt.Sprintf(transcriptSubject, inbox.Name)), Text: list, Language: v.language()})
	return fault.Wrap(op, err)
}

func orLimited(op string, err error) error {
	if err != nil {
		return err
	}
	return fault.New(op, fault.Limited, "Three transcripts went out today. Ask again tomorrow.")
}

// transcript is a conversation as text, and whether anybody has answered in it.
func (r *Room) transcript(ctx context.Context, v Visitor, id int64) (string, bool, error) {
	var b strings.Builder
	answered := false
	if !v.EmailProven {
		b.WriteString(words.In(v.language(), transcriptOwn) + "\n\n")
	}
	zone, err := time.LoadLocation(v.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	for after := int64(0); ; {
		list, err := r.store.messages(ctx, v, id, Page{After: after, FromStart: true, Limit: maxPageSize})
		if err != nil {
			return "", false, err
		}
		for _, m := range list {
			shown := m.show(v)
			after = m.Position
			answered = answered || m.kind == "reply"
			if shown.Kind == "visitor" && !v.EmailProven {
				continue
			}
			fmt.Fprintf(&b, "%s  %s\n%s\n", m.CreatedAt.In(zone).Format("2006-01-02 15:04"), shown.Author.Name, strings.TrimSpace(shown.Text))
			for _, f := range shown.Files {
				fmt.Fprintf(&b, "[%s, %d B]\n", f.Name, f.Size)
			}
			b.WriteString("\n")
		}
		if len(list) < maxPageSize {
			return b.String(), answered, nil
		}
	}
}
