package gate

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rapport/internal/account"
	"rapport/internal/conversation"
	"rapport/internal/platform/fault"
)

// Problem is the body of every refusal (RFC 9457). Detail is for people, Type
// for programs: its last part is "about:blank" or one of the problem* names.
type Problem struct {
	Type     string         `json:"type" example:"about:blank"`
	Title    string         `json:"title" words:"yes" example:"Not Found"`
	Status   int            `json:"status" example:"404"`
	Detail   string         `json:"detail" words:"yes"`
	Instance string         `json:"instance,omitempty" doc:"The id of the request, as the server's log knows it."`
	Errors   []ProblemField `json:"errors,omitempty"`

	Meanwhile *Meanwhile `json:"meanwhile,omitempty" doc:"Of the type /problems/overtaken: what somebody else has set."`
}

// Meanwhile is what stands where somebody wanted to set something, and who has
// set it.
type Meanwhile struct {
	Now    any        `json:"now"`
	ByKind string     `json:"by_kind" enum:"contact,agent,bot,system"`
	ByID   *int64     `json:"by_id"`
	At     *time.Time `json:"at"`
}

// explains is an error that can tell programs more than its kind does.
type explains interface{ Explain(p *Problem) }

// ProblemField says what is wrong with one input.
type ProblemField struct {
	Location string `json:"location"`
	Message  string `json:"message" words:"yes"`
}

// Problems that a program must tell apart.
const (
	problemTOTP   = "/problems/totp-required" // the password was right; a code is needed
	problemUnseen = "/problems/unseen"        // somebody wrote since the caller looked
)

func (p *Problem) Error() string             { return p.Title + ": " + p.Detail }
func (p *Problem) GetStatus() int            { return p.Status }
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// statuses maps the kinds of faults, and words for those that bring none.
var statuses = map[fault.Kind]struct {
	status int
	words  string
}{
	fault.Internal:        {http.StatusInternalServerError, "Something went wrong on the server. The log has the details under the request's id."},
	fault.Invalid:         {http.StatusUnprocessableEntity, "Something in the request is not right."},
	fault.Unauthenticated: {http.StatusUnauthorized, "Sign in first."},
	fault.Forbidden:       {http.StatusForbidden, "You are not allowed to do this."},
	fault.NotFound:        {http.StatusNotFound, "There is no such thing here."},
	fault.Conflict:        {http.StatusConflict, "This has changed meanwhile. Read it again and repeat."},
	fault.TooLarge:        {http.StatusRequestEntityTooLarge, "This is too large."},
	fault.Limited:         {http.StatusTooManyRequests, "Too many requests. Try again later."},
	fault.Unavailable:     {http.StatusServiceUnavailable, "A part of the server does not answer. Try again."},
}

// kinds of problems by the error in a fault's chain.
var named = []struct {
	err  error
	name string
}{
	{account.ErrCodeNeeded, problemTOTP},
	{conversation.ErrUnseen, problemUnseen},
}

// ProblemOf is the one place where a room's error becomes an answer. Faults of
// the server are logged here, and only here.
func ProblemOf(ctx context.Context, err error) error {
	var done huma.StatusError
	if errors.As(err, &done) {
		return done
	}
	kind := fault.KindOf(err)
	if errors.Is(err, context.Canceled) {
		kind = fault.Unavailable
	} else if kind == fault.Internal || kind == fault.Unavailable {
		slog.ErrorContext(ctx, "request failed", "request", RequestID(ctx), "error", err)
	}
	p := NewProblem(statuses[kind].status, statuses[kind].words)
	if words := fault.MessageOf(err); words != "" && kind != fault.Internal {
		p.Detail = words
	}
	for _, f := range fault.FieldsOf(err) {
		p.Errors = append(p.Errors, ProblemField{f.Path, f.Message})
	}
	for _, n := range named {
		if errors.Is(err, n.err) {
			p.Type = n.name
		}
	}
	var more explains
	if errors.As(err, &more) {
		more.Explain(p)
	}
	p.Instance = RequestID(ctx)
	return p
}

// NewProblem is a refusal with words for a person.
func NewProblem(status int, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail}
}

// WriteProblem answers outside of operations.
func WriteProblem(w http.ResponseWriter, r *http.Request, p *Problem) {
	p.Instance = RequestID(r.Context())
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	json.NewEncoder(w).Encode(said(r.Context(), p))
}

// The framework asks these two for the answer to a request that does not fit
// its operation. The values that were sent are left out: they may be secrets.
func init() {
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		p := NewProblem(status, sentence(message))
		for _, err := range errs {
			var detail *huma.ErrorDetail
			if errors.As(err, &detail) {
				p.Errors = append(p.Errors, ProblemField{strings.TrimPrefix(detail.Location, "body."), detail.Message})
			}
		}
		return p
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		err := huma.NewError(status, message, errs...)
		if p, ok := err.(*Problem); ok {
			p.Instance = RequestID(ctx.Context())
		}
		return err
	}
	huma.DefaultArrayNullable = false
}

// sentence makes the framework's short words readable for a person.
func sentence(message string) string {
	if message == "validation failed" {
		return statuses[fault.Invalid].words
	}
	if message == "" {
		return message
	}
	message = strings.ToUpper(message[:1]) + message[1:]
	return strings.TrimSuffix(message, ".") + "."
}
