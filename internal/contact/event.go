package contact

import (
	"context"

	"rapport/internal/platform/event"
)

// The room's events. Their data names the changed fields and the company.
const (
	EventCreated        = "contact.created"
	EventChanged        = "contact.changed"
	EventMerged         = "contact.merged"       // merged_id: who has become this contact
	EventSuppressed     = "contact.suppressed"   // automatic mail stays away from one of their addresses
	EventUnsuppressed   = "contact.unsuppressed" // and goes there again
	EventCompanyCreated = "company.created"
	EventCompanyChanged = "company.changed"
)

// Kinds are all events of the room, for the readers of the log.
var Kinds = []string{EventCreated, EventChanged, EventMerged, EventSuppressed, EventUnsuppressed, EventCompanyCreated, EventCompanyChanged}

type details struct {
	CompanyID int64    `json:"company_id,omitempty"`
	Fields    []string `json:"fields,omitempty"`
	MergedID  int64    `json:"merged_id,omitempty"`
}

// announce appends an event to the transaction in ctx.
func (r *Room) announce(ctx context.Context, workspaceID int64, actor event.Actor, kind string, contactID int64, d details) error {
	cause, depth := event.CauseFrom(ctx)
	return r.log.Append(ctx, event.Event{WorkspaceID: workspaceID, Kind: kind, Actor: actor, ContactID: contactID, Cause: cause, Depth: depth, Data: event.Data(d)})
}
