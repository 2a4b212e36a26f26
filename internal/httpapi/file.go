package httpapi

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
	"rapport/internal/platform/fault"
)

// This is the one path by which files reach a browser. What a sender called a
// file decides nothing: the type comes from its first bytes, only pictures may
// be shown in place, and a document that is opened after all can do nothing.
const filePolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"

// linkTime is how long a signed link works at least; links made within the
// same hour are equal, so browsers can keep the file.
const linkTime = 4 * time.Hour

// pictures are the types that are shown in place.
var pictures = map[string]bool{"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true}

// sniff tells a file's type from its first bytes. Types a browser could run
// are bytes like any other.
func sniff(body []byte) string {
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

// read returns the file of a form, up to limit bytes, and its name.
func (in *fileInput) read(limit int64) ([]byte, string, error) {
	const op = "httpapi.read"
	f := in.RawBody.Data().File
	if !f.IsSet {
		return nil, "", fault.InvalidField(op, "file", "Choose a file.")
	}
	defer in.RawBody.Form.RemoveAll()
	body, err := io.ReadAll(io.LimitReader(f, limit+1))
	if int64(len(body)) > limit {
		err = fault.Newf(op, fault.TooLarge, "The file is too large: at most %d MB.", limit>>20)
	}
	return body, f.Filename, fault.Wrap(op, err)
}

// serveBlob answers with a file of a workspace.
func (s *Server) serveBlob(ctx context.Context, workspaceID, id int64) (*file, error) {
	r, info, err := s.Blobs.Open(ctx, workspaceID, id)
	if err != nil {
		return nil, err
	}
	return serveFile(r, info), nil
}

func serveFile(body io.ReadSeekCloser, info blob.Info) *file {
	return &file{Body: func(ctx huma.Context) {
		defer body.Close()
		r, w := humago.Unwrap(ctx)
		var first [512]byte
		n, _ := io.ReadFull(body, first[:])
		kind := sniff(first[:n])
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
		h.Set("Content-Security-Policy", filePolicy)
		h.Set("Cross-Origin-Resource-Policy", "cross-origin") // a message's frame has no origin; the link is the proof
		h.Set("Cache-Control", "private, max-age=14400, immutable")
		h.Set("ETag", `"`+info.SHA256+`"`)
		http.ServeContent(w, r, "", time.Time{}, body)
	}}
}

// fileLink is the address of a file for whoever holds it, for a while.
func (s *Server) fileLink(workspaceID, id int64) string {
	ends := s.Clock.Now().Truncate(time.Hour).Add(time.Hour + linkTime)
	link := binary.BigEndian.AppendUint64(nil, uint64(workspaceID))
	link = binary.BigEndian.AppendUint64(link, uint64(ends.Unix()))
	link = append(link, s.Key.MAC("file-link", link, binary.BigEndian.AppendUint64(nil, uint64(id)))...)
	return root + "/attachments/" + strconv.FormatInt(id, 10) + "?link=" + base64.RawURLEncoding.EncodeToString(link)
}

// files is the one path of files, for the widget.
type files struct{ *Server }

func (f files) Link(workspaceID, id int64) string { return f.fileLink(workspaceID, id) }

func (f files) Named(name string, body []byte) (tidy, contentType string) {
	return fileName(name), sniff(body)
}

// openLink checks a link's proof and returns the workspace it is for.
func (s *Server) openLink(link string, id int64) (workspaceID int64, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(link)
	if err != nil || len(b) < 17 || !s.Key.Verify(b[16:], "file-link", b[:16], binary.BigEndian.AppendUint64(nil, uint64(id))) {
		return 0, false
	}
	ends := time.Unix(int64(binary.BigEndian.Uint64(b[8:16])), 0)
	return int64(binary.BigEndian.Uint64(b)), s.Clock.Now().Before(ends)
}

// serveDownload gives text as a file to keep.
func serveDownload(name string, body []byte) *file {
	text := serveText(body)
	return &file{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
		text.Body(ctx)
	}}
}

// serveText shows bytes as text, which is what a source is for: no browser
// renders it.
func serveText(body []byte) *file {
	return &file{Body: func(ctx huma.Context) {
		_, w := humago.Unwrap(ctx)
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Content-Security-Policy", filePolicy)
		w.Write(body)
	}}
}
