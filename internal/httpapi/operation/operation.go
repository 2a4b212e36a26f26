// Package operation describes the operations of the API once, for the mux, the
// description, the docs and the test of permissions, and answers a request that
// comes again with what the first one got.
package operation

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"rapport/internal/httpapi/gate"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/secret"
)

// Root is where all operations live.
const Root = "/api/v1"

// Limits of what a request may carry.
const (
	MaxJSON   = 1 << 20
	MaxUpload = 35 << 20 // of a whole multipart body
)

// Route describes one operation.
type Route struct {
	Method, Path string
	ID, Summary  string
	Tag          string
	Open         bool   // for people who are not signed in
	Status       int    // of success; 0: 200, or 204 without a body
	Gives        string // media type of an answer that is not JSON
	Upload       bool   // takes a file
	Makes        bool   // makes something: Idempotency-Key is honoured
}

// Deps is what operations stand on. To describe them none of it is needed.
type Deps struct {
	Store Store
	Key   *secret.Key
	Clock clock.Clock
}

// List is the operations of a server.
type List struct {
	Routes []Route
	api    huma.API
	store  store
	key    *secret.Key
	clock  clock.Clock
}

// New makes a list whose operations the mux will answer, each behind a guard.
func New(d Deps, mux *http.ServeMux, settings huma.Config, guard func(huma.Context, func(huma.Context))) *List {
	l := &List{api: humago.New(mux, settings), store: store{d.Store}, key: d.Key, clock: d.Clock}
	l.api.UseMiddleware(guard)
	return l
}

// OpenAPI is the description of all operations.
func (l *List) OpenAPI() *huma.OpenAPI { return l.api.OpenAPI() }

// Add registers an operation: in the mux, in the description, and so in the
// test of permissions.
func Add[I, O any](l *List, r Route, h func(context.Context, *I) (*O, error)) {
	op := huma.Operation{
		Method: r.Method, Path: Root + r.Path, OperationID: r.ID, Summary: r.Summary, Tags: []string{r.Tag},
		DefaultStatus: r.Status, MaxBodyBytes: MaxJSON, BodyReadTimeout: 30 * time.Second,
	}
	if r.Upload {
		op.MaxBodyBytes, op.BodyReadTimeout = MaxUpload, 10*time.Minute
	}
	op.Metadata = map[string]any{gate.Open: r.Open}
	if !r.Open {
		op.Security = []map[string][]string{{"cookie": {}}, {"key": {}}}
	}
	if r.Gives != "" {
		op.Responses = map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{r.Gives: {}}}}
	}
	if r.Makes {
		op.Parameters = []*huma.Param{{Name: gate.IdempotencyKey, In: "header", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: new(100)},
			Description: "A request with the key of an earlier one gets that one's answer, for 24 hours."}}
	}
	l.Routes = append(l.Routes, r)
	huma.Register(l.api, op, func(ctx context.Context, in *I) (*O, error) {
		do := h
		if r.Makes {
			do = func(ctx context.Context, in *I) (*O, error) { return once(ctx, l, r.ID, in, h) }
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
