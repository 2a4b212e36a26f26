package httpapi

import (
	"context"
	"strings"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/conversation"
	"rapport/internal/httpapi/files"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
	"rapport/internal/platform/fault"
)

// Message is one thing somebody wrote in a conversation.
type Message struct {
	ID          int64                  `json:"id"`
	Position    int64                  `json:"position"`
	Kind        string                 `json:"kind" enum:"inbound,reply,note"`
	Class       string                 `json:"class" enum:"human,auto_reply,bounce,list"`
	Author      Author                 `json:"author"`
	To          []Address              `json:"to"`
	CC          []Address              `json:"cc"`
	BCC         []Address              `json:"bcc"`
	Text        string                 `json:"text"`
	HTML        *string                `json:"html"`
	ReplyText   string                 `json:"reply_text" doc:"The new words only."`
	HasQuote    bool                   `json:"has_quote"`
	Attachments []Attachment           `json:"attachments"`
	CreatedAt   time.Time              `json:"created_at"`
	SentAt      *time.Time             `json:"sent_at" doc:"As the sender claims."`
	Delivery    shape.OrNull[Delivery] `json:"delivery"`
	Masked      shape.OrNull[Masked]   `json:"masked" doc:"Why the words are hidden; null: they are not."`
	ClientID    *string                `json:"client_id"`
	Flags       []string               `json:"flags"`
	Verified    string                 `json:"verified" doc:"pass: the sender's domain vouches for it; fail: it says that this is not its mail; none: it says nothing; unchecked: not found out; typed: only typed by somebody."`
	VerifiedBy  VerifiedBy             `json:"verified_by"`
	Language    string                 `json:"language"`
	Mentions    []int64                `json:"mentions"`
}

// VerifiedBy tells how a sender was verified, or why not.
type VerifiedBy struct {
	Check  string `json:"check" enum:",dkim,spf,dmarc,senders,nothing,no_signature,no_address,silence" doc:"What decided; empty: nothing was looked at."`
	Domain string `json:"domain" doc:"That was asked."`
}

type Author struct {
	Kind     string  `json:"kind" enum:"contact,agent,bot,system"`
	ID       *int64  `json:"id"`
	Name     string  `json:"name"`
	Address  string  `json:"address"`
	PhotoURL *string `json:"photo_url"`
}

// Delivery tells where a reply stands on its way out.
type Delivery struct {
	State      string              `json:"state" enum:"held,queued,sending,delayed,sent,failed,bounced,cancelled"`
	Reason     string              `json:"reason" words:"yes"`
	Until      *time.Time          `json:"until"`
	Recipients []RecipientDelivery `json:"recipients,omitempty"`
}

type RecipientDelivery struct {
	Address string `json:"address"`
	State   string `json:"state" enum:"held,queued,sending,delayed,sent,failed,bounced,cancelled"`
	Reason  string `json:"reason" words:"yes"`
}

type NewMessage struct {
	Kind          string      `json:"kind" enum:"reply,note"`
	Text          string      `json:"text"`
	HTML          string      `json:"html,omitempty" doc:"A picture of attachment_ids stands in it as <img src=\"cid:file-7@rapport\"> with its id."`
	AttachmentIDs []int64     `json:"attachment_ids,omitempty" maxItems:"100"`
	To            []Recipient `json:"to,omitempty" maxItems:"100"`
	CC            []Recipient `json:"cc,omitempty" maxItems:"100"`
	BCC           []Recipient `json:"bcc,omitempty" maxItems:"100"`
	Mentions      []int64     `json:"mentions,omitempty" maxItems:"100" doc:"In a note: agents meant, beside those its text names with @."`
	SendAt        *time.Time  `json:"send_at,omitempty"`
	HoldSeconds   int         `json:"hold_seconds,omitempty" minimum:"0" maximum:"600" doc:"For so long the reply can be taken back."`
	ClientID      string      `json:"client_id,omitempty" maxLength:"100"`
	Close         bool        `json:"close,omitempty" doc:"Also close the conversation."`
	SeenPosition  *int64      `json:"seen_position,omitempty" doc:"Refused with /problems/unseen when somebody else has written since."`
}

// Forward passes a message on to somebody outside. A note of it stays.
type Forward struct {
	Text          string      `json:"text,omitempty" doc:"One's own words above what is passed on."`
	HTML          string      `json:"html,omitempty"`
	AttachmentIDs []int64     `json:"attachment_ids,omitempty" maxItems:"100" doc:"Uploads, and files of what is passed on."`
	To            []Recipient `json:"to" maxItems:"100"`
	CC            []Recipient `json:"cc,omitempty" maxItems:"100"`
	BCC           []Recipient `json:"bcc,omitempty" maxItems:"100"`
	History       bool        `json:"history,omitempty" doc:"Also pass on all that was said before, without notes."`
	HoldSeconds   int         `json:"hold_seconds,omitempty" minimum:"0" maximum:"600"`
	ClientID      string      `json:"client_id,omitempty" maxLength:"100"`
}

type forwardMessage struct {
	OfMessage
	Body Forward
}

type listMessages struct {
	shape.ByID
	Before int64 `query:"before" minimum:"0" doc:"The newest page below this position, for a screen that begins at the end; without it pages go forward from the first message."`
	shape.Paging
}

// OfMessage is the input of an operation on one message.
type OfMessage struct {
	shape.ByID
	MessageID int64 `path:"mid" minimum:"1"`
}

type messageHTML struct {
	OfMessage
	Images string `query:"images" enum:"0,1" doc:"1 lets pictures of other sites load."`
}

func (s *Server) messageRoutes() {
	const tag, one = "Messages", "/conversations/{id}/messages/{mid}"
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/conversations/{id}/messages", ID: "list-messages", Summary: "Messages by position, from the first on; with before, the newest page below it", Tag: tag}, s.messages)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: "/conversations/{id}/messages", ID: "write-message", Summary: "Reply, or leave a note", Tag: tag, Status: 201, Makes: true}, s.writeMessage)
	s.outgoingRoutes()
	s.revealRoutes(tag, one)
	operation.Add(s.operations, operation.Route{Method: "DELETE", Path: one + "/hold", ID: "undo-send", Summary: "Take a held reply back as a draft", Tag: tag}, s.undoSend)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: one + "/retry", ID: "retry-message", Summary: "Send a failed reply again", Tag: tag}, s.retryMessage)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: one + "/forward", ID: "forward-message", Summary: "Pass a message on to somebody outside", Tag: tag, Status: 201, Makes: true}, s.forwardMessage)
	operation.Add(s.operations, operation.Route{Method: "GET", Path: one + "/source", ID: "message-source", Gives: "text/plain", Summary: "The mail as it came or went", Tag: tag}, s.messageSource)
	operation.Add(s.operations, operation.Route{Method: "GET", Path: one + "/html", ID: "message-html", Gives: "text/html", Summary: "The message as a page for a sandboxed frame", Tag: tag}, s.messageHTML)
}

func (s *Server) messageOf(m conversation.Message) Message {
	out := Message{
		ID: m.ID, Position: m.Position, Kind: m.Kind, Class: string(m.Class),
		Author: Author{Kind: m.Author.Kind, ID: shape.IDOrNull(m.Author.ID), Name: m.Author.Name, Address: m.Author.Address},
		To:     addressesOf(m.To), CC: addressesOf(m.Cc), BCC: addressesOf(m.Bcc), Text: m.Text, HTML: shape.TextOrNull(m.HTML), ReplyText: m.ReplyText,
		HasQuote: len(strings.TrimSpace(m.ReplyText)) < len(strings.TrimSpace(m.Text)), CreatedAt: m.CreatedAt, SentAt: shape.TimeOrNull(m.SentAt),
		ClientID: shape.TextOrNull(m.ClientID), Flags: shape.Filled(m.Flags), Verified: string(m.Proof), VerifiedBy: VerifiedBy{m.Finding.By, m.Finding.Domain}, Language: m.Language, Mentions: shape.Filled(m.Mentions),
		Attachments: s.attachmentsOf(m.WorkspaceID, m.Attachments),
	}
	if m.Masked != nil {
		out.Masked.Value = &Masked{m.Masked.Kind, m.Masked.Provider, m.Masked.Domain, m.Masked.Phrase}
	}
	if m.Author.Kind == account.KindAgent {
		out.Author.PhotoURL = photoURL(m.Author.ID, m.Author.PhotoID)
	}
	if m.Delivery != nil {
		out.Delivery.Value = deliveryOf(*m.Delivery)
	}
	return out
}

func (s *Server) attachmentsOf(workspaceID int64, list []conversation.Attachment) []Attachment {
	return shape.Each(list, func(a conversation.Attachment) Attachment {
		return Attachment{a.ID, a.Name, a.ContentType, a.Size, s.files.Link(workspaceID, a.ID), a.Inline, a.ContentID}
	})
}

func deliveryOf(d channel.Delivery) *Delivery {
	return &Delivery{State: string(d.State), Reason: d.Reason, Until: shape.TimeOrNull(d.Until), Recipients: shape.Each(d.Recipients, func(r channel.RecipientDelivery) RecipientDelivery {
		return RecipientDelivery{r.Address, string(r.State), r.Reason}
	})}
}

// messageAnswer turns what a verb returns into an answer.
func (s *Server) messageAnswer(m conversation.Message, err error) (*shape.Body[Message], error) {
	return shape.One(s.messageOf(m)), err
}

func (s *Server) messages(ctx context.Context, in *listMessages) (*shape.Body[shape.Page[Message]], error) {
	span := conversation.Span{Before: in.Before, Oldest: in.Before == 0, Limit: in.Limit}
	at, err := shape.Position(in.Cursor)
	if err != nil {
		return nil, err
	}
	if span.Oldest {
		span.After = at
	} else if at > 0 {
		span.Before = at
	}
	list, more, err := s.Conversations.Messages(ctx, gate.Actor(ctx), in.ID, span)
	if err != nil {
		return nil, err
	}
	next := ""
	if more && span.Oldest {
		next = shape.PositionCursor(list[len(list)-1].Position)
	} else if more {
		next = shape.PositionCursor(list[0].Position)
	}
	return shape.Part(shape.Each(list, s.messageOf), next), nil
}

func (s *Server) writeMessage(ctx context.Context, in *shape.On[NewMessage]) (*shape.Body[Message], error) {
	b := in.Body
	n := conversation.NewMessage{
		Text: b.Text, HTML: b.HTML, Attachments: b.AttachmentIDs, To: recipientsOf(b.To), Cc: recipientsOf(b.CC), Bcc: recipientsOf(b.BCC),
		HoldSeconds: b.HoldSeconds, SendAt: shape.Value(b.SendAt), ClientID: b.ClientID, Close: b.Close, SeenPosition: b.SeenPosition, Mentions: b.Mentions,
	}
	write := s.Conversations.Reply
	if b.Kind == conversation.KindNote {
		write = s.Conversations.Note
	}
	return s.messageAnswer(write(ctx, gate.Actor(ctx), in.ID, n))
}

func (s *Server) forwardMessage(ctx context.Context, in *forwardMessage) (*shape.Body[Message], error) {
	b := in.Body
	return s.messageAnswer(s.Conversations.Forward(ctx, gate.Actor(ctx), in.ID, in.MessageID, b.History, conversation.NewMessage{
		Text: b.Text, HTML: b.HTML, Attachments: b.AttachmentIDs, To: recipientsOf(b.To), Cc: recipientsOf(b.CC), Bcc: recipientsOf(b.BCC), HoldSeconds: b.HoldSeconds, ClientID: b.ClientID,
	}))
}

func (s *Server) undoSend(ctx context.Context, in *OfMessage) (*shape.Body[Draft], error) {
	d, err := s.Conversations.CancelHold(ctx, gate.Actor(ctx), in.ID, in.MessageID)
	return s.draftAnswer(ctx)(d, err)
}

func (s *Server) retryMessage(ctx context.Context, in *OfMessage) (*shape.Body[Message], error) {
	return s.messageAnswer(s.Conversations.RetryDelivery(ctx, gate.Actor(ctx), in.ID, in.MessageID))
}

func (s *Server) messageSource(ctx context.Context, in *OfMessage) (*files.Answer, error) {
	m, err := s.Conversations.Message(ctx, gate.Actor(ctx), in.ID, in.MessageID)
	if err != nil {
		return nil, err
	}
	var raw []byte
	switch {
	case m.ReceiptID != 0:
		raw, err = s.Channels.SourceOf(ctx, gate.Actor(ctx), m.ReceiptID)
	case m.OutboundID != 0:
		raw, err = s.Channels.DepartureSource(ctx, account.System(m.WorkspaceID), m.OutboundID)
	default:
		err = fault.New("httpapi.messageSource", fault.NotFound, "This message is no mail, so there is no source.")
	}
	return files.Text(raw), err
}

func (s *Server) messageHTML(ctx context.Context, in *messageHTML) (*files.Answer, error) {
	m, err := s.Conversations.Message(ctx, gate.Actor(ctx), in.ID, in.MessageID)
	if err != nil {
		return nil, err
	}
	return s.serveMail(m, in.Images == "1"), nil
}
