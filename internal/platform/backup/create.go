package backup

import (
	"context"
	"io"
	"log/slog"
	"time"

	"rapport/internal/platform/backup/archive"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/fault"
)

// Source is what a backup is made of.
type Source struct {
	DB     Store
	Blobs  *blob.Store  // nil leaves the large files out
	Head   archive.Head // without engine and tables
	Key    []byte       // the text of the master key; nil leaves it out
	Tables Tables
	Gentle bool // others work on this machine meanwhile: it takes half as long again
}

// Tables say which tables are read otherwise than they stand: by another
// relation with the same columns or, when that is empty, not at all.
type Tables map[string]string

// Create writes an archive to w. Writers are not held up. What w has taken when
// an error is returned is no archive.
func Create(ctx context.Context, w io.Writer, s Source) (archive.Manifest, error) {
	const op = "backup.Create"
	began := time.Now()
	if s.Blobs != nil {
		release, err := s.Blobs.HoldEverywhere(ctx)
		if err != nil {
			return archive.Manifest{}, fault.Wrap(op, err)
		}
		defer release()
	}
	var out *archive.Writer
	var files []blob.Large // one entry a large file: some dozen bytes
	var highest int64
	err := store{s.DB}.snapshot(ctx, func(ctx context.Context) (err error) {
		if out, err = s.begin(ctx, w); err != nil {
			return err
		}
		if err := s.rows(ctx, out); err != nil {
			return err
		}
		if highest, err = s.DB.HighestID(ctx); err != nil {
			return err
		}
		if s.Blobs == nil {
			return nil
		}
		return s.Blobs.EachLarge(ctx, func(l blob.Large) error {
			files = append(files, l)
			return nil
		})
	})
	if err != nil {
		return archive.Manifest{}, fault.Wrap(op, err)
	}
	for _, l := range files {
		if err := s.file(ctx, out, l); err != nil {
			return archive.Manifest{}, fault.Wrap(op, err)
		}
	}
	m, err := out.Close(highest)
	if err == nil {
		slog.Info("backup written", "rows", m.Rows(), "files", m.Files, "lost_files", m.LostFiles, "took", time.Since(began).Round(time.Millisecond))
	}
	return m, fault.Wrap(op, err)
}

func (s *Source) begin(ctx context.Context, w io.Writer) (out *archive.Writer, err error) {
	h := s.Head
	h.Engine, h.WithKey, h.NoFiles = store{s.DB}.engine(), s.Key != nil, s.Blobs == nil
	if h.Tables, err = (store{s.DB}).tables(ctx, s.Tables); err != nil {
		return nil, err
	}
	s.Head = h
	if out, err = archive.NewWriter(w, h); err == nil && s.Key != nil {
		err = out.Key(s.Key)
	}
	return out, err
}

// spell is how long a gentle backup works before it lets the others come first:
// they have customers waiting.
const spell = 2 * time.Millisecond

func (s *Source) rows(ctx context.Context, out *archive.Writer) error {
	for i, t := range s.Head.Tables {
		n, worked := 0, time.Now()
		err := store{s.DB}.each(ctx, t, s.Tables[t.Name], func(values []any) error {
			if n++; s.Gentle && n%16 == 0 && time.Since(worked) > spell {
				time.Sleep(spell / 2)
				worked = time.Now()
			}
			return out.Row(i, values)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// file copies one large file. One that the store has lost must not cost the
// rest: it is noted.
func (s *Source) file(ctx context.Context, out *archive.Writer, l blob.Large) error {
	if err := ctx.Err(); err != nil {
		return fault.As("backup.file", fault.Unavailable, "", err)
	}
	r, err := s.Blobs.OpenLarge(ctx, l)
	if fault.Is(err, fault.Internal) {
		slog.Error("a file is lost and cannot be backed up", "file", l.Key, "error", err)
		out.Lose(l.Key)
		return nil
	}
	if err != nil {
		return err
	}
	defer r.Close()
	return out.File(l.Key, l.Size, r)
}
