package httpapi

import "time"

// Event is one thing that happened, as the log holds it.
type Event struct {
	Seq            int64          `json:"seq"`
	At             time.Time      `json:"at"`
	Kind           string         `json:"kind"`
	Actor          EventActor     `json:"actor"`
	ConversationID *int64         `json:"conversation_id"`
	ContactID      *int64         `json:"contact_id"`
	Data           map[string]any `json:"data"`
}

type EventActor struct {
	Kind string `json:"kind" enum:"contact,agent,bot,system"`
	ID   *int64 `json:"id"`
}

type listEvents struct {
	After string `query:"after" maxLength:"200" doc:"The cursor of the last answer; empty starts at the beginning."`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

func (s *Server) eventRoutes() {
	add(s, route{method: "GET", path: "/events", id: "list-events", summary: "The log, as far as it is in my sight", tag: "Events"}, todo[listEvents, Body[Page[Event]]])
}
