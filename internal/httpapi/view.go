package httpapi

// View is a list of conversations with a name and a number on it.
type View struct {
	Key    string `json:"key"`
	Group  string `json:"group" enum:"standard,inbox,team"`
	Name   string `json:"name"`
	Count  int64  `json:"count"`
	More   bool   `json:"more" doc:"There are more than the count says."`
	Unread int64  `json:"unread"`
}

// TagCount is a tag and on how many conversations it stands.
type TagCount struct {
	Name  string `json:"name"`
	Count int64  `json:"count"`
}

func (s *Server) viewRoutes() {
	const tag = "Views"
	add(s, route{method: "GET", path: "/views", id: "list-views", summary: "The views and their counts", tag: tag}, todo[None, Body[Page[View]]])
	add(s, route{method: "GET", path: "/tags", id: "list-tags", summary: "The tags in use", tag: tag}, todo[None, Body[Page[TagCount]]])
}
