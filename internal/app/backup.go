package app

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"time"

	"rapport/internal/app/schema"
	"rapport/internal/platform/backup"
	"rapport/internal/platform/backup/archive"
	"rapport/internal/platform/config"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// backupsFolder is where archives are kept in the data folder.
const backupsFolder = "backups"

// Names of archives there. Only those made at night are removed by themselves.
const (
	nightlyName = "nightly-"
	commandName = "rapport-"
	archiveName = ".tar"
	stampForm   = "20060102-150405"
)

// source is everything this installation keeps.
func (a *App) source(withKey bool) (backup.Source, error) {
	newest, err := db.Schema(schema.Files)
	if err != nil {
		return backup.Source{}, err
	}
	tables := backup.Tables(a.Log.Relations())
	maps.Copy(tables, a.Book.Relations())
	s := backup.Source{DB: a.DB, Blobs: a.Blobs, Tables: tables, Gentle: a.address.Load() != nil,
		Head: archive.Head{Version: a.Version, Schema: newest, CreatedAt: a.clock.Now(), Key: a.Key.Fingerprint()}}
	if withKey {
		s.Key = a.Key.Text()
	}
	return s, nil
}

// record makes a backup with make and notes in the book what became of it.
func (a *App) record(ctx context.Context, kind, file string, make func() (size int64, err error)) error {
	id, err := a.Book.Begin(ctx, kind, file)
	if err != nil {
		return err
	}
	size, err := make()
	noted := a.Book.End(context.WithoutCancel(ctx), id, size, err)
	return errors.Join(err, noted)
}

type createFlags struct {
	to      string
	withKey bool
}

// backup create: the archive is the output of what runs in the server; the
// caller puts it into the file, which only it may open.
var backupCreateCommand = command{
	args: "[--to FILE|-] [--with-key]", help: "copy everything into one file, also while the server runs",
	flags: func(f *flag.FlagSet) any {
		v := &createFlags{}
		f.StringVar(&v.to, "to", "", "the file to make; - is the standard output (backups in the data folder)")
		f.BoolVar(&v.withKey, "with-key", false, "include the master key: keep such a file like a password")
		return v
	},
	run: func(ctx context.Context, a *App, flags any, args []string, out io.Writer) error {
		v := flags.(*createFlags)
		s, err := a.source(v.withKey)
		if err != nil {
			return err
		}
		return a.record(ctx, backup.Command, "", func() (int64, error) {
			counted := &counter{w: out}
			_, err := backup.Create(ctx, counted, s)
			return counted.n, err
		})
	},
	around: func(c config.Config, flags any, args []string, out io.Writer, do func(io.Writer) error) error {
		v := flags.(*createFlags)
		switch {
		case len(args) > 0:
			return usage("name the file with --to")
		case v.to == "-":
			return do(out)
		case v.to == "":
			folder := filepath.Join(c.Data, backupsFolder)
			if err := os.MkdirAll(folder, 0o700); err != nil {
				return fault.As("app.backupCreate", fault.Unavailable, "The folder cannot be made: "+folder, err)
			}
			v.to = filepath.Join(folder, commandName+time.Now().Format(stampForm)+archiveName)
		}
		size, m, err := backup.Write(v.to, do)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s\n", v.to)
		describe(out, m, size)
		return nil
	},
}

// counter counts what passes.
type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// describe says in words what an archive holds.
func describe(out io.Writer, m archive.Manifest, size int64) {
	fmt.Fprintf(out, "  made     %s by Rapport %s, schema %d\n", m.CreatedAt.Local().Format(time.DateTime), m.Version, m.Schema)
	fmt.Fprintf(out, "  holds    %d rows in %d tables, %d large files, %s\n", m.Rows(), len(m.Tables), m.Files, inWords(size))
	if m.WithKey {
		fmt.Fprintf(out, "  key      %s is INCLUDED: whoever has this file can open every stored password\n", m.Key)
	} else {
		fmt.Fprintf(out, "  key      %s is not included: keep a copy of secret.key elsewhere, nothing is restored without it\n", m.Key)
	}
	if m.NoFiles {
		fmt.Fprint(out, "  files    large ones are not in it: they stay where they are\n")
	}
	if m.LostFiles > 0 {
		fmt.Fprintf(out, "  LOST     %d files were lost or damaged in the file store already; rapport doctor names them\n", m.LostFiles)
	}
}

// inWords is a size as people say it.
func inWords(bytes int64) string {
	switch {
	case bytes >= 10<<30:
		return fmt.Sprintf("%d GB", bytes>>30)
	case bytes >= 10<<20:
		return fmt.Sprintf("%d MB", bytes>>20)
	}
	return fmt.Sprintf("%d KB", (bytes+1023)>>10)
}

var backupVerifyCommand = command{
	args: "FILE [--json]", help: "check every byte of a backup; needs no data folder",
	flags: func(f *flag.FlagSet) any { return f.Bool("json", false, "print what it holds as JSON") },
	pure: func(ctx context.Context, flags any, args []string, in io.Reader, out io.Writer) error {
		if len(args) != 1 {
			return usage("name one file, or - for the standard input")
		}
		file, size, done, err := openArchive(args[0], in)
		if err != nil {
			return err
		}
		defer done()
		if isCopy(file) {
			return verifyCopy(ctx, args[0], size, *flags.(*bool), out)
		}
		_, m, err := archive.Read(file, archive.Only{})
		if err != nil {
			return fault.As("app.backupVerify", fault.KindOf(err), args[0]+": "+explain(err), err)
		}
		if *flags.(*bool) {
			return printJSON(out, m)
		}
		fmt.Fprintf(out, "%s is whole.\n", args[0])
		describe(out, m, size)
		return nil
	},
}

// openArchive opens a file that was named on the command line.
func openArchive(name string, in io.Reader) (_ *bufio.Reader, size int64, done func(), err error) {
	if name == "-" {
		return bufio.NewReader(in), 0, func() {}, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, 0, nil, fault.As("app.openArchive", fault.Invalid, "The file cannot be opened: "+err.Error(), err)
	}
	if info, err := f.Stat(); err == nil {
		size = info.Size()
	}
	return bufio.NewReader(f), size, func() { f.Close() }, nil
}
