package gate

import (
	"bufio"
	"compress/gzip"
	"net"
	"net/http"
	"strings"
	"sync"
)

// answer writes a response, compresses it when that pays, and remembers what
// the access line needs.
type answer struct {
	http.ResponseWriter
	status   int
	written  int
	gzip     bool // the caller takes it
	headed   bool // the header is on its way
	hijacked bool
	zip      *gzip.Writer
}

// compressFrom is the size from which compression pays.
const compressFrom = 1400

var zips = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	return z
}}

func newAnswer(w http.ResponseWriter, r *http.Request) *answer {
	return &answer{ResponseWriter: w, gzip: strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")}
}

// began reports whether anything has been decided about the answer.
func (a *answer) began() bool { return a.status != 0 || a.hijacked }

// WriteHeader waits for the first bytes: their number decides about compression.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 || a.status < 200 {
		a.status = status
	}
	if status < 200 {
		a.ResponseWriter.WriteHeader(status)
	}
}

func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	if !a.headed {
		a.head(len(b))
	}
	a.written += len(b)
	if a.zip != nil {
		return a.zip.Write(b)
	}
	return a.ResponseWriter.Write(b)
}

// head sends the header, now that the size of the first bytes is known.
func (a *answer) head(size int) {
	a.headed = true
	h := a.Header()
	if a.gzip && size >= compressFrom && strings.Contains(h.Get("Content-Type"), "json") && h.Get("Content-Encoding") == "" {
		h.Set("Content-Encoding", "gzip")
		h.Add("Vary", "Accept-Encoding")
		h.Del("Content-Length")
		a.zip = zips.Get().(*gzip.Writer)
		a.zip.Reset(a.ResponseWriter)
	}
	a.ResponseWriter.WriteHeader(a.status)
}

// finish sends what is left when the handler has returned.
func (a *answer) finish() {
	if a.hijacked {
		return
	}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	if !a.headed {
		a.head(0)
	}
	if a.zip != nil {
		a.zip.Close()
		a.zip.Reset(nil)
		zips.Put(a.zip)
		a.zip = nil
	}
}

// Flush is for streams, which are never compressed.
func (a *answer) Flush() {
	if !a.headed {
		a.Write(nil)
	}
	http.NewResponseController(a.ResponseWriter).Flush()
}

func (a *answer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(a.ResponseWriter).Hijack()
	if err == nil {
		a.hijacked, a.status = true, http.StatusSwitchingProtocols
	}
	return conn, rw, err
}

func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
