package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"rapport/internal/app/schema"
	"rapport/internal/platform/backup"
	"rapport/internal/platform/backup/archive"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/secret"
)

// A copied database is what an upgrade leaves of SQLite: the file as it was. It
// is a backup beside the large files and the key that it was made beside.

// isCopy reports whether what is to be read is a copied database, no archive.
func isCopy(in *bufio.Reader) bool {
	beginning, _ := in.Peek(16)
	return db.IsFile(beginning)
}

func describeCopy(out io.Writer, schema, size int64) {
	fmt.Fprintf(out, "  holds    a SQLite database of schema %d, %s\n  files    large ones are not in it: they stay where they are, as does the key\n", schema, inWords(size))
}

// verifyCopy looks at every page of a copied database.
func verifyCopy(ctx context.Context, file string, size int64, asJSON bool, out io.Writer) error {
	if file == "-" {
		return usage("name the file: a copied database cannot be read from the standard input")
	}
	schema, err := db.Inspect(ctx, file)
	if err != nil {
		return fault.As("app.verifyCopy", fault.KindOf(err), file+": "+explain(err), err)
	}
	if asJSON {
		return printJSON(out, map[string]any{"schema": schema, "no_files": true})
	}
	fmt.Fprintf(out, "%s is whole.\n", file)
	describeCopy(out, schema, size)
	return nil
}

// fromCopy builds the database out of a copied one and puts it into place; of
// the manifest only the schema is known.
func (r *restoration) fromCopy(ctx context.Context, in io.Reader) (m archive.Manifest, err error) {
	const op = "app.restore"
	if r.config.DatabaseURL != "" {
		return m, fault.New(op, fault.Invalid, "This is a copy of a SQLite database; it cannot be restored to PostgreSQL.")
	}
	if err := r.needKey("copy of a database does not hold the master key"); err != nil {
		return m, err
	}
	file := filepath.Join(r.staging, databaseFile)
	if err := fill(file, in); err != nil {
		return m, fault.As(op, fault.Unavailable, "The database cannot be written: "+err.Error(), err)
	}
	if m.Schema, err = db.Inspect(ctx, file); err != nil {
		return m, err
	}
	key, err := secret.Load(r.config.SecretFile, r.config.Data)
	if err != nil {
		return m, err
	}
	d, err := db.Open(ctx, db.Options{File: file})
	if err != nil {
		return m, err
	}
	defer d.Close()
	if err := backup.Adopt(ctx, d, schema.Files); err != nil {
		return m, err
	}
	if err := key.Check(ctx, d); err != nil {
		return m, err
	}
	if err := afterRestore(ctx, d); err != nil {
		return m, err
	}
	return m, r.placeFile(d)
}

func fill(path string, in io.Reader) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, in)
	return errors.Join(err, f.Sync(), f.Close())
}
