package httpapi

import (
	"context"
	"strconv"

	"rapport/internal/account"
	"rapport/internal/httpapi/gate"
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

func (s *Server) attachmentRoutes() {
	const tag = "Attachments"
	add(s, route{method: "POST", path: "/attachments", id: "upload-attachment", summary: "Upload a file for a message to come", tag: tag, status: 201, upload: true}, s.upload)
	add(s, route{method: "GET", path: "/attachments/{id}", id: "read-attachment", gives: "application/octet-stream", summary: "A file, by its signed link", tag: tag, open: true}, s.attachment)
}

type signedFile struct {
	ByID
	Link string `query:"link" maxLength:"300" doc:"The proof in an attachment's url."`
}

// uploaderOf names whoever an upload belongs to until a message claims it.
func uploaderOf(actor account.Actor) string { return "agent:" + strconv.FormatInt(actor.AgentID, 10) }

func (s *Server) upload(ctx context.Context, in *fileInput) (*Body[Attachment], error) {
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
	staged.Name, staged.ContentType, staged.Uploader = fileName(name), sniff(body), uploaderOf(actor)
	id, err := s.Blobs.Bind(ctx, staged)
	return &Body[Attachment]{Attachment{
		ID: id, Name: staged.Name, ContentType: staged.ContentType, Size: staged.Size, URL: s.fileLink(actor.WorkspaceID, id),
	}}, err
}

func (s *Server) attachment(ctx context.Context, in *signedFile) (*file, error) {
	workspaceID, ok := s.openLink(in.Link, in.ID)
	if !ok {
		return nil, fault.New("httpapi.attachment", fault.NotFound, "This link has expired. Load the conversation again.")
	}
	return s.serveBlob(ctx, workspaceID, in.ID)
}
