package contact

import (
	"context"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/event"
)

// Room is the room's verbs. It is safe for use by many goroutines.
type Room struct {
	store store
	log   *event.Log
	clock clock.Clock
}

// may decides about the contacts of the actor's workspace: they stand in no
// inbox.
func may(actor account.Actor, action account.Action) error {
	return account.Can(actor, action, account.Object{WorkspaceID: actor.WorkspaceID})
}

// Objects whose values field_history keeps.
const (
	ObjectContact      = "contact"
	ObjectCompany      = "company"
	ObjectConversation = "conversation"
)

// Kept is a value an object's field had from a moment on.
type Kept struct {
	Field string
	At    time.Time
	Value string
}

// Keep writes down the new value of a field, in the transaction of the change.
func (r *Room) Keep(ctx context.Context, workspaceID int64, object string, objectID int64, field, value string) error {
	return r.store.keep(ctx, workspaceID, object, objectID, Kept{field, r.clock.Now(), value})
}

// Forget removes all values kept of an object.
func (r *Room) Forget(ctx context.Context, workspaceID int64, object string, objectID int64) error {
	return r.store.forget(ctx, workspaceID, object, objectID)
}

// FieldHistory returns what was kept of an object, oldest first.
func (r *Room) FieldHistory(ctx context.Context, workspaceID int64, object string, objectID int64) ([]Kept, error) {
	return r.store.kept(ctx, workspaceID, object, objectID)
}
