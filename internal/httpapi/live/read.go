package live

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
)

// scanned bounds how much of the log one call of Read looks through for what
// is in sight.
const scanned = 1000

// Read returns what an actor may see of the log after a cursor, at most limit
// events, and the cursor to go on from. It may return none although there are
// more; going on finds them.
func (h *Hub) Read(ctx context.Context, actor account.Actor, scope account.Scope, cursor string, limit int) ([]Event, string, error) {
	const op = "live.Read"
	epoch, err := h.Log.Epoch(ctx)
	if err != nil {
		return nil, "", fault.Wrap(op, err)
	}
	after, known := h.OpenCursor(actor.WorkspaceID, epoch, cursor)
	if cursor != "" && !known {
		return nil, "", fault.New(op, fault.Conflict, "This cursor is from before the data was restored. Start at the beginning.")
	}
	all, err := h.Log.After(ctx, actor.WorkspaceID, after, scanned)
	if err != nil {
		return nil, "", fault.Wrap(op, err)
	}
	items := []Event{}
	for _, e := range all {
		if len(items) == limit {
			break
		}
		if after = e.Seq; Sees(actor, scope, e) {
			items = append(items, h.EventOf(e))
		}
	}
	return items, h.Cursor(actor.WorkspaceID, epoch, after), nil
}
