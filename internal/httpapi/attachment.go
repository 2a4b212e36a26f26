package httpapi

import (
	"context"
	"io"

	"rapport/internal/account"
	"rapport/internal/httpapi/files"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/rich"
)

// Attachment is a file of a message, or one uploaded for a message to come.
type Attachment struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	ContentType string `json:"content_type"`
	Size        int64  `json:"size"`
	URL         string `json:"url" doc:"Works for a short time, without signing in."`
	Inline      bool   `json:"inline,omitempty"`
	ContentID   string `json:"content_id,omitempty"`
}

// Picture is a picture that stands in a signature or a template.
type Picture struct {
	ID  int64  `json:"id" doc:"The HTML names it as cid:file-<id>@rapport."`
	URL string `json:"url" doc:"Works for a short time, without signing in."`
}

// picturesIn are those that some texts show.
func (s *Server) picturesIn(workspaceID int64, texts ...rich.Text) []Picture {
	out := []Picture{}
	for _, t := range texts {
		for _, id := range t.Pictures() {
			out = append(out, Picture{id, s.files.Link(workspaceID, id)})
		}
	}
	return out
}

// richOf is what a change says of a text: its HTML, else its plain words; nil
// when it says nothing.
func richOf(words, html *string) *rich.Text {
	if words == nil && html == nil {
		return nil
	}
	return &rich.Text{Plain: shape.Value(words), HTML: shape.Value(html)}
}

const maxFile = 25 << 20

func (s *Server) attachmentRoutes() {
	const tag = "Attachments"
	operation.Add(s.operations, operation.Route{Method: "POST", Path: "/attachments", ID: "upload-attachment", Summary: "Upload a file for a message to come", Tag: tag, Status: 201, Upload: true}, s.upload)
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/attachments/{id}", ID: "read-attachment", Gives: "application/octet-stream", Summary: "A file, by its signed link", Tag: tag, Open: true}, s.attachment)
}

type signedFile struct {
	shape.ByID
	Link string `query:"link" maxLength:"300" doc:"The proof in an attachment's url."`
}

func (s *Server) upload(ctx context.Context, in *fileInput) (*shape.Body[Attachment], error) {
	actor := gate.Actor(ctx)
	if err := s.Accounts.Allow(ctx, actor, account.AttachmentUpload, 0); err != nil {
		return nil, err
	}
	body, name, err := in.read(maxFile)
	if err != nil {
		return nil, err
	}
	staged, err := s.Blobs.Stage(ctx, actor.WorkspaceID, body)
	if err != nil {
		return nil, err
	}
	staged.Name, staged.ContentType = s.files.Named(name, body)
	staged.Uploader = actor.Uploader()
	id, err := s.Blobs.Bind(ctx, staged)
	return shape.One(Attachment{
		ID: id, Name: staged.Name, ContentType: staged.ContentType, Size: staged.Size, URL: s.files.Link(actor.WorkspaceID, id),
	}), err
}

func (s *Server) attachment(ctx context.Context, in *signedFile) (*files.Answer, error) {
	workspaceID, ok := s.files.Opened(in.Link, in.ID)
	if !ok {
		return nil, fault.New("httpapi.attachment", fault.NotFound, "This link has expired. Load the conversation again.")
	}
	return s.files.Blob(ctx, workspaceID, in.ID)
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
