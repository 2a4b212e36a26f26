package httpapi

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
	add(s, route{method: "POST", path: "/attachments", id: "upload-attachment", summary: "Upload a file for a message to come", tag: tag, status: 201, upload: true}, todo[fileInput, Body[Attachment]])
	add(s, route{method: "GET", path: "/attachments/{id}", id: "read-attachment", gives: "application/octet-stream", summary: "A file, by its signed link", tag: tag, open: true}, todo[signedFile, file])
}

type signedFile struct {
	ByID
	Link string `query:"link" maxLength:"300" doc:"The proof in an attachment's url."`
}
