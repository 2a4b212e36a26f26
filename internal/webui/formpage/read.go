package formpage

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"time"

	"rapport/internal/channel"
)

// Limits of what a browser may send. Files over them are read to their end, so
// that the answer arrives, but not kept.
const (
	maxBody     = 120 << 20
	maxParts    = 200
	maxWords    = 64 << 10
	maxFile     = 10 << 20
	maxFiles    = 6 // one more than is taken: it is told, not hidden
	readTime    = 5 * time.Minute
	maxName     = 1000
	trapName    = "website"
	tokenName   = "token"
	spoolPrefix = "rapport-form-"
)

// errDamaged: what came is no form, or not all of it.
var errDamaged = errors.New("no whole form")

// errCrowded: as many files are being read as may lie on the disk.
var errCrowded = errors.New("no place for another file")

// reading is a form that is being read.
type reading struct {
	post  channel.FormPost
	files []string // what was written to disk
	spool chan struct{}
	held  int // places in spool
}

func (r *reading) close() {
	for _, name := range r.files {
		os.Remove(name)
	}
	for range r.held {
		<-r.spool
	}
}

// read takes in what a browser sends, each file at a place in spool. What was
// read before something went wrong is there in any case.
func read(w http.ResponseWriter, r *http.Request, spool chan struct{}) (*reading, error) {
	in := &reading{spool: spool, post: channel.FormPost{Values: map[string][]string{}}}
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(readTime)) // where that is not possible, the server's own limits hold
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	parts, err := r.MultipartReader()
	if err != nil {
		return in, errDamaged
	}
	for range maxParts {
		part, err := parts.NextPart()
		if err == io.EOF {
			return in, nil
		}
		if err == nil {
			err = in.part(part)
		}
		if err != nil {
			return in, worded(err)
		}
	}
	return in, errDamaged
}

// worded tells what was too large and what was damaged from what is ours.
func worded(err error) error {
	var large *http.MaxBytesError
	var disk *os.PathError
	if errors.As(err, &large) || errors.As(err, &disk) || errors.Is(err, errCrowded) {
		return err
	}
	return errDamaged
}

func (r *reading) part(part *multipart.Part) error {
	name := part.FormName()
	key, asked := strings.CutPrefix(name, prefix)
	switch {
	case len(name) > maxName || !asked && name != trapName && name != tokenName:
		_, err := io.Copy(io.Discard, part)
		return err
	case asked && part.FileName() != "":
		return r.file(key, part)
	}
	text, err := io.ReadAll(io.LimitReader(part, maxWords))
	if err == nil {
		_, err = io.Copy(io.Discard, part)
	}
	switch said := whole(string(text)); name {
	case trapName:
		r.post.Trap = said
	case tokenName:
		r.post.Token = said
	default:
		r.post.Values[key] = append(r.post.Values[key], said)
	}
	return err
}

// file keeps a file beside the memory until it is known whether it is wanted.
func (r *reading) file(key string, part *multipart.Part) error {
	f := channel.FormFile{Field: key, Name: part.FileName()}
	kept := int64(0)
	if len(r.files) < maxFiles {
		select {
		case r.spool <- struct{}{}:
			r.held++
		default:
			return errCrowded
		}
		spool, err := os.CreateTemp("", spoolPrefix)
		if err != nil {
			return err
		}
		r.files = append(r.files, spool.Name())
		f.Open = func() (io.ReadCloser, error) { return os.Open(spool.Name()) }
		kept, err = io.Copy(spool, io.LimitReader(part, maxFile))
		if closed := spool.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return err
		}
	}
	rest, err := io.Copy(io.Discard, part)
	f.Size = kept + rest
	r.post.Files = append(r.post.Files, f)
	return err
}
