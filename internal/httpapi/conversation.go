package httpapi

import "time"

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
	Participants []Participant `json:"participants"`
	Permissions  []string      `json:"permissions"`
}

type Participant struct {
	Kind     string `json:"kind" enum:"contact,agent"`
	ID       *int64 `json:"id"`
	Name     string `json:"name"`
	Address  string `json:"address"`
	Role     string `json:"role" enum:"customer,cc,unverified"`
	Verified string `json:"verified" enum:"pass,none,fail,unchecked"`
}

// Address is a person at the other end of a message.
type Address struct {
	Name    string `json:"name,omitempty" maxLength:"500"`
	Address string `json:"address" maxLength:"320"`
}

type listConversations struct {
	View       string `query:"view" maxLength:"50" doc:"mine, unassigned, all_open, waiting, snoozed, closed, spam, inbox:{id} or team:{id}"`
	Status     string `query:"status" enum:"open,pending,on_hold,closed"`
	InboxID    int64  `query:"inbox_id" minimum:"1"`
	AssigneeID int64  `query:"assignee_id" minimum:"1"`
	TeamID     int64  `query:"team_id" minimum:"1"`
	ContactID  int64  `query:"contact_id" minimum:"1"`
	Tag        string `query:"tag" maxLength:"100"`
	Q          string `query:"q" maxLength:"500"`
	Snoozed    string `query:"snoozed" enum:"true,false"`
	Spam       string `query:"spam" enum:"true,false"`
	Sort       string `query:"sort" enum:"newest,oldest"`
	Paging
}

type NewConversation struct {
	InboxID       int64     `json:"inbox_id"`
	Subject       string    `json:"subject"`
	To            []Address `json:"to,omitempty" maxItems:"100"`
	CC            []Address `json:"cc,omitempty" maxItems:"100"`
	BCC           []Address `json:"bcc,omitempty" maxItems:"100"`
	Text          string    `json:"text"`
	HTML          string    `json:"html,omitempty"`
	AttachmentIDs []int64   `json:"attachment_ids,omitempty" maxItems:"100"`
	AssigneeID    *int64    `json:"assignee_id,omitempty"`
	ContactID     *int64    `json:"contact_id,omitempty"`
	ClientID      string    `json:"client_id,omitempty" maxLength:"100"`
}

type SetAssignee struct {
	AssigneeID *int64 `json:"assignee_id"`
	Version    *int64 `json:"version,omitempty"`
}

type SetTeam struct {
	TeamID  *int64 `json:"team_id"`
	Version *int64 `json:"version,omitempty"`
}

type SetStatus struct {
	Status  string `json:"status" enum:"open,pending,on_hold,closed"`
	Version *int64 `json:"version,omitempty"`
}

type SetPriority struct {
	Priority string `json:"priority" enum:"low,normal,high,urgent"`
	Version  *int64 `json:"version,omitempty"`
}

type SetSnooze struct {
	SnoozedUntil *time.Time `json:"snoozed_until"`
	Version      *int64     `json:"version,omitempty"`
}

type SetTags struct {
	Tags    []string `json:"tags" maxItems:"100"`
	Version *int64   `json:"version,omitempty"`
}

type SetSubject struct {
	Subject string `json:"subject"`
	Version *int64 `json:"version,omitempty"`
}

type SetSpam struct {
	Spam    bool   `json:"spam"`
	Version *int64 `json:"version,omitempty"`
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

// HistoryItem is one event of a conversation, for the lines between messages.
type HistoryItem struct {
	Seq   int64          `json:"seq"`
	At    time.Time      `json:"at"`
	Kind  string         `json:"kind"`
	Actor HistoryActor   `json:"actor"`
	Data  map[string]any `json:"data"`
}

type HistoryActor struct {
	Kind string `json:"kind" enum:"contact,agent,bot,system"`
	ID   *int64 `json:"id"`
	Name string `json:"name"`
}

type SetPresence struct {
	State string `json:"state" enum:"viewing,replying,idle"`
}

func (s *Server) conversationRoutes() {
	const tag = "Conversations"
	put := func(what, id, summary string) route {
		return route{method: "PUT", path: "/conversations/{id}/" + what, id: id, summary: summary, tag: tag}
	}
	add(s, route{method: "GET", path: "/conversations", id: "list-conversations", summary: "Conversations in my sight", tag: tag}, todo[listConversations, Body[Page[Conversation]]])
	add(s, route{method: "POST", path: "/conversations", id: "start-conversation", summary: "Write to somebody first", tag: tag, status: 201, makes: true}, todo[With[NewConversation], Body[Conversation]])
	add(s, route{method: "GET", path: "/conversations/{id}", id: "read-conversation", summary: "One conversation", tag: tag}, todo[ByID, Body[ConversationDetail]])
	add(s, route{method: "DELETE", path: "/conversations/{id}", id: "delete-conversation", summary: "Delete a conversation for ever", tag: tag}, todo[ByID, None])
	add(s, put("assignee", "set-assignee", "Give it to an agent, or to nobody"), todo[On[SetAssignee], Body[Conversation]])
	add(s, put("team", "set-team", "Give it to a team, or to none"), todo[On[SetTeam], Body[Conversation]])
	add(s, put("status", "set-status", "Set the status"), todo[On[SetStatus], Body[Conversation]])
	add(s, put("priority", "set-priority", "Set the priority"), todo[On[SetPriority], Body[Conversation]])
	add(s, put("snooze", "set-snooze", "Put it away until a time, or wake it"), todo[On[SetSnooze], Body[Conversation]])
	add(s, put("tags", "set-tags", "Set the tags"), todo[On[SetTags], Body[Conversation]])
	add(s, put("subject", "set-subject", "Set the subject"), todo[On[SetSubject], Body[Conversation]])
	add(s, put("spam", "set-spam", "Mark as spam, or not"), todo[On[SetSpam], Body[Conversation]])
	add(s, put("read", "set-read", "Set how far I have read"), todo[On[SetRead], Body[Conversation]])
	add(s, put("contact", "set-contact", "Say who the customer is"), todo[On[SetContact], Body[Conversation]])
	add(s, put("presence", "set-presence", "Tell that I am looking or writing"), todo[On[SetPresence], None])
	add(s, route{method: "GET", path: "/conversations/{id}/history", id: "read-history", summary: "What happened to it", tag: tag}, todo[ByID, Body[Page[HistoryItem]]])
	add(s, route{method: "GET", path: "/conversations/{id}/transcript", id: "read-transcript", gives: "text/plain", summary: "The whole conversation as text", tag: tag}, todo[ByID, file])
	add(s, route{method: "POST", path: "/conversations/{id}/transcript", id: "mail-transcript", summary: "Mail the whole conversation to somebody", tag: tag, status: 202}, todo[On[TranscriptTo], None])
}
