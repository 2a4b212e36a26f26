package widget

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"rapport/internal/channel"
	"rapport/internal/channel/site"
	"rapport/internal/conversation/visitor"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/stream"
	"rapport/internal/platform/bus"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/limit"
	"rapport/internal/platform/token"
)

// Root is the path under which the widget's API is.
const Root = "/widget/v1"

// Files is how files reach a browser; httpapi has the one way.
type Files interface {
	// Link is the path of a file for whoever holds it, for a while.
	Link(workspaceID, id int64) string
	// Named tidies the name of an upload and tells its type by its bytes.
	Named(name string, body []byte) (tidy, contentType string)
}

// Deps is what the API stands on.
type Deps struct {
	Visitors *visitor.Room
	Channels *channel.Room
	Log      *event.Log
	Bus      bus.Bus
	Clock    clock.Clock
	Files    Files
	Limits   *limit.Limits
	URL      string // the public address, without a slash at the end; empty: not known
}

// Server answers the widget.
type Server struct {
	Deps
	hub *hub
}

// New makes the server and enters its routes.
func New(d Deps, mux *http.ServeMux) *Server {
	s := &Server{Deps: d}
	s.hub = newHub(d)
	mux.HandleFunc("OPTIONS "+Root+"/", s.preflight)
	mux.HandleFunc("GET "+Root+"/sites/{key}", s.atSite(s.site))
	mux.HandleFunc("POST "+Root+"/sites/{key}/visitors", s.atSite(s.arrive))
	for pattern, h := range map[string]func(*call) error{
		"POST /identity":                      s.identify,
		"GET /me":                             s.me,
		"PATCH /me":                           s.changeMe,
		"DELETE /me":                          s.leave,
		"GET /conversations/{id}/messages":    s.messages,
		"POST /messages":                      s.write,
		"POST /attachments":                   s.upload,
		"PUT /conversations/{id}/marks":       s.mark,
		"PUT /conversations/{id}/typing":      s.typing,
		"POST /conversations/{id}/person":     s.person,
		"POST /conversations/{id}/transcript": s.transcript,
		"GET /live":                           s.live,
	} {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" "+Root+path, s.asVisitor(h))
	}
	mux.HandleFunc(Root+"/", func(w http.ResponseWriter, r *http.Request) {
		s.head(w, "")
		gate.WriteProblem(w, r, gate.NewProblem(http.StatusNotFound, "There is nothing at this address."))
	})
	return s
}

// Close ends all streams.
func (s *Server) Close() { s.hub.close() }

// Open is how many streams are open now.
func (s *Server) Open() int64 { return s.hub.open.Load() }

// call is one request that was let in.
type call struct {
	w       http.ResponseWriter
	r       *http.Request
	inbox   channel.Inbox
	origin  string // "" is our own
	visitor visitor.Visitor
	hash    string // of the visitor's token
}

func (c *call) ctx() context.Context { return c.r.Context() }

// Limits of what a request may carry.
const (
	maxJSON   = 64 << 10
	maxUpload = visitor.MaxFile + 64<<10
)

// head sets what every answer carries. cors is the site whose pages may read it.
func (s *Server) head(w http.ResponseWriter, cors string) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
	h.Set("X-Frame-Options", "DENY")
	h.Add("Vary", "Origin")
	if cors != "" {
		h.Set("Access-Control-Allow-Origin", cors)
		h.Set("Access-Control-Expose-Headers", "Retry-After")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
}

var errOrigin = fault.New("widget.origin", fault.Forbidden, "This site is not among those that the chat allows.")

// originOf is the site a request comes from, "" for our own; an error for a
// request that hides it although it crosses sites.
func (s *Server) originOf(r *http.Request) (string, error) {
	values := r.Header.Values("Origin")
	if len(values) == 0 {
		if from := r.Header.Get("Sec-Fetch-Site"); from == "cross-site" || from == "same-site" {
			return "", errOrigin
		}
		return "", nil
	}
	origin := values[0]
	tidy, ok := site.Tidy(origin)
	if len(values) > 1 || !ok || tidy != strings.ToLower(origin) {
		return "", errOrigin // "null" too
	}
	here, _ := url.Parse(tidy)
	ours, _ := url.Parse(s.URL)
	switch {
	case s.URL != "" && ours != nil && strings.EqualFold(here.Host, ours.Host) && here.Scheme == ours.Scheme:
		return "", nil
	case s.URL == "" && strings.EqualFold(here.Host, r.Host):
		return "", nil
	}
	return tidy, nil
}

// allowed reports whether a chat may stand on a site.
func allowed(inbox channel.Inbox, origin string) bool {
	return origin == "" || site.Allowed(inbox.Chat.AllowedOrigins, origin)
}

// preflight answers a browser that asks whether its page may ask. The chat is
// not known yet, so a site may that any chat allows; the request itself is
// judged by its own.
func (s *Server) preflight(w http.ResponseWriter, r *http.Request) {
	origin, err := s.originOf(r)
	var cors string
	if err == nil && origin != "" {
		cors, err = s.known(r.Context(), origin)
	}
	s.head(w, cors)
	if err != nil || cors == "" {
		s.refuse(w, r, errOrigin)
		return
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE")
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
	h.Set("Access-Control-Max-Age", "7200")
	w.WriteHeader(http.StatusNoContent)
}

// known is the origin if any chat allows it, else "".
func (s *Server) known(ctx context.Context, origin string) (string, error) {
	all, err := s.Channels.ChatOrigins(ctx)
	if err != nil || !site.Allowed(all, origin) {
		return "", err
	}
	return origin, nil
}

// atSite lets in who knows the public name of a chat and stands on a site it
// allows.
func (s *Server) atSite(h func(*call) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := &call{w: w, r: r}
		origin, err := s.originOf(r)
		if err != nil {
			s.head(w, "")
			s.refuse(w, r, err)
			return
		}
		c.origin = origin
		inbox, seen, err := s.Visitors.At(r.Context(), r.PathValue("key"))
		if err != nil {
			s.head(w, "")
			s.refuse(w, r, err)
			return
		}
		c.inbox = inbox
		ok := allowed(inbox, origin)
		err = s.Visitors.Hit(r.Context(), inbox, seen, s.spelled(origin), ok)
		if !ok {
			err = errOrigin
		}
		if err != nil {
			s.head(w, "")
			s.refuse(w, r, err)
			return
		}
		s.head(w, origin)
		if err := s.take("site "+network(r), siteLimit); err != nil {
			s.refuse(w, r, err)
			return
		}
		s.answer(c, h)
	}
}

// spelled is an origin as people read it.
func (s *Server) spelled(origin string) string {
	if origin == "" {
		return s.URL
	}
	return origin
}

// asVisitor lets in the visitor of a token, from the site it belongs to.
func (s *Server) asVisitor(h func(*call) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := &call{w: w, r: r}
		var err error
		if c.origin, err = s.originOf(r); err != nil {
			s.head(w, "")
			s.refuse(w, r, err)
			return
		}
		plain := bearer(r)
		c.visitor, c.inbox, err = s.Visitors.Authenticate(r.Context(), plain)
		if err != nil {
			cors := ""
			if c.origin != "" {
				cors, _ = s.known(r.Context(), c.origin)
			}
			s.head(w, cors)
			s.refuse(w, r, err)
			return
		}
		c.hash = token.Hash(plain)
		if c.origin != c.visitor.Origin || !allowed(c.inbox, c.origin) {
			s.head(w, "")
			s.refuse(w, r, errOrigin)
			return
		}
		s.head(w, c.origin)
		if err := s.take("visitor "+strconv.FormatInt(c.visitor.ID, 10), visitorLimit); err != nil {
			s.refuse(w, r, err)
			return
		}
		s.answer(c, h)
	}
}

// bearer is the token of a request: in its header, or offered as a protocol by a
// WebSocket, which browsers let say nothing else.
func bearer(r *http.Request) string {
	if stream.Wanted(r) {
		if offered := stream.Protocols(r); len(offered) == 2 && offered[0] == protocol {
			return offered[1]
		}
		return ""
	}
	scheme, plain, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(plain)
}

func (s *Server) answer(c *call, h func(*call) error) {
	limit := int64(maxJSON)
	if strings.HasPrefix(c.r.Header.Get("Content-Type"), "multipart/") {
		limit = maxUpload
	}
	if c.r.ContentLength > limit {
		s.refuse(c.w, c.r, fault.New("widget.answer", fault.TooLarge, ""))
		return
	}
	c.r.Body = http.MaxBytesReader(c.w, c.r.Body, limit)
	if err := h(c); err != nil {
		s.refuse(c.w, c.r, err)
	}
}

// refuse answers with a problem.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	var slow tooFast
	if errors.As(err, &slow) {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(slow.wait.Seconds()))))
	} else if fault.Is(err, fault.Limited) {
		w.Header().Set("Retry-After", "60")
	}
	p, ok := gate.ProblemOf(r.Context(), err).(*gate.Problem)
	if !ok {
		p = gate.NewProblem(http.StatusInternalServerError, "Something went wrong on the server. The log has the details under the request's id.")
	}
	gate.WriteProblem(w, r, p)
}

// read decodes a body that is one JSON object and nothing else.
func read[T any](c *call) (v T, err error) {
	const op = "widget.read"
	d := json.NewDecoder(c.r.Body)
	d.DisallowUnknownFields()
	err = d.Decode(&v)
	if err == nil {
		if _, more := d.Token(); more != io.EOF {
			err = errors.New("more than one value")
		}
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return v, fault.New(op, fault.TooLarge, "")
	case err != nil:
		return v, fault.New(op, fault.Invalid, "")
	}
	return v, nil
}

// say answers with a value.
func (c *call) say(status int, v any) error {
	c.w.Header().Set("Content-Type", "application/json")
	c.w.WriteHeader(status)
	return ignore(json.NewEncoder(c.w).Encode(v))
}

// ignore forgets that the other side has gone while it was answered.
func ignore(error) error { return nil }

func (c *call) nothing(status int) error {
	c.w.WriteHeader(status)
	return nil
}

// id is the conversation in the path.
func (c *call) id() (int64, error) {
	id, err := strconv.ParseInt(c.r.PathValue("id"), 10, 64)
	if err != nil || id < 1 {
		return 0, fault.New("widget.id", fault.NotFound, "")
	}
	return id, nil
}

func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
