package shape

import (
	"strconv"

	"rapport/internal/platform/fault"
)

// PositionCursor names a place in a list that is numbered anyway.
func PositionCursor(n int64) string { return strconv.FormatInt(n, 36) }

// Position is the place that a cursor names, 0 for none.
func Position(cursor string) (int64, error) {
	if cursor == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(cursor, 36, 64)
	if err != nil || n <= 0 {
		return 0, fault.InvalidField("shape.Position", "query.cursor", "This is no cursor of this list.")
	}
	return n, nil
}
