package backup

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"rapport/internal/platform/backup/archive"
	"rapport/internal/platform/fault"
)

// unfinished ends the name of a file that is being written.
const unfinished = ".part"

// Write makes the file path out of what write writes. It appears under its name
// when all of it is on the disk and has been read again and found good; a file
// that is there already is left alone, which is a Conflict.
func Write(path string, write func(io.Writer) error) (size int64, m archive.Manifest, err error) {
	const op = "backup.Write"
	err = put(path, func(tmp *os.File) error {
		buffered := bufio.NewWriterSize(tmp, 1<<20)
		if err := write(buffered); err != nil {
			return err
		}
		if err := errors.Join(buffered.Flush(), tmp.Sync()); err != nil {
			return fault.As(op, fault.Unavailable, "The file cannot be written: "+err.Error(), err)
		}
		if size, err = tmp.Seek(0, io.SeekEnd); err == nil {
			_, err = tmp.Seek(0, io.SeekStart)
		}
		if err != nil {
			return fault.Wrap(op, err)
		}
		if _, m, err = archive.Read(tmp, archive.Only{}); err != nil {
			return fault.As(op, fault.KindOf(err), "What was written cannot be read again: "+fault.MessageOf(err), err)
		}
		return nil
	})
	return size, m, err
}

// Copy makes the file path out of a SQLite database that nobody has open, as
// fast as the disk can: no byte of it is looked at. Where the disk can share
// blocks between files, it does.
func Copy(path, database string) (size int64, err error) {
	const op = "backup.Copy"
	from, err := os.Open(database)
	if err != nil {
		return 0, fault.As(op, fault.Unavailable, "The database cannot be read: "+err.Error(), err)
	}
	defer from.Close()
	if log, err := os.Stat(database + "-wal"); err == nil && log.Size() > 0 {
		return 0, fault.New(op, fault.Conflict, "Another program has the database open.")
	}
	err = put(path, func(tmp *os.File) error {
		size, err = io.Copy(tmp, from)
		if err = errors.Join(err, tmp.Sync()); err != nil {
			return fault.As(op, fault.Unavailable, "The file cannot be written: "+err.Error(), err)
		}
		return nil
	})
	return size, err
}

// put makes a file that has its name only when fill has filled it.
func put(path string, fill func(tmp *os.File) error) error {
	const op = "backup.put"
	if _, err := os.Lstat(path); err == nil {
		return fault.Newf(op, fault.Conflict, "%s is there already. Name another file.", path)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*"+unfinished) // mode 0600
	if err != nil {
		return fault.As(op, fault.Unavailable, "The file cannot be made: "+err.Error(), err)
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	if err := fill(tmp); err != nil {
		return err
	}
	return fault.Wrap(op, place(tmp.Name(), path))
}

// place gives a finished file its name, never in place of another one.
func place(tmp, path string) error {
	err := os.Link(tmp, path)
	switch {
	case errors.Is(err, fs.ErrExist):
		return fault.Newf("backup.place", fault.Conflict, "%s is there already. Name another file.", path)
	case err != nil: // a disk without links
		err = os.Rename(tmp, path)
	}
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		return fault.As("backup.place", fault.Unavailable, "The file cannot be given its name: "+err.Error(), err)
	}
	return nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
