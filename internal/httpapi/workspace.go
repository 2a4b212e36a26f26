package httpapi

// Workspace is one company's place.
type Workspace struct {
	ID            int64  `json:"id"`
	Name          string `json:"name"`
	Language      string `json:"language" enum:"en,ko,pl"`
	SystemInboxID *int64 `json:"system_inbox_id"`
}

type WorkspaceChange struct {
	Name          *string       `json:"name,omitempty"`
	Language      *string       `json:"language,omitempty" enum:"en,ko,pl"`
	SystemInboxID Change[int64] `json:"system_inbox_id,omitempty"`
}

func (s *Server) workspaceRoutes() {
	const tag = "Workspace"
	add(s, route{method: "GET", path: "/workspace", id: "read-workspace", summary: "The workspace", tag: tag}, todo[None, Body[Workspace]])
	add(s, route{method: "PATCH", path: "/workspace", id: "change-workspace", summary: "Change the workspace", tag: tag}, todo[With[WorkspaceChange], Body[Workspace]])
}
