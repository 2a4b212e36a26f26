package httpapi

import (
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"strings"

	"rapport/internal/platform/fault"
)

// cursor names a place in a workspace's log: epoch and seq, sealed, so that
// nobody builds on their form.
func (s *Server) cursor(workspaceID int64, epoch string, seq int64) string {
	plain := append(binary.BigEndian.AppendUint64(nil, uint64(seq)), epoch...)
	mac := s.Key.MAC("live-cursor", binary.BigEndian.AppendUint64(nil, uint64(workspaceID)), plain)
	return base64.RawURLEncoding.EncodeToString(append(plain, mac...))
}

// openCursor returns the seq of a cursor; known is false when it is none of
// ours, of another workspace, or of another epoch.
func (s *Server) openCursor(workspaceID int64, epoch, cursor string) (seq int64, known bool) {
	const macSize = 32
	b, err := base64.RawURLEncoding.DecodeString(strings.TrimSpace(cursor))
	if err != nil || len(b) < 8+macSize {
		return 0, false
	}
	plain, mac := b[:len(b)-macSize], b[len(b)-macSize:]
	if !s.Key.Verify(mac, "live-cursor", binary.BigEndian.AppendUint64(nil, uint64(workspaceID)), plain) || string(plain[8:]) != epoch {
		return 0, false
	}
	return int64(binary.BigEndian.Uint64(plain)), true
}

// positionCursor names a place in a list that is numbered anyway.
func positionCursor(n int64) string { return strconv.FormatInt(n, 36) }

// position is the place that a cursor names, 0 for none.
func position(cursor string) (int64, error) {
	if cursor == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(cursor, 36, 64)
	if err != nil || n <= 0 {
		return 0, fault.InvalidField("httpapi.position", "query.cursor", "This is no cursor of this list.")
	}
	return n, nil
}
