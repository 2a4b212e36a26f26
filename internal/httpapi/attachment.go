package httpapi

import (
	"context"
	"io"
	"strconv"

	"rapport/internal/account"
	"rapport/internal/httpapi/files"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
	"rapport/internal/platform/fault"
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

// uploaderOf names whoever an upload belongs to until a message claims it.
func uploaderOf(actor account.Actor) string { return "agent:" + strconv.FormatInt(actor.AgentID, 10) }

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
	staged.Uploader = uploaderOf(actor)
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
