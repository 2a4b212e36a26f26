package httpapi

import "time"

// Message is one thing somebody wrote in a conversation.
type Message struct {
	ID          int64            `json:"id"`
	Position    int64            `json:"position"`
	Kind        string           `json:"kind" enum:"inbound,reply,note"`
	Class       string           `json:"class" enum:"human,auto_reply,bounce,list"`
	Author      Author           `json:"author"`
	To          []Address        `json:"to"`
	CC          []Address        `json:"cc"`
	BCC         []Address        `json:"bcc"`
	Text        string           `json:"text"`
	HTML        *string          `json:"html"`
	ReplyText   string           `json:"reply_text" doc:"The new words only."`
	HasQuote    bool             `json:"has_quote"`
	Attachments []Attachment     `json:"attachments"`
	CreatedAt   time.Time        `json:"created_at"`
	SentAt      *time.Time       `json:"sent_at" doc:"As the sender claims."`
	Delivery    OrNull[Delivery] `json:"delivery"`
	ClientID    *string          `json:"client_id"`
	Flags       []string         `json:"flags"`
	Verified    string           `json:"verified"`
	Language    string           `json:"language"`
	Mentions    []int64          `json:"mentions"`
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
	Reason     string              `json:"reason"`
	Until      *time.Time          `json:"until"`
	Recipients []RecipientDelivery `json:"recipients,omitempty"`
}

type RecipientDelivery struct {
	Address string `json:"address"`
	State   string `json:"state" enum:"held,queued,sending,delayed,sent,failed,bounced,cancelled"`
	Reason  string `json:"reason"`
}

type NewMessage struct {
	Kind          string     `json:"kind" enum:"reply,note"`
	Text          string     `json:"text"`
	HTML          string     `json:"html,omitempty"`
	AttachmentIDs []int64    `json:"attachment_ids,omitempty" maxItems:"100"`
	To            []Address  `json:"to,omitempty" maxItems:"100"`
	CC            []Address  `json:"cc,omitempty" maxItems:"100"`
	BCC           []Address  `json:"bcc,omitempty" maxItems:"100"`
	SendAt        *time.Time `json:"send_at,omitempty"`
	HoldSeconds   int        `json:"hold_seconds,omitempty" minimum:"0" maximum:"600" doc:"For so long the reply can be taken back."`
	ClientID      string     `json:"client_id,omitempty" maxLength:"100"`
	Close         bool       `json:"close,omitempty" doc:"Also close the conversation."`
	SeenPosition  *int64     `json:"seen_position,omitempty" doc:"Refused with /problems/unseen when somebody else has written since."`
}

type listMessages struct {
	ByID
	Before int64 `query:"before" minimum:"0" doc:"Only positions below; the newest page is asked for without it."`
	Paging
}

// OfMessage is the input of an operation on one message.
type OfMessage struct {
	ByID
	MessageID int64 `path:"mid" minimum:"1"`
}

type messageHTML struct {
	OfMessage
	Images string `query:"images" enum:"0,1" doc:"1 lets pictures of other sites load."`
}

func (s *Server) messageRoutes() {
	const tag, one = "Messages", "/conversations/{id}/messages/{mid}"
	add(s, route{method: "GET", path: "/conversations/{id}/messages", id: "list-messages", summary: "Messages by position, the newest page first", tag: tag}, todo[listMessages, Body[Page[Message]]])
	add(s, route{method: "POST", path: "/conversations/{id}/messages", id: "write-message", summary: "Reply, or leave a note", tag: tag, status: 201, makes: true}, todo[On[NewMessage], Body[Message]])
	add(s, route{method: "DELETE", path: one + "/hold", id: "undo-send", summary: "Take a held reply back as a draft", tag: tag}, todo[OfMessage, Body[Draft]])
	add(s, route{method: "POST", path: one + "/retry", id: "retry-message", summary: "Send a failed reply again", tag: tag}, todo[OfMessage, Body[Message]])
	add(s, route{method: "GET", path: one + "/source", id: "message-source", gives: "text/plain", summary: "The mail as it came or went", tag: tag}, todo[OfMessage, file])
	add(s, route{method: "GET", path: one + "/html", id: "message-html", gives: "text/html", summary: "The message as a page for a sandboxed frame", tag: tag}, todo[messageHTML, file])
}
