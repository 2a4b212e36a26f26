package httpapi

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"rapport/internal/account"
	"rapport/internal/automation"
	"rapport/internal/channel"
	"rapport/internal/contact"
	"rapport/internal/conversation"
	"rapport/internal/conversation/acknowledgement"
	"rapport/internal/conversation/bulk"
	"rapport/internal/conversation/draft"
	"rapport/internal/conversation/follow"
	"rapport/internal/conversation/outbox"
	"rapport/internal/conversation/tally"
	"rapport/internal/conversation/view"
	"rapport/internal/conversation/visitor"
	"rapport/internal/httpapi/files"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/live"
	"rapport/internal/httpapi/macroset"
	"rapport/internal/httpapi/mailset"
	"rapport/internal/httpapi/many"
	"rapport/internal/httpapi/notices"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/upkeep"
	"rapport/internal/httpapi/viewset"
	"rapport/internal/httpapi/widget"
	"rapport/internal/notification"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/bus"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/event"
	"rapport/internal/platform/job"
	"rapport/internal/platform/limit"
	"rapport/internal/platform/secret"
)

// Deps are the rooms whose verbs are offered, and what the server needs itself.
type Deps struct {
	Accounts         *account.Room
	Contacts         *contact.Room
	Channels         *channel.Room
	Conversations    *conversation.Room
	Tally            *tally.Room
	Views            *view.Room
	Outgoing         *outbox.Room
	Drafts           *draft.Room
	Follows          *follow.Room
	Bulk             *bulk.Room
	Visitors         *visitor.Room
	Acknowledgements *acknowledgement.Room
	Automation       *automation.Room
	Notices          *notification.Room

	Store   operation.Store
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

	Ready   func(ctx context.Context) error    // nil: always
	Remarks func(ctx context.Context) []string // what is not at its best, though ready
	Gauges  func(ctx context.Context) []Gauge
	Checks  func(ctx context.Context, workspaceID int64) []upkeep.HealthCheck // more for the health page
	SignIns mailset.SignIns                                                   // at mail providers; nil: there are none
	Outbox  upkeep.Outbox                                                     // nil: mail is really sent
	// FormPreview writes the page of a form that is being made.
	FormPreview func(ctx context.Context, workspaceID int64, p FormPreview) (string, error)
	Pages       http.Handler // answers what is no operation; nil: nothing does
}

// Server answers HTTP requests.
type Server struct {
	Deps
	mux        *http.ServeMux
	operations *operation.List
	files      *files.Path
	gate       *gate.Gate
	hub        *live.Hub
	widget     *widget.Server
	deafen     func() // the limits
}

// New makes the server of one process. Close ends its live connections.
func New(d Deps) *Server {
	s := &Server{Deps: d, files: &files.Path{Blobs: d.Blobs, Key: d.Key, Clock: d.Clock, Root: operation.Root},
		hub: live.New(live.Deps{Accounts: d.Accounts, Log: d.Log, Bus: d.Bus, Key: d.Key, Clock: d.Clock})}
	s.mux = http.NewServeMux()
	limits, end := limit.New(d.Bus, clock.System)
	s.deafen = end
	s.gate = gate.New(gate.Config{Accounts: d.Accounts, Root: operation.Root, URL: d.URL, TrustedProxies: d.TrustedProxies, Gauges: s.gauges, Limits: limits}, s.mux)
	s.describe()
	s.plainRoutes()
	s.widget = widget.New(widget.Deps{Visitors: d.Visitors, Channels: d.Channels, Log: d.Log, Bus: d.Bus, Clock: d.Clock, Files: s.files, Limits: limits, URL: d.URL}, s.mux)
	return s
}

// Close ends the live connections; requests end by the server that carries
// them.
func (s *Server) Close() {
	s.hub.Close()
	s.widget.Close()
	s.deafen()
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.gate.ServeHTTP(w, r) }

// Gauge is a number that another part of the product knows, for /metrics.
type Gauge = gate.Gauge

func (s *Server) gauges(ctx context.Context) []Gauge {
	all := []Gauge{{Name: "rapport_live_sockets", Help: "Open live connections.", Value: float64(s.hub.Open())},
		{Name: "rapport_widget_sockets", Help: "Open live connections of visitors.", Value: float64(s.widget.Open())}}
	if s.Gauges != nil {
		all = append(all, s.Gauges(ctx)...)
	}
	return all
}

// describe gives the server its operations.
func (s *Server) describe() {
	s.operations = operation.New(operation.Deps{Store: s.Store, Key: s.Key, Clock: s.Clock}, s.mux, settings(gate.Translate), s.gate.Guard)
	for _, register := range []func(){
		s.sessionRoutes, s.meRoutes, s.agentRoutes, s.teamRoutes, s.apiKeyRoutes, s.workspaceRoutes, s.inboxRoutes,
		s.conversationRoutes, s.messageRoutes, s.draftRoutes, s.attachmentRoutes, s.searchRoutes,
		s.contactRoutes, s.suppressionRoutes, s.acknowledgementRoutes, s.companyRoutes, s.eventRoutes, s.liveRoutes,
	} {
		register()
	}
	viewset.Register(s.operations, viewset.Deps{Accounts: s.Accounts, Channels: s.Channels, Conversations: s.Conversations, Tally: s.Tally, Views: s.Views}, conversationOf)
	mailset.Register(s.operations, mailset.Deps{Accounts: s.Accounts, Channels: s.Channels, SignIns: s.SignIns})
	many.Register(s.operations, many.Deps{Follows: s.Follows, Bulk: s.Bulk, Views: s.Views})
	macroset.Register(s.operations, macroset.Deps[Conversation]{Automation: s.Automation, Show: conversationOf})
	notices.Register(s.operations, notices.Deps{Notices: s.Notices})
	upkeep.Register(s.operations, upkeep.Deps{Accounts: s.Accounts, Channels: s.Channels, Log: s.Log, Readers: s.Readers, Jobs: s.Jobs,
		Version: s.Version, StartedAt: s.StartedAt, Secure: s.gate.SecureCookies, Ready: s.Ready, Checks: s.Checks, Outbox: s.Outbox})
}

// described is a server that knows its operations and can do none of them.
func described() *Server {
	s := &Server{mux: http.NewServeMux()}
	s.describe()
	return s
}
