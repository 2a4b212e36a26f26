package live

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
)

// Cursor names a place in a workspace's log: epoch and seq, sealed, so that
// nobody builds on their form.
func (h *Hub) Cursor(workspaceID int64, epoch string, seq int64) string {
	plain := append(binary.BigEndian.AppendUint64(nil, uint64(seq)), epoch...)
	mac := h.Key.MAC("live-cursor", binary.BigEndian.AppendUint64(nil, uint64(workspaceID)), plain)
	return base64.RawURLEncoding.EncodeToString(append(plain, mac...))
}

// OpenCursor returns the seq of a cursor; known is false when it is none of
// ours, of another workspace, or of another epoch.
func (h *Hub) OpenCursor(workspaceID int64, epoch, cursor string) (seq int64, known bool) {
	const macSize = 32
	b, err := base64.RawURLEncoding.DecodeString(strings.TrimSpace(cursor))
	if err != nil || len(b) < 8+macSize {
		return 0, false
	}
	plain, mac := b[:len(b)-macSize], b[len(b)-macSize:]
	if !h.Key.Verify(mac, "live-cursor", binary.BigEndian.AppendUint64(nil, uint64(workspaceID)), plain) || string(plain[8:]) != epoch {
		return 0, false
	}
	return int64(binary.BigEndian.Uint64(plain)), true
}
