package secret

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"rapport/internal/platform/fault"
)

// FileName is the key's file in the data folder.
const FileName = "secret.key"

// Load reads the master key from file (RAPPORT_SECRET_FILE). With file empty it
// reads secret.key in the data folder and makes it, mode 0600, when there is
// none; two processes that start together end up with the same key. A named
// file is never made.
func Load(file, dataDir string) (*Key, error) {
	const op = "secret.Load"
	if file != "" {
		k, err := read(file)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fault.As(op, fault.Invalid, "RAPPORT_SECRET_FILE names a file that is not there: "+file+". Make one with: openssl rand -hex 32", err)
		}
		return k, fault.Wrap(op, err)
	}
	own := filepath.Join(dataDir, FileName)
	k, err := read(own)
	if errors.Is(err, fs.ErrNotExist) {
		if err = create(own, Generate()); err == nil {
			k, err = read(own)
		}
	}
	return k, fault.Wrap(op, err)
}

func read(path string) (*Key, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err != nil {
		return nil, fault.As("secret.read", fault.Unavailable, "The key file cannot be read: "+path, err)
	}
	return parse(path, strings.TrimSpace(string(text)))
}

// parse accepts 32 bytes as 64 hex digits or as base64.
func parse(path, text string) (*Key, error) {
	raw, err := hex.DecodeString(text)
	if err != nil {
		raw, err = base64.StdEncoding.DecodeString(text)
	}
	if err != nil || len(raw) != Size {
		// the cause is left out: it would quote a part of the key
		return nil, fault.New("secret.parse", fault.Invalid, "The key file "+path+" must hold 32 bytes as 64 hex digits or as base64.")
	}
	return &Key{master: [Size]byte(raw)}, nil
}

// Text is the key as its file holds it. It leaves this package only for a
// backup that was asked to hold it.
func (k *Key) Text() []byte { return []byte(hex.EncodeToString(k.master[:]) + "\n") }

// Parse reads what a key file, or Text, holds.
func Parse(text []byte) (*Key, error) {
	return parse("of the backup", strings.TrimSpace(string(text)))
}

// Keep writes the key into a data folder that has none.
func (k *Key) Keep(dataDir string) error {
	return fault.Wrap("secret.Keep", create(filepath.Join(dataDir, FileName), k))
}

// create writes a key beside path and links it into place, so that the
// file is complete from its first moment and an existing one is never lost.
func create(path string, k *Key) error {
	const op = "secret.create"
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fault.As(op, fault.Unavailable, "The data folder cannot be made.", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".secret-*") // mode 0600
	if err != nil {
		return fault.As(op, fault.Unavailable, "No key file can be made in the data folder.", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(k.Text())
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Link(f.Name(), path)
	}
	if errors.Is(err, fs.ErrExist) {
		return nil // another process was faster; its key is the one
	}
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		return fault.As(op, fault.Unavailable, "The key file cannot be written: "+path, err)
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
