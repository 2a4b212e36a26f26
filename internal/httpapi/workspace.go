package httpapi

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
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
	Name          *string             `json:"name,omitempty"`
	Language      *string             `json:"language,omitempty" enum:"en,ko,pl"`
	SystemInboxID shape.Change[int64] `json:"system_inbox_id,omitempty"`
}

func (s *Server) workspaceRoutes() {
	const tag = "Workspace"
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/workspace", ID: "read-workspace", Summary: "The workspace", Tag: tag}, s.workspace)
	operation.Add(s.operations, operation.Route{Method: "PATCH", Path: "/workspace", ID: "change-workspace", Summary: "Change the workspace", Tag: tag}, s.changeWorkspace)
}

func workspaceOf(w account.Workspace) Workspace {
	return Workspace{w.ID, w.Name, w.Language, shape.IDOrNull(w.SystemInboxID)}
}

func (s *Server) workspace(ctx context.Context, _ *shape.None) (*shape.Body[Workspace], error) {
	w, err := s.Accounts.Workspace(ctx, gate.Actor(ctx).WorkspaceID)
	return shape.One(workspaceOf(w)), err
}

func (s *Server) changeWorkspace(ctx context.Context, in *shape.With[WorkspaceChange]) (*shape.Body[Workspace], error) {
	if id := in.Body.SystemInboxID.Value; id != 0 {
		if _, err := s.Channels.Inbox(ctx, gate.Actor(ctx), id); err != nil {
			return nil, fault.InvalidField("httpapi.changeWorkspace", "system_inbox_id", "There is no such inbox.")
		}
	}
	w, err := s.Accounts.UpdateWorkspace(ctx, gate.Actor(ctx), account.WorkspaceChange{
		Name: in.Body.Name, Language: in.Body.Language, SystemInboxID: in.Body.SystemInboxID.Pointer(),
	})
	return shape.One(workspaceOf(w)), err
}
