// Package files is the one path by which files reach a browser.
package files

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"io"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"rapport/internal/platform/blob"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/secret"
)

// What a sender called a file decides nothing: the type comes from its first
// bytes, only pictures may be shown in place, and a document that is opened
// after all can do nothing.
const policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"

// linkTime is how long a signed link works at least; links made within the
// same hour are equal, so browsers can keep the file.
const linkTime = 4 * time.Hour

// Answer is an answer that is not JSON, such as a file.
type Answer = huma.StreamResponse

// Path opens what is kept in Blobs, to those who may see it and to those who
// hold a signed link below Root.
type Path struct {
	Blobs *blob.Store
	Key   *secret.Key
	Clock clock.Clock
	Root  string
}

// pictures are the types that are shown in place.
var pictures = map[string]bool{"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true}

// Sniff tells a file's type from its first bytes. Types a browser could run
// are bytes like any other.
func Sniff(body []byte) string {
	found, _, _ := mime.ParseMediaType(http.DetectContentType(body))
	switch {
	case pictures[found], found == "application/pdf", found == "application/zip", found == "text/plain",
		strings.HasPrefix(found, "audio/"), strings.HasPrefix(found, "video/"):
		return found
	}
	return "application/octet-stream"
}

// fileName is what a sender called a file, fit to be saved under.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(name, "\\", "/"))
	name = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || strings.ContainsRune(`<>:"/|?*`, c) {
			return '_'
		}
		return c
	}, strings.ToValidUTF8(name, "_"))
	for len(name) > 200 {
		name = strings.ToValidUTF8(name[len(name)-200:], "")
	}
	if name = strings.Trim(name, ". "); name == "" {
		return "file"
	}
	return name
}

// Picture tells whether bytes are a picture that is shown in place.
func Picture(body []byte) bool { return pictures[Sniff(body)] }

// Blob answers with a file of a workspace. Of one that the store has lost the
// reader is told in the store's words.
func (p *Path) Blob(ctx context.Context, workspaceID, id int64) (*Answer, error) {
	r, info, err := p.Blobs.Open(ctx, workspaceID, id)
	if words := fault.MessageOf(err); fault.Is(err, fault.Internal) && words != "" {
		return nil, fault.As("files.Blob", fault.Unavailable, words, err)
	}
	if err != nil {
		return nil, err
	}
	return serveFile(r, info), nil
}

func serveFile(body io.ReadSeekCloser, info blob.Info) *Answer {
	return &Answer{Body: func(ctx huma.Context) {
		defer body.Close()
		r, w := humago.Unwrap(ctx)
		var first [512]byte
		n, _ := io.ReadFull(body, first[:])
		kind := Sniff(first[:n])
		disposition := "attachment"
		if pictures[kind] {
			disposition = "inline"
		}
		h := w.Header()
		h.Set("Content-Type", kind)
		if kind == "text/plain" {
			h.Set("Content-Type", "text/plain; charset=utf-8")
		}
		h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": fileName(info.Name)}))
		h.Set("Content-Security-Policy", policy)
		h.Set("Cross-Origin-Resource-Policy", "cross-origin") // a message's frame has no origin; the link is the proof
		h.Set("Cache-Control", "private, max-age=14400, immutable")
		h.Set("ETag", `"`+info.SHA256+`"`)
		http.ServeContent(w, r, "", time.Time{}, body)
	}}
}

// Link is the address of a file for whoever holds it, for a while.
func (p *Path) Link(workspaceID, id int64) string {
	ends := p.Clock.Now().Truncate(time.Hour).Add(time.Hour + linkTime)
	link := binary.BigEndian.AppendUint64(nil, uint64(workspaceID))
	link = binary.BigEndian.AppendUint64(link, uint64(ends.Unix()))
	link = append(link, p.Key.MAC("file-link", link, binary.BigEndian.AppendUint64(nil, uint64(id)))...)
	return p.Root + "/attachments/" + strconv.FormatInt(id, 10) + "?link=" + base64.RawURLEncoding.EncodeToString(link)
}

// Named tidies the name of an upload and tells its type by its bytes.
func (*Path) Named(name string, body []byte) (tidy, contentType string) {
	return fileName(name), Sniff(body)
}

// Opened checks a link's proof and returns the workspace it is for.
func (p *Path) Opened(link string, id int64) (workspaceID int64, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(link)
	if err != nil || len(b) < 17 || !p.Key.Verify(b[16:], "file-link", b[:16], binary.BigEndian.AppendUint64(nil, uint64(id))) {
		return 0, false
	}
	ends := time.Unix(int64(binary.BigEndian.Uint64(b[8:16])), 0)
	return int64(binary.BigEndian.Uint64(b)), p.Clock.Now().Before(ends)
}

// Download gives text as a file to keep.
func Download(name string, body []byte) *Answer {
	text := Text(body)
	return &Answer{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
		text.Body(ctx)
	}}
}

// Text shows bytes as text, which is what a source is for: no browser
// renders it.
func Text(body []byte) *Answer {
	return &Answer{Body: func(ctx huma.Context) {
		_, w := humago.Unwrap(ctx)
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Content-Security-Policy", policy)
		w.Write(body)
	}}
}
