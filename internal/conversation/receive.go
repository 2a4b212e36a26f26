package conversation

import (
	"context"
	"slices"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/contact"
	"rapport/internal/conversation/masking"
	"rapport/internal/conversation/original"
	"rapport/internal/conversation/participant"
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
		search := r.search(in)
		found, err := r.store.lookUp(ctx, in, search)
		if err != nil {
			return err
		}
		if found.same.ID != 0 {
			placed = channel.Placed{ConversationID: found.same.ConversationID, MessageID: found.same.ID, Duplicate: true}
			return nil
		}
		a := arriving{Inbound: in, lookup: found, where: found.evidence(in).conversation()}
		if in.Credential != nil {
			a.masked = masking.Mask(&a.Inbound)
		}
		refused, err := r.identify(ctx, &a, search)
		if err != nil || refused != "" {
			placed = channel.Placed{Refused: refused}
			return err
		}
		placed, err = r.place(ctx, a)
		return err
	})
	return placed, fault.Wrap(op, err)
}

// arriving is a message on its way to its place.
type arriving struct {
	channel.Inbound
	lookup
	where  int64 // the conversation the evidence names; 0: none
	writer Participant
	begins bool // a contact that was not known before
	masked masking.Words
}

const maxReferences = 50

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
		if !participant.Deliverable(in.From.Address) {
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

// search is the question who wrote; nil for a report, which has no contact:
// nobody answers a mail system.
func (r *Room) search(in channel.Inbound) *contact.Search {
	switch {
	case in.Class == channel.Bounced || in.From.Address == "" && in.Sender.Kind == "":
		return nil
	case in.Sender.Kind != "":
		return r.contacts.Search(in.WorkspaceID, contact.Identity{Kind: in.Sender.Kind, System: in.Sender.System, Address: in.Sender.ID})
	case forged(in):
		return r.contacts.Search(in.WorkspaceID, contact.Identity{Kind: contact.Visitor, Address: "claims " + in.From.Address})
	}
	return r.contacts.Search(in.WorkspaceID, contact.Identity{Kind: contact.Email, Address: in.From.Address})
}

// forged reports whether the sender of a mail is known not to be who they say.
// They are a customer of their own, who only typed that address: what is known
// of its owner is neither shown to them nor changed by them.
func forged(in channel.Inbound) bool {
	return in.Proof == channel.ProofFail && in.Sender.Kind == "" && in.From.Address != ""
}

// identify finds or makes the contact who wrote.
func (r *Room) identify(ctx context.Context, a *arriving, search *contact.Search) (refused string, err error) {
	a.writer = Participant{Kind: ByContact, Name: a.From.Name, Address: a.From.Address, Proof: a.Proof}
	if search == nil {
		return "", nil
	}
	if len(a.blocked) > 0 {
		return "blocked", nil
	}
	if a.Sender.Kind == "" {
		known, err := r.correspondent(ctx, *a)
		if err != nil || known.ID != 0 {
			a.writer.ID = known.ID
			if err == nil {
				refused, err = r.blocked(ctx, a.WorkspaceID, known.ID)
			}
			return refused, err
		}
	}
	told := contact.Told{Traits: contact.Traits{Name: a.From.Name, Language: a.Sender.Language, TimeZone: a.Sender.TimeZone}, Typed: a.Sender.Typed, Locked: a.Sender.Locked}
	if (a.Sender.Kind != "" || forged(a.Inbound)) && participant.Deliverable(a.From.Address) {
		told.Typed = a.From.Address
	}
	found, err := r.contacts.IdentifyFound(ctx, search, told)
	if err != nil {
		return "", err
	}
	if found.Blocked {
		return "blocked", nil
	}
	a.writer.ID, a.begins = found.ContactID, found.Created
	if a.Sender.Kind != "" && a.From.Address != "" && !found.Created {
		err = r.contacts.NoteTyped(ctx, a.WorkspaceID, found.ContactID, a.From.Address)
	}
	return "", err
}

// correspondent is who takes part under the sender's address in a conversation
// of another channel: we have written there by mail, and here is the answer. The
// address may be one that was only typed, so nobody else is found by it. A
// sender whose address is forged is not the one.
func (r *Room) correspondent(ctx context.Context, a arriving) (Participant, error) {
	if a.where == 0 || a.Proof == channel.ProofFail {
		return Participant{}, nil
	}
	c, err := r.evident(ctx, a)
	if fault.Is(err, fault.NotFound) || err == nil && (c.InboxID == a.InboxID || a.inbox.Channel == c.Channel) {
		return Participant{}, nil
	}
	if err != nil {
		return Participant{}, err
	}
	participants, err := r.store.participants(ctx, c.WorkspaceID, c.ID)
	for _, p := range participants {
		if p.Kind == ByContact && p.Address == a.From.Address && p.Role != participant.Unverified {
			return p, err
		}
	}
	return Participant{}, err
}

// evident is the conversation the evidence names, not locked.
func (r *Room) evident(ctx context.Context, a arriving) (Conversation, error) {
	if a.where == a.ConversationID && len(a.proven) > 0 {
		return a.proven[0], nil
	}
	return r.store.get(ctx, a.WorkspaceID, a.where)
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
func (r *Room) place(ctx context.Context, a arriving) (channel.Placed, error) {
	t, err := r.target(ctx, a)
	if err != nil {
		return channel.Placed{}, err
	}
	c := t.Conversation
	fresh := c.ID == 0
	if fresh {
		if c, err = r.begin(ctx, t.inbox, a.Subject, a.writer.ID, t.linked, event.Actor{Kind: ByContact, ID: a.writer.ID}); err != nil {
			return channel.Placed{}, err
		}
	}
	m, err := r.append(ctx, &c, a, t, fresh)
	if err != nil {
		return channel.Placed{}, err
	}
	if err := r.judgeAddresses(ctx, a); err != nil {
		return channel.Placed{}, err
	}
	return channel.Placed{ConversationID: c.ID, MessageID: m.ID, ContactID: a.writer.ID, NewContact: a.begins, Begun: fresh, At: m.CreatedAt}, r.store.save(ctx, &c)
}

// judgeAddresses keeps automatic mail from addresses that a report says are dead
// or unwilling, and lets it to one that a person has just written from.
func (r *Room) judgeAddresses(ctx context.Context, a arriving) error {
	if len(a.suppressed) > 0 && a.Class == channel.Human && a.Proof != channel.ProofFail {
		if err := r.contacts.HeardFrom(ctx, a.WorkspaceID, a.From.Address); err != nil {
			return err
		}
	}
	b := a.Bounce
	if b == nil || b.OutboundID == 0 {
		return nil
	}
	about, err := r.outbox.MarkBounced(ctx, a.WorkspaceID, *b)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	cause := contact.CauseBounce
	if b.Complaint {
		cause = contact.CauseComplaint
	}
	for _, one := range about {
		if err == nil && (one.Hard || b.Complaint) {
			err = r.contacts.Suppress(ctx, a.WorkspaceID, contact.Suppression{Address: one.Address, Cause: cause, Reason: one.Reason})
		}
	}
	return err
}

// Refused keeps automatic mail from an address that its server does not know, as
// a report of that would.
func (r *Room) Refused(ctx context.Context, workspaceID int64, one channel.BouncedRecipient) error {
	return r.contacts.Suppress(ctx, workspaceID, contact.Suppression{Address: one.Address, Cause: contact.CauseBounce, Reason: one.Reason})
}

func rulesOf(inbox channel.Inbox) rules {
	return rules{ReplyStatus: Status(inbox.ReplyStatus), ReopenDays: inbox.ReopenDays}
}

// target is where a message goes.
type target struct {
	Conversation               // locked; zero: a new one
	known        []Participant // who takes part in it
	linked       int64         // what a new one continues
	inbox        channel.Inbox // of the conversation
}

// target locks the conversation the evidence names.
func (r *Room) target(ctx context.Context, a arriving) (target, error) {
	fresh := target{inbox: a.inbox}
	if len(a.twins) > 0 {
		fresh.linked = a.twins[0]
	}
	if a.where == 0 {
		return fresh, nil
	}
	known := participant.Ask(a.WorkspaceID, a.where)
	c, err := r.store.lock(ctx, a.WorkspaceID, a.where, known)
	if fault.Is(err, fault.NotFound) { // deleted for ever: it stays so
		return fresh, nil
	}
	if err != nil {
		return fresh, err
	}
	fresh.linked = c.ID
	inbox := a.inbox
	if c.InboxID != a.InboxID {
		if c.Channel == inbox.Channel { // each inbox has a conversation of its own
			return fresh, nil
		}
		// A channel without mail: this is the answer to what it had sent by mail.
		if inbox, err = r.inboxes.InboxOf(ctx, c.WorkspaceID, c.InboxID); err != nil {
			return fresh, err
		}
	}
	if c.standing().after(triggerOf(a.Class), rulesOf(inbox), r.clock.Now()).Fresh {
		return fresh, nil
	}
	return target{Conversation: c, known: known.Rows, inbox: inbox}, nil
}

func triggerOf(class channel.Class) trigger {
	if class == channel.Human {
		return customerWrites
	}
	return machineWrites
}

// evidence is what there is of where a message belongs.
func (l lookup) evidence(in channel.Inbound) evidence {
	return evidence{Bounced: l.bounced, Proven: in.ConversationID, Referred: l.referred, TakesPart: l.referred != 0, SenderProof: in.Proof}
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
func (r *Room) append(ctx context.Context, c *Conversation, in arriving, t target, fresh bool) (Message, error) {
	unverified, err := r.join(ctx, *c, in, t.known, fresh)
	if err != nil {
		return Message{}, err
	}
	sender := in.writer
	m := Message{WorkspaceID: c.WorkspaceID, ConversationID: c.ID, InboxID: in.InboxID, Kind: KindInbound, Class: in.Class,
		Author: Author{Kind: ByContact, ID: sender.ID, Name: sender.Name, Address: sender.Address}, To: in.To, Cc: in.Cc,
		Text: in.Text, HTML: in.HTML, ReplyText: in.Reply, ExternalID: in.ExternalID, ContentHash: in.ContentHash, SentAt: in.SentAt,
		Proof: in.Proof, Finding: in.Finding, ReceiptID: in.ReceiptID}
	if sender.ID == 0 {
		m.Author.Kind = BySystem
	}
	if in.sameID {
		m.Flags = append(m.Flags, FlagSameID)
	}
	if unverified {
		m.Flags = append(m.Flags, FlagUnverified)
	}
	if in.Quiet {
		m.Flags = append(m.Flags, FlagQuiet)
	}
	if in.Credential != nil {
		m.Flags = append(m.Flags, FlagMasked)
	}
	wrote := in.original(fresh)
	if wrote != nil {
		m.Flags = append(m.Flags, FlagPassedIn)
	}
	if err := r.store.addMessage(ctx, c, &m, r.clock.Now()); err != nil {
		return m, err
	}
	if err := r.bindFiles(ctx, m, &in); err != nil {
		return m, err
	}
	if in.Credential != nil {
		if err := r.store.mask(ctx, m, *in.Credential, in.masked); err != nil {
			return m, err
		}
	}
	if wrote != nil {
		if err := r.store.propose(ctx, original.Proposal{WorkspaceID: c.WorkspaceID, ConversationID: c.ID, MessageID: m.ID, ForwarderID: in.forwarder[0], Name: wrote.Name, Address: wrote.Address}); err != nil {
			return m, err
		}
	}
	by := event.Actor{Kind: m.Author.Kind, ID: m.Author.ID}
	if err := r.announce(ctx, *c, by, EventReceived, details{MessageID: m.ID, Position: m.Position, Class: string(m.Class)}); err != nil {
		return m, err
	}
	if fresh || m.Class == channel.Human {
		c.noteLast(m)
	}
	effect := c.standing().after(triggerOf(in.Class), rulesOf(t.inbox), r.clock.Now())
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
func (r *Room) join(ctx context.Context, c Conversation, in arriving, known []Participant, fresh bool) (unverified bool, err error) {
	if in.writer.ID == 0 {
		return false, nil
	}
	lists := participant.Addressed(in.own, in.To, in.Cc)
	copied := append(lists[0], lists[1]...)
	joined, unverified := participant.Welcome(known, participant.Arrival{Sender: in.writer, Copied: copied, Fresh: fresh, Own: in.Sender.Own})
	for _, p := range joined {
		if slices.ContainsFunc(known, p.Unchanged) {
			continue
		}
		p.JoinedAt = r.clock.Now()
		if err := r.store.putParticipant(ctx, c, p); err != nil {
			return false, err
		}
	}
	return unverified, nil
}

// bindFiles keeps the files of a message and hangs them on it, or on its masked
// words.
func (r *Room) bindFiles(ctx context.Context, m Message, in *arriving) error {
	for i, f := range in.Attachments {
		if f.UploadID != 0 {
			if err := r.claim(ctx, m, i, f.UploadID, f.Uploader); err != nil {
				return err
			}
			continue
		}
		f.Blob.Name, f.Blob.ContentType = text.Line(f.Name, maxSubject), text.Line(f.ContentType, maxTag)
		id, err := r.files.BindTo(ctx, f.Blob, BlobOwner, m.ID)
		if err != nil {
			return err
		}
		a := Attachment{ID: id, Name: f.Blob.Name, ContentType: f.Blob.ContentType, Size: f.Size, ContentID: text.Line(f.ContentID, maxSubject), Inline: f.Inline}
		if in.Credential != nil {
			in.masked.Files = append(in.masked.Files, a)
			continue
		}
		if err := r.store.addAttachment(ctx, m, i, a); err != nil {
			return err
		}
	}
	return nil
}

// BlobOwner is the table in whose name attachments are kept.
const BlobOwner = "messages"
