package httpapi

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rapport/internal/httpapi/gate"
)

// root is where all operations live.
const root = "/api/v1"

// Limits of what a request may carry.
const (
	maxJSON   = 1 << 20
	maxUpload = 35 << 20 // of a whole multipart body
	maxFile   = 25 << 20
)

// route describes one operation.
type route struct {
	method, path string
	id, summary  string
	tag          string
	open         bool   // for people who are not signed in
	status       int    // of success; 0: 200, or 204 without a body
	gives        string // media type of an answer that is not JSON
	upload       bool   // takes a file
	makes        bool   // makes something: Idempotency-Key is honoured
}

// add registers an operation: in the mux, in the description, and so in the
// test of permissions.
func add[I, O any](s *Server, r route, h func(context.Context, *I) (*O, error)) {
	op := huma.Operation{
		Method: r.method, Path: root + r.path, OperationID: r.id, Summary: r.summary, Tags: []string{r.tag},
		DefaultStatus: r.status, MaxBodyBytes: maxJSON, BodyReadTimeout: 30 * time.Second,
	}
	if r.upload {
		op.MaxBodyBytes, op.BodyReadTimeout = maxUpload, 10*time.Minute
	}
	op.Metadata = map[string]any{gate.Open: r.open}
	if !r.open {
		op.Security = []map[string][]string{{"cookie": {}}, {"key": {}}}
	}
	if r.gives != "" {
		op.Responses = map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{r.gives: {}}}}
	}
	if r.makes {
		op.Parameters = []*huma.Param{{Name: gate.IdempotencyKey, In: "header", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: new(100)},
			Description: "A request with the key of an earlier one gets that one's answer, for 24 hours."}}
	}
	s.routes = append(s.routes, r)
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		do := h
		if r.makes {
			do = func(ctx context.Context, in *I) (*O, error) { return once(ctx, s, r.id, in, h) }
		}
		out, err := do(ctx, in)
		if err != nil {
			return nil, gate.ProblemOf(ctx, err)
		}
		if out == nil {
			out = new(O)
		}
		return out, nil
	})
}
