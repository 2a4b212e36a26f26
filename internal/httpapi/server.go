package httpapi

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/contact"
	"rapport/internal/conversation"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/bus"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/event"
	"rapport/internal/platform/job"
	"rapport/internal/platform/secret"
)

// Deps are the rooms whose verbs are offered, and what the server needs itself.
type Deps struct {
	Accounts      *account.Room
	Contacts      *contact.Room
	Channels      *channel.Room
	Conversations *conversation.Room

	Store   Store
	Blobs   *blob.Store
	Log     *event.Log
	Readers *event.Readers
	Jobs    *job.Queue
	Bus     bus.Bus
	Key     *secret.Key
	Clock   clock.Clock

	URL            string // the public address, without a slash at the end
	TrustedProxies []netip.Prefix
	Version        string
	Demo           bool
	StartedAt      time.Time

	Ready  func(ctx context.Context) error // nil: always
	Gauges func(ctx context.Context) []Gauge
	Checks func(ctx context.Context, workspaceID int64) []HealthCheck // more for the health page
	Outbox Outbox                                                     // nil: mail is really sent
	Pages  http.Handler                                               // answers what is no operation; nil: nothing does
}

// file is an answer that is not JSON.
type file = huma.StreamResponse

// Server answers HTTP requests.
type Server struct {
	Deps
	mux     *http.ServeMux
	api     huma.API
	routes  []route
	store   store
	limits  limits
	metrics *metrics
	hub     *hub
}

// New makes the server of one process. Close ends its live connections.
func New(d Deps) *Server {
	s := &Server{Deps: d, store: store{d.Store}, metrics: newMetrics(d.Gauges)}
	s.hub = newHub(s)
	describe(s)
	s.plainRoutes()
	return s
}

// Close ends the live connections; requests end by the server that carries
// them.
func (s *Server) Close() { s.hub.close() }

// describe gives the server its operations.
func describe(s *Server) *Server {
	s.mux = http.NewServeMux()
	s.api = humago.New(s.mux, settings())
	s.api.UseMiddleware(s.guard)
	for _, register := range []func(){
		s.sessionRoutes, s.meRoutes, s.agentRoutes, s.teamRoutes, s.apiKeyRoutes, s.workspaceRoutes, s.inboxRoutes,
		s.conversationRoutes, s.messageRoutes, s.draftRoutes, s.attachmentRoutes, s.viewRoutes, s.searchRoutes,
		s.contactRoutes, s.companyRoutes, s.eventRoutes, s.liveRoutes,
		s.healthRoutes, s.mailRoutes, s.jobRoutes, s.outboxRoutes,
	} {
		register()
	}
	return s
}
