package httpapi

import "time"

// Mail is the receipt of one accepted mail.
type Mail struct {
	ID             int64     `json:"id"`
	ReceivedAt     time.Time `json:"received_at"`
	InboxID        int64     `json:"inbox_id"`
	Inbox          string    `json:"inbox"`
	State          string    `json:"state" enum:"received,applied,rejected,quarantined"`
	Reason         string    `json:"reason"`
	From           string    `json:"from"`
	Subject        string    `json:"subject"`
	Size           int64     `json:"size"`
	ConversationID *int64    `json:"conversation_id"`
	Attempts       int       `json:"attempts"`
}

type listMails struct {
	State   string `query:"state" enum:"received,applied,rejected,quarantined"`
	InboxID int64  `query:"inbox_id" minimum:"1"`
	Paging
}

func (s *Server) mailRoutes() {
	const tag = "Mails"
	add(s, route{method: "GET", path: "/mails", id: "list-mails", summary: "Every accepted mail and what became of it", tag: tag}, todo[listMails, Body[Page[Mail]]])
	add(s, route{method: "POST", path: "/mails/{id}/replay", id: "replay-mail", summary: "Handle a mail again", tag: tag}, todo[ByID, Body[Mail]])
	add(s, route{method: "DELETE", path: "/mails/{id}", id: "discard-mail", summary: "Discard a quarantined mail", tag: tag}, todo[ByID, None])
	add(s, route{method: "GET", path: "/mails/{id}/source", id: "mail-source", gives: "text/plain", summary: "The mail as it came", tag: tag}, todo[ByID, file])
}
