package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"rapport/internal/account"
	"rapport/internal/automation"
	"rapport/internal/channel"
	"rapport/internal/channel/chat"
	"rapport/internal/channel/form"
	"rapport/internal/contact"
	"rapport/internal/conversation"
	"rapport/internal/conversation/visitor"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
	"rapport/internal/platform/rich"
)

// Rooms are what the world is lived in. They must share Clock.
type Rooms struct {
	Clock         *clock.Fake
	Log           *event.Log
	Jobs          *job.Queue
	Accounts      *account.Room
	Contacts      *contact.Room
	Channels      *channel.Room
	Conversations *conversation.Room
	Visitors      *visitor.Room
	Automation    *automation.Room
	Forms         *form.Door
	// ReplyAddress is where an answer in a conversation of an inbox comes back to.
	ReplyAddress func(inboxAddress string, conversationID int64) string
}

// loader is one run through the world.
type loader struct {
	Rooms
	world    World
	owner    account.Actor
	actors   map[string]account.Actor
	agents   map[string]Agent
	teams    map[string]int64
	inboxes  map[string]channel.Inbox
	contacts map[string]Contact
	stories  []story
	snippets []int64 // those that all share
}

// story is where a conversation of the world stands in the database.
type story struct {
	id        int64 // of the conversation, 0 before it exists
	contactID int64
	visitor   visitor.Visitor // of a chat
}

// Load fills an empty database with the world, dated back from now. password
// is every teammate's. It runs the rooms' jobs itself.
func Load(ctx context.Context, r Rooms, now time.Time, password string) error {
	w, err := Read()
	if err != nil {
		return err
	}
	l := &loader{Rooms: r, world: w, actors: map[string]account.Actor{}, agents: map[string]Agent{}, teams: map[string]int64{},
		inboxes: map[string]channel.Inbox{}, contacts: map[string]Contact{}, stories: make([]story, len(w.Conversations))}
	for _, c := range w.Contacts {
		l.contacts[c.Key] = c
	}
	l.Clock.Advance(now.Add(-22 * 24 * time.Hour).Sub(l.Clock.Now()))
	if err := l.company(ctx, password); err != nil {
		return fault.Wrap("demo.company", err)
	}
	if err := l.write(ctx); err != nil {
		return fault.Wrap("demo.write", err)
	}
	work, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { l.Jobs.Run(work, true); close(done) }()
	defer func() { stop(); <-done }()
	for i, s := range w.steps(now) {
		l.Clock.Advance(s.at.Sub(l.Clock.Now()))
		if err := l.live(ctx, s); err != nil {
			return fmt.Errorf("demo: %s, message %d: %w", w.Conversations[s.story].Key, s.index+1, err)
		}
		if err := l.useSome(ctx, i); err != nil {
			return fault.Wrap("demo.useSome", err)
		}
	}
	l.Clock.Advance(now.Sub(l.Clock.Now()))
	return fault.Wrap("demo.customers", l.customers(ctx))
}

// company makes the workspace, teammates, teams and inboxes.
func (l *loader) company(ctx context.Context, password string) error {
	for _, a := range l.world.Team.Agents {
		l.agents[a.Key] = a
		if err := l.join(ctx, a, password); err != nil {
			return fmt.Errorf("%s: %w", a.Key, err)
		}
	}
	for _, t := range l.world.Team.Teams {
		made, err := l.Accounts.CreateTeam(ctx, l.owner, t.Name, l.members(t.Key))
		if err != nil {
			return err
		}
		l.teams[t.Key] = made.ID
	}
	for _, n := range l.world.Team.Inboxes {
		inbox := channel.NewInbox{Name: n.Name, Channel: "email", Address: n.Address, Email: &channel.EmailSettings{}}
		if n.Form != nil {
			inbox = channel.NewInbox{Name: n.Name, Channel: form.Name, Form: n.Form}
		}
		if n.Chat != nil {
			inbox = channel.NewInbox{Name: n.Name, Channel: chat.Name, Chat: &channel.ChatChange{Greeting: &n.Chat.Greeting}}
		}
		made, err := l.Channels.CreateInbox(ctx, l.owner, inbox)
		if err != nil {
			return err
		}
		l.inboxes[n.Key] = made
		all := account.InboxMembers{}
		for _, id := range l.teams {
			all.TeamIDs = append(all.TeamIDs, id)
		}
		if err := l.Accounts.SetInboxMembers(ctx, l.owner, made.ID, all); err != nil {
			return err
		}
	}
	return nil
}

// join makes a teammate: the first one founds the workspace, the others are
// invited and accept.
func (l *loader) join(ctx context.Context, a Agent, password string) error {
	if a.Role == string(account.Owner) {
		made, err := l.Accounts.SetupDirect(ctx, account.Setup{Workspace: l.world.Team.Company, Name: a.Name, Email: a.Email, Password: password, Language: "en"})
		if err != nil {
			return err
		}
		l.owner = account.Actor{Kind: account.KindAgent, WorkspaceID: made.WorkspaceID, AgentID: made.AgentID, Role: account.Owner}
		l.actors[a.Key] = l.owner
		return l.profile(ctx, a)
	}
	invited, err := l.Accounts.Invite(ctx, l.owner, account.Invite{Email: a.Email, Name: a.Name, Role: account.Role(a.Role)})
	if err != nil {
		return err
	}
	if _, err := l.Accounts.AcceptInvitation(ctx, account.Acceptance{Token: invited.Token, Name: a.Name, Password: password}); err != nil {
		return err
	}
	l.actors[a.Key] = account.Actor{Kind: account.KindAgent, WorkspaceID: l.owner.WorkspaceID, AgentID: invited.Agent.ID, Role: account.Role(a.Role)}
	return l.profile(ctx, a)
}

func (l *loader) profile(ctx context.Context, a Agent) error {
	signature, language := rich.Plain(a.Signature), "en" // the whole team works in English; mails are answered in the customer's language
	if a.Key != "hanna" {
		language = a.Language
	}
	_, err := l.Accounts.UpdateProfile(ctx, l.actors[a.Key], account.ProfileChange{Language: &language, TimeZone: &a.TimeZone, Signature: &signature})
	return err
}

func (l *loader) members(team string) []int64 {
	var ids []int64
	for _, a := range l.world.Team.Agents {
		for _, t := range a.Teams {
			if t == team {
				ids = append(ids, l.actors[a.Key].AgentID)
			}
		}
	}
	return ids
}

// live lets one step happen and waits until what it set going has ended.
func (l *loader) live(ctx context.Context, s step) error {
	c := l.world.Conversations[s.story]
	if s.index == len(c.Messages) {
		return l.finish(ctx, c, l.stories[s.story])
	}
	m := c.Messages[s.index]
	var err error
	switch _, byAgent := l.actors[m.From]; {
	case byAgent && l.stories[s.story].id == 0:
		err = l.start(ctx, s, c, m)
	case byAgent:
		err = l.answer(ctx, s, c, m)
	default:
		err = l.arrive(ctx, s, c, m)
	}
	if err != nil || s.index > 0 {
		return err
	}
	return l.route(ctx, c, l.stories[s.story].id)
}

// arrive sends a customer's mail through the door, or what they typed in a form.
func (l *loader) arrive(ctx context.Context, s step, c Conversation, m Message) error {
	inbox := l.inboxes[c.Inbox]
	if inbox.Chat != nil {
		return l.chat(ctx, inbox, s, c, m)
	}
	if inbox.Form != nil && l.stories[s.story].id == 0 {
		if err := l.fill(ctx, inbox, c, m); err != nil {
			return err
		}
		return l.begun(ctx, s)
	}
	if inbox.Form != nil { // answers leave by mail, and so do answers to them
		inbox = l.inboxes[l.world.Team.Inboxes[0].Key]
	}
	who := l.contacts[c.Contact]
	if m.From != "contact" {
		who = l.contacts[m.From]
	}
	mail := letter{from: who.Emails[0], fromName: who.Name, to: inbox.Address, subject: c.Subject, at: s.at, text: m.Text, html: m.HTML, class: m.Class,
		id: fmt.Sprintf("%s-%d.%d@mail.%s", c.Key, s.index+1, s.at.Unix(), domain(who.Emails[0]))}
	if id := l.stories[s.story].id; id != 0 {
		mail.to = l.ReplyAddress(inbox.Address, id)
		mail.subject = "Re: " + c.Subject
	}
	raw := mail.bytes()
	if m.Class == "bounce" {
		original, err := l.lastSent(ctx, inbox.WorkspaceID, l.stories[s.story].id)
		if err != nil {
			return err
		}
		raw = bounce{to: inbox.Address, failed: who.Emails[0], original: original, at: s.at, text: m.Text, status: "5.1.1", diagnostic: "550 5.1.1 No such mailbox here"}.bytes()
	}
	err := l.Channels.Accept(ctx, []channel.Arrival{{WorkspaceID: inbox.WorkspaceID, InboxID: inbox.ID, SourceKey: "demo:" + mail.id, From: who.Emails[0], Raw: raw}}, nil)
	if err == nil {
		err = l.settle(ctx)
	}
	if err != nil || l.stories[s.story].id != 0 {
		return err
	}
	return l.begun(ctx, s)
}

// chat lets a visitor of the shop write.
func (l *loader) chat(ctx context.Context, inbox channel.Inbox, s step, c Conversation, m Message) error {
	who, at := l.contacts[c.Contact], &l.stories[s.story]
	if at.id == 0 {
		v, _, err := l.Visitors.Arrive(ctx, inbox, visitor.Arrival{Language: who.Language, TimeZone: who.TimeZone, Page: "https://miska.example/food"})
		if err == nil {
			at.visitor, err = l.Visitors.Change(ctx, v, visitor.Change{Name: &who.Name, Email: &who.Emails[0]})
		}
		if err != nil {
			return err
		}
	}
	written, _, err := l.Visitors.Write(ctx, at.visitor, inbox, visitor.NewMessage{ClientID: fmt.Sprintf("%s-%d", c.Key, s.index), ConversationID: at.id, Text: m.Text})
	if err != nil {
		return err
	}
	if _, err := l.Visitors.Mark(ctx, at.visitor, written.ConversationID, visitor.Marks{Seen: written.Position}); err != nil {
		return err
	}
	found, _, err := l.Conversations.Get(ctx, l.owner, written.ConversationID)
	at.id, at.contactID = found.ID, found.ContactID
	return err
}

// fill sends a form.
func (l *loader) fill(ctx context.Context, inbox channel.Inbox, c Conversation, m Message) error {
	who := l.contacts[c.Contact]
	page, err := l.Forms.Open(ctx, inbox.Address, who.Language)
	if err != nil {
		return err
	}
	l.Clock.Advance(time.Minute)
	values := map[string][]string{"name": {who.Name}, "email": {who.Emails[0]}, "subject": {c.Subject}, "message": {m.Text}}
	for key, value := range c.Form {
		values[key] = []string{value}
	}
	verdict, err := l.Forms.Submit(ctx, page, channel.FormPost{Token: page.Token, Values: values, Language: who.Language, IP: "203.0.113.7"})
	if err == nil && verdict.Reference == "" {
		err = fmt.Errorf("the form was not taken: %v", verdict.Problems)
	}
	if err != nil {
		return err
	}
	return l.settle(ctx)
}

// begun notes the conversation that what has just come in has begun.
func (l *loader) begun(ctx context.Context, s step) error {
	newest, err := l.Channels.Receipts(ctx, l.owner, channel.ReceiptFilter{Limit: 1})
	if err != nil || len(newest) == 0 || newest[0].ConversationID == 0 {
		return fmt.Errorf("the mail was not placed: %v %w", newest, err)
	}
	found, _, err := l.Conversations.Get(ctx, l.owner, newest[0].ConversationID)
	l.stories[s.story] = story{id: newest[0].ConversationID, contactID: found.ContactID}
	return err
}

// lastSent is the id under which the newest message of ours left.
func (l *loader) lastSent(ctx context.Context, workspaceID, conversationID int64) (string, error) {
	ids, err := l.Channels.ExternalIDs(ctx, workspaceID, conversationID)
	var newest int64
	for message := range ids {
		newest = max(newest, message)
	}
	return ids[newest], err
}

// start lets a teammate write first.
func (l *loader) start(ctx context.Context, s step, c Conversation, m Message) error {
	who := l.contacts[c.Contact]
	made, err := l.Conversations.Start(ctx, l.actors[m.From], conversation.NewConversation{InboxID: l.inboxes[c.Inbox].ID, Subject: c.Subject,
		NewMessage: conversation.NewMessage{To: []channel.Party{{Name: who.Name, Address: who.Emails[0]}}, Text: m.Text}})
	if err != nil {
		return err
	}
	l.stories[s.story] = story{id: made.ID, contactID: made.ContactID}
	return l.settle(ctx)
}

// answer lets a teammate reply or note.
func (l *loader) answer(ctx context.Context, s step, c Conversation, m Message) error {
	id, by := l.stories[s.story].id, l.actors[m.From]
	if m.Kind == "note" {
		_, err := l.Conversations.Note(ctx, by, id, conversation.NewMessage{Text: m.Text})
		return err
	}
	reply := conversation.NewMessage{Text: m.Text}
	if copied, ok := l.returns(c, s.index+1); ok {
		who := l.contacts[c.Contact]
		reply.To = []channel.Party{{Name: who.Name, Address: who.Emails[0]}}
		reply.Cc = []channel.Party{{Name: copied.Name, Address: copied.Emails[0]}}
	}
	if _, err := l.Conversations.Reply(ctx, by, id, reply); err != nil {
		return err
	}
	return l.settle(ctx)
}

// returns tells whether the next message is a bounce from somebody besides the
// customer: the reply before it was copied to them.
func (l *loader) returns(c Conversation, next int) (Contact, bool) {
	if next >= len(c.Messages) || c.Messages[next].Class != "bounce" {
		return Contact{}, false
	}
	who, other := l.contacts[c.Messages[next].From]
	return who, other
}

// route does what a lead does with a new conversation: team, teammate, tags.
func (l *loader) route(ctx context.Context, c Conversation, id int64) error {
	l.Clock.Advance(time.Minute)
	to := conversation.Assignment{}
	if c.Team != "" {
		team := l.teams[c.Team]
		to.TeamID = &team
	}
	if c.Assignee != "" {
		agent := l.actors[c.Assignee].AgentID
		to.AgentID = &agent
	}
	if _, err := l.Conversations.Assign(ctx, l.owner, id, to); err != nil {
		return err
	}
	if len(c.Tags) == 0 {
		return nil
	}
	_, err := l.Conversations.SetTags(ctx, l.owner, id, c.Tags, 0)
	return err
}

// finish brings a conversation into the state the story ends with.
func (l *loader) finish(ctx context.Context, c Conversation, s story) error {
	by := l.owner
	if a, ok := l.actors[c.Assignee]; ok && a.Role != account.Light {
		by = a
	}
	now, _, err := l.Conversations.Get(ctx, l.owner, s.id)
	if err != nil {
		return err
	}
	if c.Priority != string(now.Priority) {
		if _, err := l.Conversations.SetPriority(ctx, by, s.id, conversation.Priority(c.Priority), 0); err != nil {
			return err
		}
	}
	if c.Status != string(now.Status) {
		if _, err := l.Conversations.SetStatus(ctx, by, s.id, conversation.Status(c.Status), 0); err != nil {
			return err
		}
	}
	if c.Spam {
		if _, err := l.Conversations.MarkSpam(ctx, by, s.id, true, 0); err != nil {
			return err
		}
	}
	if c.SnoozedDays > 0 {
		until := l.Clock.Now().Add(time.Duration(c.DaysAgo*24*float64(time.Hour)) + time.Duration(c.SnoozedDays*24*float64(time.Hour)))
		if _, err := l.Conversations.Snooze(ctx, by, s.id, until, 0); err != nil {
			return err
		}
	}
	return nil
}

// customers fills in what the company knows of those who wrote.
func (l *loader) customers(ctx context.Context) error {
	for i, c := range l.world.Conversations {
		who, id := l.contacts[c.Contact], l.stories[i].contactID
		if who.Key == "" || id == 0 {
			continue
		}
		since, _ := time.Parse("2006-01", who.Since)
		change := contact.Change{Name: &who.Name, Language: &who.Language, TimeZone: &who.TimeZone, City: &who.City, Note: &who.Note, Since: &since}
		if who.Company == "" { // the domain is a mail provider's
			change.CompanyID = new(int64)
		}
		if _, err := l.Contacts.Update(ctx, l.owner, id, change); err != nil {
			return fmt.Errorf("%s: %w", who.Key, err)
		}
		delete(l.contacts, c.Contact)
	}
	return nil
}

// settle waits until no job is due.
func (l *loader) settle(ctx context.Context) error {
	for range 20_000 {
		counts, err := l.Jobs.Counts(ctx)
		if err != nil {
			return err
		}
		if counts[job.Dead] > 0 {
			dead, _ := l.Jobs.List(ctx, 0, job.Dead)
			return fmt.Errorf("a job was given up: %s: %s", dead[0].Kind, dead[0].LastError)
		}
		if counts[job.Running]+counts[job.Waiting] == 0 {
			return nil
		}
		time.Sleep(200 * time.Microsecond)
	}
	return fmt.Errorf("jobs did not end")
}

func domain(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }
