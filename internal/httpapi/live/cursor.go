package live

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"strings"

	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
)

// Places in the log and names of events are told to people who see a part of it
// only. They are closed, so that nobody reads from them how much else happens.

// Cursor names a place in a workspace's log: epoch and seq, sealed.
func (h *Hub) Cursor(workspaceID int64, epoch string, seq int64) string {
	plain := append(binary.BigEndian.AppendUint64(nil, uint64(seq)), epoch...)
	sealed, err := h.cursors.Seal("live", workspaceID, plain)
	if err != nil {
		return "" // the machine has no randomness: who comes back starts over
	}
	return base64.RawURLEncoding.EncodeToString(sealed)
}

// Now returns the cursor of the last event there is: who reads anything after
// this and listens from it on misses nothing.
func (h *Hub) Now(ctx context.Context, workspaceID int64) (string, error) {
	const op = "live.Now"
	epoch, err := h.Log.Epoch(ctx)
	if err != nil {
		return "", fault.Wrap(op, err)
	}
	head, err := h.Log.Head(ctx, workspaceID)
	if err != nil {
		return "", fault.Wrap(op, err)
	}
	return h.Cursor(workspaceID, epoch, head), nil
}

// OpenCursor returns the seq of a cursor; known is false when it is none of
// ours, of another workspace, or of another epoch.
func (h *Hub) OpenCursor(workspaceID int64, epoch, cursor string) (seq int64, known bool) {
	sealed, err := base64.RawURLEncoding.DecodeString(strings.TrimSpace(cursor))
	if err != nil {
		return 0, false
	}
	plain, err := h.cursors.Open("live", workspaceID, sealed)
	if err != nil || len(plain) < 8 || string(plain[8:]) != epoch {
		return 0, false
	}
	return int64(binary.BigEndian.Uint64(plain)), true
}

// IDOf names an event, the same for everybody and for ever.
func (h *Hub) IDOf(e event.Event) string {
	place := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, uint64(e.WorkspaceID)), uint64(e.Seq))
	return base64.RawURLEncoding.EncodeToString(h.Key.MAC("event-id", place)[:12])
}
