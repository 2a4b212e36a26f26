package control

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"rapport/internal/platform/fault"
)

// Hold is a data folder held by this process.
type Hold struct {
	dir  string
	file *os.File
}

// Lock takes the data folder, which is made when it is missing, and notes who
// does so ("serve", or a command's name). A folder in use is a Conflict fault
// that names the process. It never waits.
func Lock(dir, who string) (*Hold, error) {
	const op = "control.Lock"
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fault.As(op, fault.Unavailable, "The data folder cannot be made: "+dir, err)
	}
	file, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fault.As(op, fault.Unavailable, "The data folder cannot be used: "+dir, err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		defer file.Close()
		return nil, fault.Newf(op, fault.Conflict, "The data folder %s is in use by %s. Stop that first, or name another folder with --data.", dir, holder(file))
	}
	if err == nil {
		err = sign(file, who)
	}
	if err != nil {
		file.Close()
		return nil, fault.As(op, fault.Unavailable, "The data folder cannot be locked: "+dir, err)
	}
	return &Hold{dir, file}, nil
}

// Release gives the folder back.
func (h *Hold) Release() error { return h.file.Close() }

// sign notes the holder for the words of a refusal.
func sign(file *os.File, who string) error {
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err := file.WriteAt(fmt.Appendf(nil, "%d %s\n", os.Getpid(), who), 0)
	return err
}

func holder(file *os.File) string {
	buf := make([]byte, 100)
	n, _ := file.ReadAt(buf, 0)
	pid, who, ok := strings.Cut(strings.TrimSpace(string(buf[:n])), " ")
	if !ok {
		return "another process"
	}
	return fmt.Sprintf("process %s (rapport %s)", pid, who)
}
