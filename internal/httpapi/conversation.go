package httpapi

import (
	"context"
	"fmt"
	"strings"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/conversation"
	"rapport/internal/conversation/transcript"
	"rapport/internal/httpapi/chatset"
	"rapport/internal/httpapi/files"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/live"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
	"rapport/internal/httpapi/viewset"
	"rapport/internal/platform/fault"
)

// Conversation is everything between one customer and the company about one
// thing.
type Conversation struct {
	ID                   int64              `json:"id"`
	Number               int64              `json:"number"`
	Subject              string             `json:"subject"`
	Status               string             `json:"status" enum:"open,pending,on_hold,closed"`
	Priority             string             `json:"priority" enum:"low,normal,high,urgent"`
	InboxID              int64              `json:"inbox_id"`
	Channel              string             `json:"channel"`
	ContactID            int64              `json:"contact_id"`
	AssigneeID           *int64             `json:"assignee_id"`
	TeamID               *int64             `json:"team_id"`
	Tags                 []string           `json:"tags"`
	SnoozedUntil         *time.Time         `json:"snoozed_until"`
	Spam                 bool               `json:"spam"`
	CreatedAt            time.Time          `json:"created_at"`
	LastActivityAt       time.Time          `json:"last_activity_at"`
	Contact              ConversationPerson `json:"contact"`
	Excerpt              string             `json:"excerpt"`
	LastAuthorKind       string             `json:"last_author_kind" enum:"contact,agent,bot,system"`
	LastPosition         int64              `json:"last_position"`
	ReadPosition         int64              `json:"read_position"`
	Unread               bool               `json:"unread"`
	Draft                bool               `json:"draft"`
	LinkedConversationID *int64             `json:"linked_conversation_id"`
	Version              int64              `json:"version"`
}

// ConversationPerson is the customer as a list shows them.
type ConversationPerson struct {
	ID      int64  `json:"id"`
	Name    string `json:"name"`
	Address string `json:"address"`
}

// ConversationDetail is a conversation as it is read alone.
type ConversationDetail struct {
	Conversation
	Participants []Participant                 `json:"participants"`
	Permissions  []string                      `json:"permissions"`
	Chat         shape.OrNull[chatset.Visitor] `json:"chat"`
}

type Participant struct {
	Kind     string `json:"kind" enum:"contact,agent"`
	ID       *int64 `json:"id"`
	Name     string `json:"name"`
	Address  string `json:"address"`
	Role     string `json:"role" enum:"customer,cc,unverified,agent"`
	Verified string `json:"verified" enum:"pass,none,fail,unchecked,typed"`
}

// Address is a person at the other end of a message.
type Address struct {
	Name    string `json:"name,omitempty" maxLength:"500"`
	Address string `json:"address" maxLength:"320"`
}

type listConversations struct {
	View       string `query:"view" maxLength:"120" doc:"mine, unassigned, all_open, waiting, snoozed, closed, spam, inbox:{id}, team:{id}, or a saved one: saved:{key}"`
	Status     string `query:"status" enum:"open,pending,on_hold,closed"`
	InboxID    int64  `query:"inbox_id" minimum:"1"`
	AssigneeID int64  `query:"assignee_id" minimum:"1"`
	TeamID     int64  `query:"team_id" minimum:"1"`
	ContactID  int64  `query:"contact_id" minimum:"1"`
	Number     int64  `query:"number" minimum:"1"`
	Tag        string `query:"tag" maxLength:"100"`
	Q          string `query:"q" maxLength:"500" doc:"Words of subject and newest message. One such as #1042 finds the conversation of that number too."`
	Snoozed    string `query:"snoozed" enum:"true,false"`
	Spam       string `query:"spam" enum:"true,false"`
	Sort       string `query:"sort" enum:"newest,oldest,created,priority" doc:"By the last activity, by the beginning, or the most pressing first. As saved with the view, else newest."`
	shape.Paging
}

type NewConversation struct {
	InboxID       int64       `json:"inbox_id"`
	Subject       string      `json:"subject"`
	To            []Recipient `json:"to,omitempty" maxItems:"100"`
	CC            []Recipient `json:"cc,omitempty" maxItems:"100"`
	BCC           []Recipient `json:"bcc,omitempty" maxItems:"100"`
	Text          string      `json:"text"`
	HTML          string      `json:"html,omitempty"`
	AttachmentIDs []int64     `json:"attachment_ids,omitempty" maxItems:"100"`
	AssigneeID    *int64      `json:"assignee_id,omitempty"`
	ContactID     *int64      `json:"contact_id,omitempty"`
	ClientID      string      `json:"client_id,omitempty" maxLength:"100"`
}

type SetRead struct {
	Position int64 `json:"position" minimum:"0"`
}

type SetContact struct {
	ContactID int64  `json:"contact_id"`
	Version   *int64 `json:"version,omitempty"`
}

type TranscriptTo struct {
	To string `json:"to" maxLength:"320"`
}

type SetPresence struct {
	State string `json:"state" enum:"viewing,replying,noting,idle" doc:"A visitor is shown replying alone."`
}

func (s *Server) conversationRoutes() {
	const tag = "Conversations"
	put := func(what, id, summary string) operation.Route {
		return operation.Route{Method: "PUT", Path: "/conversations/{id}/" + what, ID: id, Summary: summary, Tag: tag}
	}
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/conversations", ID: "list-conversations", Summary: "Conversations in my sight", Tag: tag}, s.conversations)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: "/conversations", ID: "start-conversation", Summary: "Write to somebody first", Tag: tag, Status: 201, Makes: true}, s.startConversation)
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/conversations/{id}", ID: "read-conversation", Summary: "One conversation", Tag: tag}, s.conversation)
	operation.Add(s.operations, operation.Route{Method: "DELETE", Path: "/conversations/{id}", ID: "delete-conversation", Summary: "Delete a conversation for ever", Tag: tag}, s.deleteConversation)
	operation.Add(s.operations, put("assignee", "set-assignee", "Give it to an agent, or to nobody"), s.setAssignee)
	operation.Add(s.operations, put("team", "set-team", "Give it to a team, or to none"), s.setTeam)
	operation.Add(s.operations, put("status", "set-status", "Set the status"), s.setStatus)
	operation.Add(s.operations, put("priority", "set-priority", "Set the priority"), s.setPriority)
	operation.Add(s.operations, put("snooze", "set-snooze", "Put it away until a time, or wake it"), s.setSnooze)
	operation.Add(s.operations, put("tags", "set-tags", "Set the tags"), s.setTags)
	operation.Add(s.operations, put("subject", "set-subject", "Set the subject"), s.setSubject)
	operation.Add(s.operations, put("spam", "set-spam", "Mark as spam, or not"), s.setSpam)
	operation.Add(s.operations, put("read", "set-read", "Set how far I have read"), s.setRead)
	operation.Add(s.operations, put("contact", "set-contact", "Say who the customer is"), s.setContact)
	operation.Add(s.operations, put("presence", "set-presence", "Tell that I am looking or writing"), s.setPresence)
	s.originalRoutes(tag)
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/conversations/{id}/history", ID: "read-history", Summary: "What happened to it", Tag: tag}, s.history)
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/conversations/{id}/transcript", ID: "read-transcript", Gives: "text/plain", Summary: "The whole conversation as text", Tag: tag}, s.transcript)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: "/conversations/{id}/transcript", ID: "mail-transcript", Summary: "Mail the whole conversation to somebody", Tag: tag, Status: 202}, s.mailTranscript)
}

func conversationOf(c conversation.Conversation) Conversation {
	return Conversation{
		ID: c.ID, Number: c.Number, Subject: c.Subject, Status: string(c.Status), Priority: string(c.Priority), InboxID: c.InboxID, Channel: c.Channel,
		ContactID: c.ContactID, AssigneeID: shape.IDOrNull(c.AssigneeID), TeamID: shape.IDOrNull(c.TeamID), Tags: shape.Filled(c.Tags), SnoozedUntil: shape.TimeOrNull(c.SnoozedUntil),
		Spam: c.Spam, CreatedAt: c.CreatedAt, LastActivityAt: c.LastActivityAt, Contact: ConversationPerson(c.Contact), Excerpt: c.Excerpt,
		LastAuthorKind: c.LastAuthorKind, LastPosition: c.LastPosition, ReadPosition: c.ReadPosition, Unread: c.Unread(), Draft: c.Draft,
		LinkedConversationID: shape.IDOrNull(c.LinkedID), Version: c.Version,
	}
}

func participantOf(p conversation.Participant) Participant {
	out := Participant{Kind: p.Kind, ID: shape.IDOrNull(p.ID), Name: p.Name, Address: p.Address, Role: string(p.Role), Verified: string(p.Proof)}
	if p.Kind == conversation.ByAgent {
		out.Role = "agent"
	}
	if out.Verified == "" {
		out.Verified = string(channel.ProofUnchecked)
	}
	return out
}

// conversationAnswer turns what a verb returns into an answer.
func conversationAnswer(c conversation.Conversation, err error) (*shape.Body[Conversation], error) {
	return shape.One(conversationOf(c)), err
}

func partiesOf(list []Address) []channel.Party {
	return shape.Each(list, func(a Address) channel.Party { return channel.Party(a) })
}

func addressesOf(list []channel.Party) []Address {
	return shape.Each(list, func(p channel.Party) Address { return Address(p) })
}

func (s *Server) startConversation(ctx context.Context, in *shape.With[NewConversation]) (*shape.Body[Conversation], error) {
	b := in.Body
	return conversationAnswer(s.Conversations.Start(ctx, gate.Actor(ctx), conversation.NewConversation{
		InboxID: b.InboxID, Subject: b.Subject, ContactID: shape.Value(b.ContactID), AssigneeID: shape.Value(b.AssigneeID),
		NewMessage: conversation.NewMessage{
			Text: b.Text, HTML: b.HTML, Attachments: b.AttachmentIDs, To: recipientsOf(b.To), Cc: recipientsOf(b.CC), Bcc: recipientsOf(b.BCC), ClientID: b.ClientID,
		},
	}))
}

func (s *Server) conversation(ctx context.Context, in *shape.ByID) (*shape.Body[ConversationDetail], error) {
	actor := gate.Actor(ctx)
	c, participants, err := s.Conversations.Get(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	out := ConversationDetail{Conversation: conversationOf(c), Participants: shape.Each(participants, participantOf), Permissions: shape.Filled(account.Permissions(actor.Role))}
	if c.Channel == "chat" {
		visitor, err := s.Visitors.Chat(ctx, c.WorkspaceID, c.ID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		if err == nil {
			out.Chat.Value = chatset.VisitorOf(visitor, s.hub.Guest(c.ID))
		}
	}
	return shape.One(out), nil
}

func (s *Server) deleteConversation(ctx context.Context, in *shape.ByID) (*shape.None, error) {
	return nil, s.Conversations.Delete(ctx, gate.Actor(ctx), in.ID)
}

func (s *Server) setContact(ctx context.Context, in *shape.On[SetContact]) (*shape.Body[Conversation], error) {
	return conversationAnswer(s.Conversations.SetContact(ctx, gate.Actor(ctx), in.ID, in.Body.ContactID, shape.Value(in.Body.Version)))
}

func (s *Server) setRead(ctx context.Context, in *shape.On[SetRead]) (*shape.Body[Conversation], error) {
	c, err := s.Conversations.MarkRead(ctx, gate.Actor(ctx), in.ID, in.Body.Position)
	if err == nil {
		s.hub.TellOwn(gate.Actor(ctx), "conversation.read", in.ID)
		err = s.Notices.Read(ctx, gate.Actor(ctx), in.ID, in.Body.Position)
	}
	return conversationAnswer(c, err)
}

func (s *Server) setPresence(ctx context.Context, in *shape.On[SetPresence]) (*shape.None, error) {
	actor := gate.Actor(ctx)
	c, _, err := s.Conversations.Get(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	s.hub.TellPresence(live.Here{WorkspaceID: actor.WorkspaceID, InboxID: c.InboxID, ConversationID: c.ID, AgentID: actor.AgentID, State: in.Body.State})
	return nil, nil
}

func (s *Server) transcript(ctx context.Context, in *shape.ByID) (*files.Answer, error) {
	text, err := transcript.Of(ctx, s.Conversations, gate.Actor(ctx), in.ID, true)
	return files.Download(fmt.Sprintf("conversation-%d.txt", in.ID), []byte(text)), err
}

func (s *Server) mailTranscript(ctx context.Context, in *shape.On[TranscriptTo]) (*shape.None, error) {
	actor := gate.Actor(ctx)
	c, _, err := s.Conversations.Get(ctx, actor, in.ID)
	if err == nil {
		err = s.Accounts.Allow(ctx, actor, account.ConversationTranscript, c.InboxID)
	}
	if err != nil {
		return nil, err
	}
	text, err := transcript.Of(ctx, s.Conversations, actor, in.ID, false)
	if err != nil {
		return nil, err
	}
	return nil, s.mailText(ctx, c, in.Body.To, text)
}

// mailText sends a letter from a conversation's inbox.
func (s *Server) mailText(ctx context.Context, c conversation.Conversation, to, text string) error {
	const op = "httpapi.mailText"
	to = channel.Fold(to)
	if !strings.Contains(to, "@") {
		return fault.InvalidField(op, "to", "Write an address such as ewa@harbour.example.")
	}
	sent, err := s.Channels.SendLetter(ctx, c.WorkspaceID, channel.Letter{InboxID: c.InboxID, To: channel.Party{Address: to}, Subject: c.Subject, Text: text})
	if err == nil && !sent {
		err = fault.New(op, fault.Conflict, "There is no inbox to send this from.")
	}
	return err
}

// filter is what a list asks for, as the room takes it.
func (in *listConversations) filter() conversation.Filter {
	return conversation.Filter{
		View: in.View, Status: in.Status, InboxID: in.InboxID, AssigneeID: in.AssigneeID, TeamID: in.TeamID, ContactID: in.ContactID, Number: in.Number,
		Tag: in.Tag, Q: in.Q, Snoozed: yesNo(in.Snoozed), Spam: yesNo(in.Spam), Sort: in.Sort, Cursor: in.Cursor, Limit: in.Limit,
	}
}

// yesNo is a choice in a query; nil when it was not made.
func yesNo(v string) *bool {
	if v == "" {
		return nil
	}
	yes := v == "true"
	return &yes
}

func (s *Server) conversations(ctx context.Context, in *listConversations) (*shape.Body[shape.Page[Conversation]], error) {
	f, err := viewset.Filter(ctx, s.Views, in.filter())
	if err != nil {
		return nil, err
	}
	p, err := s.Conversations.List(ctx, gate.Actor(ctx), f)
	return shape.Part(shape.Each(p.Items, conversationOf), p.Next), err
}
