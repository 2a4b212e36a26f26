package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// file is an answer that is not JSON.
type file = huma.StreamResponse

// Server answers HTTP requests.
type Server struct {
	mux    *http.ServeMux
	api    huma.API
	routes []route
}

// describe makes a server with all operations registered.
func describe(s *Server) *Server {
	s.mux = http.NewServeMux()
	s.api = humago.New(s.mux, settings())
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

func requestID(ctx context.Context) string { return "" }
