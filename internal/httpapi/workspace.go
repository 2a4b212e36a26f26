package httpapi

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/httpapi/gate"
	"rapport/internal/platform/fault"
)

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
	add(s, route{method: "GET", path: "/workspace", id: "read-workspace", summary: "The workspace", tag: tag}, s.workspace)
	add(s, route{method: "PATCH", path: "/workspace", id: "change-workspace", summary: "Change the workspace", tag: tag}, s.changeWorkspace)
}

func workspaceOf(w account.Workspace) Workspace {
	return Workspace{w.ID, w.Name, w.Language, idOrNull(w.SystemInboxID)}
}

func (s *Server) workspace(ctx context.Context, _ *None) (*Body[Workspace], error) {
	w, err := s.Accounts.Workspace(ctx, gate.Actor(ctx).WorkspaceID)
	return &Body[Workspace]{workspaceOf(w)}, err
}

func (s *Server) changeWorkspace(ctx context.Context, in *With[WorkspaceChange]) (*Body[Workspace], error) {
	if id := in.Body.SystemInboxID.Value; id != 0 {
		if _, err := s.Channels.Inbox(ctx, gate.Actor(ctx), id); err != nil {
			return nil, fault.InvalidField("httpapi.changeWorkspace", "system_inbox_id", "There is no such inbox.")
		}
	}
	w, err := s.Accounts.UpdateWorkspace(ctx, gate.Actor(ctx), account.WorkspaceChange{
		Name: in.Body.Name, Language: in.Body.Language, SystemInboxID: in.Body.SystemInboxID.pointer(),
	})
	return &Body[Workspace]{workspaceOf(w)}, err
}
