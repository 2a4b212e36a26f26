package blob

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rapport/internal/platform/fault"
)

// Folder is the backend on the local disk.
type Folder struct{ root string }

var _ Backend = Folder{}

// unfinished is the folder of files that are being written. Keys never begin
// with a dot.
const unfinished = ".unfinished"

// NewFolder keeps bodies below root, which is made when it is first needed. It
// removes unfinished files that a killed process left behind.
func NewFolder(root string) Folder {
	f := Folder{root}
	left, _ := os.ReadDir(filepath.Join(root, unfinished))
	for _, file := range left {
		if info, err := file.Info(); err == nil && time.Since(info.ModTime()) > Grace {
			os.Remove(filepath.Join(root, unfinished, file.Name()))
		}
	}
	return f
}

// Put writes a file of its own, flushes it and renames it into place.
func (f Folder) Put(_ context.Context, key string, body []byte) error {
	const op = "blob.Folder.Put"
	path, err := f.path(key)
	if err != nil {
		return fault.Wrap(op, err)
	}
	if err := errors.Join(f.makeDir(filepath.Join(f.root, unfinished)), f.makeDir(filepath.Dir(path))); err != nil {
		return fault.As(op, fault.Unavailable, "The folder for files cannot be made.", err)
	}
	if err := f.write(path, body); err != nil {
		return fault.As(op, fault.Unavailable, "A file cannot be written. Is the disk full?", err)
	}
	return nil
}

func (f Folder) Open(_ context.Context, key string) (io.ReadSeekCloser, error) {
	const op = "blob.Folder.Open"
	path, err := f.path(key)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.As(op, fault.NotFound, "", err)
	}
	if err != nil {
		return nil, fault.As(op, fault.Unavailable, "A file cannot be read.", err)
	}
	return file, nil
}

func (f Folder) Delete(_ context.Context, key string) error {
	const op = "blob.Folder.Delete"
	path, err := f.path(key)
	if err != nil {
		return fault.Wrap(op, err)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.As(op, fault.Unavailable, "A file cannot be removed.", err)
	}
	return nil
}

func (f Folder) path(key string) (string, error) {
	if strings.HasPrefix(key, ".") || !filepath.IsLocal(filepath.FromSlash(key)) {
		return "", fault.New("blob.Folder", fault.Internal, "a key leads out of the folder")
	}
	return filepath.Join(f.root, filepath.FromSlash(key)), nil
}

// makeDir makes the folder of a workspace and flushes the folders above it,
// without which a power cut could take the new one away with its files.
func (f Folder) makeDir(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for dir != f.root && dir != filepath.Dir(dir) {
		dir = filepath.Dir(dir)
		if err := flushDir(dir); err != nil {
			return err
		}
	}
	return flushDir(filepath.Dir(f.root))
}

func (f Folder) write(path string, body []byte) error {
	tmp, err := os.CreateTemp(filepath.Join(f.root, unfinished), "*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(body)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		os.Remove(tmp.Name())
		return err
	}
	return flushDir(filepath.Dir(path))
}

func flushDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
