package httpapi

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
	add(s, route{method: "GET", path: "/search", id: "search", summary: "Find conversations and contacts", tag: "Search"}, todo[searchQuery, Body[SearchResult]])
}
