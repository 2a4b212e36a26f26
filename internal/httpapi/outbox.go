package httpapi

import "time"

// OutgoingMail is a mail that the demo has captured instead of sending it.
type OutgoingMail struct {
	ID      int64     `json:"id"`
	At      time.Time `json:"at"`
	From    string    `json:"from"`
	To      []string  `json:"to"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	HTML    *string   `json:"html"`
	RawURL  string    `json:"raw_url"`
}

func (s *Server) outboxRoutes() {
	const tag = "Outbox"
	add(s, route{method: "GET", path: "/outbox", id: "list-outbox", summary: "Mail the demo has captured", tag: tag}, todo[None, Body[Page[OutgoingMail]]])
	add(s, route{method: "GET", path: "/outbox/{id}/source", id: "outbox-source", gives: "text/plain", summary: "A captured mail as it would have gone", tag: tag}, todo[ByID, file])
}
