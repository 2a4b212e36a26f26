package account

import (
	"context"
	"time"

	"rapport/internal/platform/fault"
)

// Workspace is one company's place: everything belongs to exactly one.
type Workspace struct {
	ID            int64
	Name          string
	Language      string // of what the product says by itself, and of new agents
	SystemInboxID int64  // system mails leave through it; 0: the first e-mail inbox
	CreatedAt     time.Time
}

// WorkspaceChange holds what is to change; nil leaves a field as it is.
type WorkspaceChange struct {
	Name          *string
	Language      *string
	SystemInboxID *int64
}

// Workspace returns a workspace.
func (r *Room) Workspace(ctx context.Context, id int64) (Workspace, error) {
	w, err := r.store.workspace(ctx, id)
	return w, fault.Wrap("account.Workspace", err)
}

// Workspaces lists all workspaces, for work that goes through each of them.
func (r *Room) Workspaces(ctx context.Context) ([]Workspace, error) {
	all, err := r.store.workspaces(ctx)
	return all, fault.Wrap("account.Workspaces", err)
}

// UpdateWorkspace changes the actor's workspace.
func (r *Room) UpdateWorkspace(ctx context.Context, actor Actor, c WorkspaceChange) (Workspace, error) {
	const op = "account.UpdateWorkspace"
	if err := may(actor, WorkspaceEdit); err != nil {
		return Workspace{}, fault.Wrap(op, err)
	}
	f := form{op: op}
	if c.Name != nil {
		*c.Name = f.name("name", *c.Name)
	}
	if c.Language != nil {
		f.language("language", *c.Language)
	}
	if err := f.err(); err != nil {
		return Workspace{}, err
	}
	var w Workspace
	err := r.store.within(ctx, func(ctx context.Context) (err error) {
		if err = r.store.lockWorkspace(ctx, actor.WorkspaceID); err != nil {
			return err
		}
		if w, err = r.store.workspace(ctx, actor.WorkspaceID); err != nil {
			return err
		}
		set(&w.Name, c.Name)
		set(&w.Language, c.Language)
		set(&w.SystemInboxID, c.SystemInboxID)
		if err := r.store.updateWorkspace(ctx, w); err != nil {
			return err
		}
		return r.announce(ctx, actor, EventWorkspaceChanged, details{})
	})
	return w, fault.Wrap(op, err)
}

// set puts a wanted change in place.
func set[T any](field *T, wanted *T) {
	if wanted != nil {
		*field = *wanted
	}
}
