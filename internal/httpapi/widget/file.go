package widget

import (
	"errors"
	"io"
	"net/http"

	"rapport/internal/conversation/visitor"
	"rapport/internal/platform/fault"
)

// readFile takes the one file of a form.
func readFile(r *http.Request) (name string, body []byte, err error) {
	const op = "widget.readFile"
	parts, err := r.MultipartReader()
	if err != nil {
		return "", nil, fault.InvalidField(op, "file", "Choose a file.")
	}
	for {
		part, err := parts.NextPart()
		if err == nil && part.FormName() != "file" {
			continue
		}
		if err == nil {
			name = part.FileName()
			body, err = io.ReadAll(io.LimitReader(part, visitor.MaxFile+1))
		}
		var large *http.MaxBytesError
		switch {
		case errors.As(err, &large) || len(body) > visitor.MaxFile:
			return "", nil, fault.Newf(op, fault.TooLarge, "The file is too large: at most %d MB.", visitor.MaxFile>>20)
		case err != nil:
			return "", nil, fault.InvalidField(op, "file", "Choose a file.")
		}
		return name, body, nil
	}
}
