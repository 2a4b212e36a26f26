package control

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"

	"rapport/internal/platform/fault"
)

const socketName = "control.sock"

// maxPath is the longest path that fits into a socket's address.
const maxPath = 107

// shortPath hands fn a path to the socket of dir that fits into an address. A
// long one leads through an open descriptor of the folder.
func shortPath(dir string, fn func(path string) error) error {
	path := filepath.Join(dir, socketName)
	if len(path) <= maxPath {
		return fn(path)
	}
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer folder.Close()
	return fn(fmt.Sprintf("/proc/self/fd/%d/%s", folder.Fd(), socketName))
}

// listen binds the socket of dir, in place of a stale one. Only the holder of
// the folder may call it.
func listen(dir string) (l *net.UnixListener, err error) {
	path := filepath.Join(dir, socketName)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	err = shortPath(dir, func(short string) error {
		l, err = net.ListenUnix("unix", &net.UnixAddr{Name: short, Net: "unix"})
		return err
	})
	if err != nil {
		return nil, err
	}
	l.SetUnlinkOnClose(false) // the short path is no longer good; Serve removes the socket
	if err := os.Chmod(path, 0o600); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// errNotRunning says that nobody listens in the folder.
var errNotRunning = errors.New("no server runs on this data folder")

func dial(ctx context.Context, dir string) (conn net.Conn, err error) {
	err = shortPath(dir, func(short string) error {
		var d net.Dialer
		conn, err = d.DialContext(ctx, "unix", short)
		return err
	})
	switch {
	case err == nil:
		return conn, nil
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return nil, errNotRunning
	case errors.Is(err, fs.ErrPermission):
		return nil, fault.As("control.dial", fault.Forbidden, "The server on "+dir+" belongs to another user. Run this command as that user.", err)
	}
	return nil, fault.As("control.dial", fault.Unavailable, "The server on "+dir+" cannot be reached.", err)
}
