package secret

import (
	"context"

	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// Check leaves the key's fingerprint in a new database and refuses a database
// that belongs to another key: what that key sealed could not be opened, and
// two nodes with different keys would lock each other out.
func (k *Key) Check(ctx context.Context, d *db.DB) error {
	const op = "secret.Check"
	var have string
	err := d.Within(ctx, func(ctx context.Context) error {
		err := db.Do(ctx, d, "INSERT INTO secret_key (one, fingerprint) VALUES (1, $1) ON CONFLICT (one) DO NOTHING", k.Fingerprint())
		if err != nil {
			return err
		}
		have, err = db.One(ctx, d, db.String, "SELECT fingerprint FROM secret_key WHERE one = 1")
		return err
	})
	if err != nil {
		return fault.Wrap(op, err)
	}
	if have != k.Fingerprint() {
		return fault.Newf(op, fault.Conflict, "This database belongs to the secret key %s, but this node has the key %s. "+
			"Put the original %s back into the data folder, or let RAPPORT_SECRET_FILE name it; every node needs the same key.",
			have, k.Fingerprint(), FileName)
	}
	return nil
}
