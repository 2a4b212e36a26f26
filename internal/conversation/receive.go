package conversation

import (
	"context"
	"slices"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/contact"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/text"
)

// Receive places a message from outside, in the transaction of intake. The
// same message is placed once; a message whose id is known but whose content is
// another is kept and flagged.
func (r *Room) Receive(ctx context.Context, in channel.Inbound) (placed channel.Placed, err error) {
	const op = "conversation.Receive"
	in = tidyInbound(in)
	err = r.store.within(ctx, func(ctx context.Context) error {
		same, sameID, err := r.store.duplicate(ctx, in)
		if err != nil {
			return err
		}
		if same.ID != 0 {
			placed = channel.Placed{ConversationID: same.ConversationID, MessageID: same.ID, Duplicate: true}
			return nil
		}
		e, err := r.evidence(ctx, in)
		if err != nil {
			return err
		}
		sender, refused, err := r.sender(ctx, in, e.conversation())
		if err != nil || refused != "" {
			placed = channel.Placed{Refused: refused}
			return err
		}
		placed, err = r.place(ctx, in, sender, e.conversation(), sameID)
		return err
	})
	return placed, fault.Wrap(op, err)
}

func tidyInbound(in channel.Inbound) channel.Inbound {
	in.From = channel.Party{Name: text.Line(in.From.Name, maxSubject), Address: channel.Fold(in.From.Address)}
	in.Subject = text.Line(in.Subject, maxSubject)
	in.Text, in.HTML, in.Reply = text.Whole(in.Text), text.Whole(in.HTML), text.Whole(in.Reply)
	in.ExternalID, in.ContentHash = text.Whole(in.ExternalID), text.Whole(in.ContentHash)
	references := make([]string, 0, len(in.References))
	for _, id := range in.References {
		references = append(references, text.Whole(id))
	}
	in.References = references[max(0, len(references)-maxReferences):]
	if in.Class == "" {
		in.Class = channel.Human
	}
	if in.Sender.Kind != "" {
		if !deliverable(in.From.Address) {
			in.From.Address = ""
		}
		if in.Proof == "" && in.From.Address != "" {
			in.Proof = channel.ProofTyped
		}
	}
	if in.Proof == "" {
		in.Proof = channel.ProofUnchecked
	}
	return in
}

// sender finds or makes the contact who wrote. A report has no contact: nobody
// answers a mail system.
func (r *Room) sender(ctx context.Context, in channel.Inbound, conversationID int64) (p Participant, refused string, err error) {
	p = Participant{Kind: ByContact, Name: in.From.Name, Address: in.From.Address, Proof: in.Proof}
	if in.Class == channel.Bounced || in.From.Address == "" && in.Sender.Kind == "" {
		return p, "", nil
	}
	identity := contact.Identity{Kind: contact.Email, Address: in.From.Address}
	if in.Sender.Kind != "" {
		identity = contact.Identity{Kind: in.Sender.Kind, System: in.Sender.System, Address: in.Sender.ID}
	} else if known, err := r.correspondent(ctx, in, conversationID); err != nil || known.ID != 0 {
		p.ID = known.ID
		if err == nil {
			refused, err = r.blocked(ctx, in.WorkspaceID, known.ID)
		}
		return p, refused, err
	}
	found, err := r.contacts.IdentifyBy(ctx, in.WorkspaceID, identity, in.From.Name)
	if err != nil {
		return p, "", err
	}
	if found.Blocked {
		return p, "blocked", nil
	}
	p.ID = found.ContactID
	if in.Sender.Kind != "" && p.Address != "" {
		err = r.contacts.NoteTyped(ctx, in.WorkspaceID, p.ID, p.Address)
	}
	return p, "", err
}

// correspondent is who takes part under the sender's address in a conversation
// of another channel: we have written there by mail, and here is the answer. The
// address may be one that was only typed, so nobody else is found by it. A
// sender whose address is forged is not the one.
func (r *Room) correspondent(ctx context.Context, in channel.Inbound, conversationID int64) (Participant, error) {
	if conversationID == 0 || in.Proof == channel.ProofFail {
		return Participant{}, nil
	}
	c, err := r.store.get(ctx, in.WorkspaceID, conversationID)
	if fault.Is(err, fault.NotFound) || err == nil && c.InboxID == in.InboxID {
		return Participant{}, nil
	}
	if err != nil {
		return Participant{}, err
	}
	inbox, err := r.inboxes.InboxOf(ctx, in.WorkspaceID, in.InboxID)
	if err != nil || inbox.Channel == c.Channel {
		return Participant{}, err
	}
	participants, err := r.store.participants(ctx, c.WorkspaceID, c.ID)
	for _, p := range participants {
		if p.Kind == ByContact && p.Address == in.From.Address && p.Role != Unverified {
			return p, err
		}
	}
	return Participant{}, err
}

func (r *Room) blocked(ctx context.Context, workspaceID, contactID int64) (refused string, err error) {
	c, err := r.contacts.Get(ctx, account.System(workspaceID), contactID)
	if c.Blocked {
		refused = "blocked"
	}
	return refused, err
}

// place appends the message to the conversation the evidence names, or to a
// new one.
func (r *Room) place(ctx context.Context, in channel.Inbound, sender Participant, conversationID int64, sameID bool) (channel.Placed, error) {
	inbox, err := r.inboxes.InboxOf(ctx, in.WorkspaceID, in.InboxID)
	if err != nil {
		return channel.Placed{}, err
	}
	c, linked, err := r.target(ctx, in, conversationID, inbox)
	if err != nil {
		return channel.Placed{}, err
	}
	if c.ID != 0 && c.InboxID != inbox.ID {
		if inbox, err = r.inboxes.InboxOf(ctx, c.WorkspaceID, c.InboxID); err != nil {
			return channel.Placed{}, err
		}
	}
	fresh := c.ID == 0
	if fresh {
		if c, err = r.begin(ctx, inbox, in.Subject, sender.ID, linked, event.Actor{Kind: ByContact, ID: sender.ID}); err != nil {
			return channel.Placed{}, err
		}
	}
	m, err := r.append(ctx, &c, in, sender, fresh, sameID, rulesOf(inbox))
	if err != nil {
		return channel.Placed{}, err
	}
	if b := in.Bounce; b != nil && b.OutboundID != 0 {
		err := r.outbox.MarkBounced(ctx, in.WorkspaceID, b.OutboundID, b.Recipients)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return channel.Placed{}, err
		}
	}
	return channel.Placed{ConversationID: c.ID, MessageID: m.ID, ContactID: sender.ID}, r.store.save(ctx, &c)
}

func rulesOf(inbox channel.Inbox) rules {
	return rules{ReplyStatus: Status(inbox.ReplyStatus), ReopenDays: inbox.ReopenDays}
}

// target locks the conversation the evidence names. Without one it returns a
// zero conversation, and the one a new conversation continues.
func (r *Room) target(ctx context.Context, in channel.Inbound, conversationID int64, inbox channel.Inbox) (c Conversation, linked int64, err error) {
	if conversationID == 0 {
		return c, 0, nil
	}
	c, err = r.store.lock(ctx, in.WorkspaceID, conversationID)
	if fault.Is(err, fault.NotFound) { // deleted for ever: it stays so
		return Conversation{}, 0, nil
	}
	if err != nil {
		return c, 0, err
	}
	if c.InboxID != in.InboxID {
		if c.Channel == inbox.Channel { // each inbox has a conversation of its own
			return Conversation{}, c.ID, nil
		}
		// A channel without mail: this is the answer to what it had sent by mail.
		if inbox, err = r.inboxes.InboxOf(ctx, c.WorkspaceID, c.InboxID); err != nil {
			return c, 0, err
		}
	}
	if c.standing().after(triggerOf(in.Class), rulesOf(inbox), r.clock.Now()).Fresh {
		return Conversation{}, c.ID, nil
	}
	return c, 0, nil
}

func triggerOf(class channel.Class) trigger {
	if class == channel.Human {
		return customerWrites
	}
	return machineWrites
}

func (r *Room) evidence(ctx context.Context, in channel.Inbound) (e evidence, err error) {
	e = evidence{Proven: in.ConversationID, SenderProof: in.Proof}
	if in.Bounce != nil && in.Bounce.OutboundID != 0 {
		if e.Bounced, err = r.store.conversationOfOutbound(ctx, in.WorkspaceID, in.Bounce.OutboundID); err != nil {
			return e, err
		}
	}
	if e.conversation() != 0 || len(in.References) == 0 || in.Proof != channel.ProofPass {
		return e, nil
	}
	e.Referred, err = r.store.referred(ctx, in, in.From.Address)
	e.TakesPart = e.Referred != 0
	return e, err
}

// begin makes a new conversation; the caller appends its first message and
// saves it, which writes it and takes its number.
func (r *Room) begin(ctx context.Context, inbox channel.Inbox, subject string, contactID, linked int64, by event.Actor) (Conversation, error) {
	id, err := r.store.newID(ctx)
	if err != nil {
		return Conversation{}, err
	}
	now := r.clock.Now()
	c := Conversation{ID: id, WorkspaceID: inbox.WorkspaceID, InboxID: inbox.ID, Channel: inbox.Channel, ContactID: contactID, Subject: subject,
		Status: Open, Priority: Normal, CreatedAt: now, LastActivityAt: now, LinkedID: linked}
	if err := r.contacts.Keep(ctx, c.WorkspaceID, contact.ObjectConversation, id, "subject", subject); err != nil {
		return c, err
	}
	return c, r.announce(ctx, c, by, EventCreated, details{LinkedID: linked})
}

// append writes an inbound message into a locked conversation and moves the
// conversation by the table of behaviour.
func (r *Room) append(ctx context.Context, c *Conversation, in channel.Inbound, sender Participant, fresh, sameID bool, inboxRules rules) (Message, error) {
	unverified, err := r.join(ctx, *c, in, sender, fresh)
	if err != nil {
		return Message{}, err
	}
	m := Message{WorkspaceID: c.WorkspaceID, ConversationID: c.ID, InboxID: in.InboxID, Kind: KindInbound, Class: in.Class,
		Author: Author{Kind: ByContact, ID: sender.ID, Name: sender.Name, Address: sender.Address}, To: in.To, Cc: in.Cc,
		Text: in.Text, HTML: in.HTML, ReplyText: in.Reply, ExternalID: in.ExternalID, ContentHash: in.ContentHash, SentAt: in.SentAt,
		Proof: in.Proof, ReceiptID: in.ReceiptID}
	if sender.ID == 0 {
		m.Author.Kind = BySystem
	}
	if sameID {
		m.Flags = append(m.Flags, FlagSameID)
	}
	if unverified {
		m.Flags = append(m.Flags, FlagUnverified)
	}
	if err := r.store.addMessage(ctx, c, &m, r.clock.Now()); err != nil {
		return m, err
	}
	if err := r.bindFiles(ctx, m, in.Attachments); err != nil {
		return m, err
	}
	by := event.Actor{Kind: m.Author.Kind, ID: m.Author.ID}
	if err := r.announce(ctx, *c, by, EventReceived, details{MessageID: m.ID, Position: m.Position, Class: string(m.Class)}); err != nil {
		return m, err
	}
	if fresh || m.Class == channel.Human {
		c.noteLast(m)
	}
	effect := c.standing().after(triggerOf(in.Class), inboxRules, r.clock.Now())
	if effect.Wake {
		if err := r.wake(ctx, c, by); err != nil {
			return m, err
		}
	}
	return m, r.moveStatus(ctx, c, by, effect.Status)
}

// noteLast shows m as the newest thing in lists. A machine's message is not
// activity.
func (c *Conversation) noteLast(m Message) {
	c.LastActivityAt, c.LastAuthorKind = m.CreatedAt, m.Author.Kind
	text := m.ReplyText
	if text == "" {
		text = m.Text
	}
	c.Excerpt = excerpt(text)
}

// join adds the sender and who they copied in, and reports whether the message
// is to be marked as unverified.
func (r *Room) join(ctx context.Context, c Conversation, in channel.Inbound, sender Participant, fresh bool) (unverified bool, err error) {
	if sender.ID == 0 {
		return false, nil
	}
	var known []Participant
	if !fresh {
		if known, err = r.store.participants(ctx, c.WorkspaceID, c.ID); err != nil {
			return false, err
		}
	}
	var copied []channel.Party
	if len(in.To)+len(in.Cc) > 0 {
		own, err := r.inboxes.OwnAddresses(ctx, c.WorkspaceID)
		if err != nil {
			return false, err
		}
		lists := addressed(own, in.To, in.Cc)
		copied = append(lists[0], lists[1]...)
	}
	joined, unverified := welcome(known, arrival{Sender: sender, Copied: copied, Fresh: fresh, Own: in.Sender.Own})
	for _, p := range joined {
		if slices.ContainsFunc(known, p.unchanged) {
			continue
		}
		p.JoinedAt = r.clock.Now()
		if err := r.store.putParticipant(ctx, c, p); err != nil {
			return false, err
		}
	}
	return unverified, nil
}

func (r *Room) bindFiles(ctx context.Context, m Message, files []channel.InboundAttachment) error {
	for i, f := range files {
		if f.UploadID != 0 {
			if err := r.claim(ctx, m, i, f.UploadID, f.Uploader); err != nil {
				return err
			}
			continue
		}
		f.Blob.Name, f.Blob.ContentType = text.Line(f.Name, maxSubject), text.Line(f.ContentType, maxTag)
		id, err := r.files.Bind(ctx, f.Blob)
		if err != nil {
			return err
		}
		if err := r.files.Ref(ctx, m.WorkspaceID, id, blobOwner, m.ID); err != nil {
			return err
		}
		a := Attachment{ID: id, Name: f.Blob.Name, ContentType: f.Blob.ContentType, Size: f.Size, ContentID: text.Line(f.ContentID, maxSubject), Inline: f.Inline}
		if err := r.store.addAttachment(ctx, m, i, a); err != nil {
			return err
		}
	}
	return nil
}

// blobOwner is the table in whose name attachments are kept.
const blobOwner = "messages"
