package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rapport/internal/app/schema"
	"rapport/internal/platform/backup"
	"rapport/internal/platform/backup/archive"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/bus"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/config"
	"rapport/internal/platform/control"
	"rapport/internal/platform/db"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
	"rapport/internal/platform/secret"
)

var backupRestoreCommand = command{
	args: "FILE --data DIR [--replace]", help: "put a backup into an empty data folder, or an empty PostgreSQL database",
	flags: func(f *flag.FlagSet) any {
		return f.Bool("replace", false, "put what is in the data folder now aside, into a folder in it")
	},
	local: func(ctx context.Context, c config.Config, flags any, args []string, in io.Reader, out io.Writer) error {
		if len(args) != 1 {
			return usage("name one file, or - for the standard input")
		}
		file, size, done, err := openArchive(args[0], in)
		if err != nil {
			return err
		}
		defer done()
		r := &restoration{config: c, replace: *flags.(*bool), copied: isCopy(file)}
		m, err := r.run(ctx, file)
		if err != nil {
			return fault.Wrap("app.backupRestore", err)
		}
		fmt.Fprintf(out, "%s is restored to %s.\n", args[0], r.where())
		if r.copied {
			describeCopy(out, m.Schema, size)
		} else {
			describe(out, m, size)
		}
		if r.aside != "" {
			fmt.Fprintf(out, "  before   what was there is in %s\n", r.aside)
		}
		fmt.Fprint(out, "Sending is paused. Start the server, look at what waits (rapport queue list), drop what has left already\n(rapport queue drop ID...), then let the rest go: rapport queue resume\n")
		return nil
	},
}

// restoration builds everything in a folder beside the old, and puts it into
// place when the last byte of the archive has been proven.
type restoration struct {
	config  config.Config
	replace bool
	copied  bool // it is a copied database
	staging string
	writes  bool   // the key of the archive is to be put into place
	leave   bool   // the large files that are there stay
	aside   string // where what was there before has gone
}

func (r *restoration) where() string {
	if r.config.DatabaseURL != "" {
		return "PostgreSQL and " + r.config.Data
	}
	return r.config.Data
}

func (r *restoration) run(ctx context.Context, in io.Reader) (m archive.Manifest, err error) {
	hold, err := control.Lock(r.config.Data, "backup restore")
	if err != nil {
		return m, err
	}
	defer hold.Release()
	r.leave = r.copied
	if err := r.checkFolder(); err != nil {
		return m, err
	}
	if r.staging, err = os.MkdirTemp(r.config.Data, stagingName+"*"); err != nil {
		return m, fault.As("app.restore", fault.Unavailable, "The data folder cannot be written to: "+err.Error(), err)
	}
	defer os.RemoveAll(r.staging)
	if r.copied {
		return r.fromCopy(ctx, in)
	}
	d, err := db.Open(ctx, db.Options{File: filepath.Join(r.staging, databaseFile), URL: r.config.DatabaseURL, Bulk: true})
	if err != nil {
		return m, err
	}
	defer d.Close()
	if err := r.checkDatabase(ctx, d); err != nil {
		return m, err
	}
	store, err := r.files()
	if err != nil {
		return m, err
	}
	m, err = backup.Restore(ctx, in, backup.Destination{DB: d, Files: store, Migrations: schema.Files, Head: r.head,
		Key: r.checkKey,
		Finish: func(ctx context.Context, _ archive.Manifest) error {
			if err := afterRestore(ctx, d); err != nil {
				return err
			}
			if d.Engine() == db.Postgres { // while the transaction can still be taken back
				return r.place()
			}
			return nil
		}})
	if err != nil {
		return m, err
	}
	if d.Engine() == db.SQLite {
		return m, r.placeFile(d)
	}
	return m, nil
}

// placeFile closes the SQLite file that was built, and puts everything into
// place.
func (r *restoration) placeFile(d *db.DB) error {
	err := d.Close()
	if _, there := os.Stat(filepath.Join(r.staging, databaseFile+"-wal")); err == nil && there == nil {
		err = errors.New("its write-ahead log is left") // without which it must not be moved
	}
	if err != nil {
		return fault.As("app.restore", fault.Unavailable, "The database cannot be written: "+err.Error(), err)
	}
	return r.place()
}

// Names in the data folder that a restore uses.
const (
	stagingName = ".restore-"
	asideName   = "replaced-"
)

// files is where large files go: S3, or the folder that is put into place.
func (r *restoration) files() (blob.Backend, error) {
	c := r.config
	c.Data = r.staging
	return files(c)
}

// checkFolder refuses a folder that holds data, unless that may be put aside.
func (r *restoration) checkFolder() error {
	const op = "app.restore"
	left, _ := filepath.Glob(filepath.Join(r.config.Data, stagingName+"*"))
	for _, dir := range left { // of a restore that was killed; we hold the folder
		os.RemoveAll(dir)
	}
	if isDemo(r.config.Data) {
		return fault.Newf(op, fault.Conflict, "%s holds the demo. Name another folder with --data.", r.config.Data)
	}
	var holds []string
	for _, name := range r.placed() {
		if entries, err := os.ReadDir(filepath.Join(r.config.Data, name)); err == nil && len(entries) == 0 {
			continue
		}
		if _, err := os.Lstat(filepath.Join(r.config.Data, name)); err == nil && name != secret.FileName {
			holds = append(holds, name)
		}
	}
	if len(holds) == 0 || r.replace {
		return nil
	}
	return fault.Newf(op, fault.Conflict, "%s holds data already (%s). Name another folder with --data, or say --replace to put what is there aside.",
		r.config.Data, strings.Join(holds, ", "))
}

// checkDatabase refuses a PostgreSQL database that is not empty: its rows
// cannot be put aside.
func (r *restoration) checkDatabase(ctx context.Context, d *db.DB) error {
	if d.Engine() == db.SQLite {
		return nil // a new file
	}
	empty, err := backup.Empty(ctx, d)
	if err == nil && !empty {
		err = fault.New("app.restore", fault.Conflict, "The PostgreSQL database is not empty. Make a new one (createdb) and name it with RAPPORT_DATABASE_URL; the old one stays as it is.")
	}
	return err
}

// head refuses an archive whose key is nowhere.
func (r *restoration) head(h archive.Head) error {
	r.leave = h.NoFiles
	if h.WithKey {
		return nil // checked when it comes
	}
	if err := r.needKey("archive does not hold the master key " + h.Key); err != nil {
		return err
	}
	return r.haveKey(h.Key)
}

// needKey refuses to go on without a key; none may be made here.
func (r *restoration) needKey(lack string) error {
	file := r.config.SecretFile
	if file == "" {
		file = filepath.Join(r.config.Data, secret.FileName)
	}
	if _, err := os.Stat(file); err != nil {
		return fault.Newf("app.restore", fault.Conflict, "This %s. Put its secret.key into %s, or let RAPPORT_SECRET_FILE name it; without it stored passwords cannot be opened.",
			lack, r.config.Data)
	}
	return nil
}

// haveKey checks the key that is in place already.
func (r *restoration) haveKey(fingerprint string) error {
	k, err := secret.Load(r.config.SecretFile, r.config.Data)
	if err != nil {
		return err
	}
	if k.Fingerprint() != fingerprint {
		return fault.Newf("app.restore", fault.Conflict, "This archive belongs to the master key %s, but the key here is %s. Put the original secret.key in its place.", fingerprint, k.Fingerprint())
	}
	return nil
}

// checkKey looks at the key in the archive, and at one that is here already.
func (r *restoration) checkKey(text []byte) error {
	k, err := secret.Parse(text)
	if err != nil {
		return err
	}
	_, err = os.Stat(filepath.Join(r.config.Data, secret.FileName))
	if r.config.SecretFile == "" && (errors.Is(err, os.ErrNotExist) || r.replace) {
		r.writes = true
		return k.Keep(r.staging)
	}
	return r.haveKey(k.Fingerprint())
}

// afterRestore lets screens begin anew, and nothing leave: what left after the
// backup would leave again.
func afterRestore(ctx context.Context, d *db.DB) error {
	if err := event.New(d, clock.System, &bus.Local{}).NewEpoch(ctx); err != nil {
		return err
	}
	return job.NewQueue(d, clock.System).PauseOutgoing(ctx, restoredPause)
}

// placed are the names a restore puts into the data folder.
func (r *restoration) placed() (names []string) {
	if r.writes {
		names = append(names, secret.FileName)
	}
	if r.config.S3.Endpoint == "" && !r.leave {
		names = append(names, blobsFolder)
	}
	if r.config.DatabaseURL == "" {
		names = append(names, databaseFile, databaseFile+"-wal", databaseFile+"-shm")
	}
	return names
}

// place moves the old aside and the new in. The database comes last: without it
// the folder holds nothing that could be started.
func (r *restoration) place() error {
	const op = "app.restore.place"
	var errs []error
	for _, name := range r.placed() {
		old := filepath.Join(r.config.Data, name)
		if _, err := os.Lstat(old); err != nil {
			continue
		}
		if r.aside == "" {
			r.aside = filepath.Join(r.config.Data, asideName+time.Now().Format(stampForm))
			errs = append(errs, os.MkdirAll(r.aside, 0o700))
		}
		errs = append(errs, os.Rename(old, filepath.Join(r.aside, name)))
	}
	if err := errors.Join(errs...); err != nil {
		return fault.As(op, fault.Unavailable, "What is in the data folder cannot be put aside: "+err.Error(), err)
	}
	for _, name := range r.placed() {
		if err := os.Rename(filepath.Join(r.staging, name), filepath.Join(r.config.Data, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	if err := errors.Join(append(errs, flushFolder(r.config.Data))...); err != nil {
		return fault.As(op, fault.Unavailable, "The restored data cannot be put into place: "+err.Error(), err)
	}
	return nil
}

func flushFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
