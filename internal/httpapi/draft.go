package httpapi

import "time"

// Draft is what an agent has begun to write; only they see it.
type Draft struct {
	ConversationID int64        `json:"conversation_id"`
	Kind           string       `json:"kind" enum:"reply,note"`
	Text           string       `json:"text"`
	HTML           string       `json:"html"`
	To             []Address    `json:"to"`
	CC             []Address    `json:"cc"`
	BCC            []Address    `json:"bcc"`
	AttachmentIDs  []int64      `json:"attachment_ids"`
	Attachments    []Attachment `json:"attachments"`
	UpdatedAt      time.Time    `json:"updated_at"`
	Version        int64        `json:"version"`
}

type DraftChange struct {
	Text          string    `json:"text"`
	HTML          string    `json:"html,omitempty"`
	To            []Address `json:"to,omitempty" maxItems:"100"`
	CC            []Address `json:"cc,omitempty" maxItems:"100"`
	BCC           []Address `json:"bcc,omitempty" maxItems:"100"`
	AttachmentIDs []int64   `json:"attachment_ids,omitempty" maxItems:"100"`
	Version       *int64    `json:"version,omitempty" doc:"Of the draft that was read; refused when it has moved."`
}

// OfDraft is the input of an operation on one draft.
type OfDraft struct {
	ByID
	Kind string `path:"kind" enum:"reply,note"`
}

type putDraft struct {
	OfDraft
	Body DraftChange
}

func (s *Server) draftRoutes() {
	const tag, one = "Drafts", "/conversations/{id}/drafts/{kind}"
	add(s, route{method: "GET", path: "/drafts", id: "list-drafts", summary: "My drafts", tag: tag}, todo[None, Body[Page[Draft]]])
	add(s, route{method: "GET", path: one, id: "read-draft", summary: "My draft", tag: tag}, todo[OfDraft, Body[Draft]])
	add(s, route{method: "PUT", path: one, id: "save-draft", summary: "Save my draft", tag: tag}, todo[putDraft, Body[Draft]])
	add(s, route{method: "DELETE", path: one, id: "delete-draft", summary: "Throw my draft away", tag: tag}, todo[OfDraft, None])
}
