package backup

import (
	"context"
	"io/fs"

	"rapport/internal/platform/fault"
)

// Adopt makes a copy of a database one that can be served: its schema is brought
// up to date, and ids go on far above those it knows.
func Adopt(ctx context.Context, d Store, migrations fs.FS) error {
	const op = "backup.Adopt"
	if err := d.Migrate(ctx, migrations); err != nil {
		return fault.Wrap(op, err)
	}
	highest, err := d.HighestID(ctx)
	if err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, d.SkipIDs(ctx, highest+idGap))
}
