package httpapi

import (
	"context"

	"rapport/internal/contact"
	"rapport/internal/conversation"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
)

// SearchResult is what a search has found; the list that was not asked for is
// empty.
type SearchResult struct {
	Conversations []Conversation `json:"conversations"`
	Contacts      []Contact      `json:"contacts"`
}

type searchQuery struct {
	Q     string `query:"q" required:"true" maxLength:"500"`
	In    string `query:"in" enum:"conversations,contacts" doc:"Both when absent."`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

func (s *Server) searchRoutes() {
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/search", ID: "search", Summary: "Find conversations and contacts", Tag: "Search"}, s.search)
}

func (s *Server) search(ctx context.Context, in *searchQuery) (*shape.Body[SearchResult], error) {
	actor := gate.Actor(ctx)
	out := SearchResult{Conversations: []Conversation{}, Contacts: []Contact{}}
	if in.In != "contacts" {
		p, err := s.Conversations.List(ctx, actor, conversation.Filter{Q: in.Q, Limit: in.Limit})
		if err != nil {
			return nil, err
		}
		out.Conversations = shape.Each(p.Items, conversationOf)
	}
	if in.In != "conversations" {
		p, err := s.Contacts.List(ctx, actor, contact.Filter{Q: in.Q, Limit: in.Limit})
		if err != nil {
			return nil, err
		}
		out.Contacts = shape.Each(p.Items, contactOf)
	}
	return shape.One(out), nil
}
