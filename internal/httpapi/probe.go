package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"rapport/internal/httpapi/gate"
)

// plainRoutes are the addresses that are not operations.
func (s *Server) plainRoutes() {
	s.mux.HandleFunc("GET /healthz", s.alive)
	s.mux.HandleFunc("GET /readyz", s.ready)
	s.mux.HandleFunc("GET /metrics", s.gate.ServeMetrics)
	s.mux.HandleFunc("GET /openapi.json", s.serveOpenAPI)
	s.mux.HandleFunc("GET /docs", s.serveDocs)
	s.mux.HandleFunc("/api/", s.unknown)
	if s.Pages != nil {
		s.mux.Handle("/", s.Pages)
	} else {
		s.mux.HandleFunc("/", s.unknown)
	}
}

// alive says that the process answers.
func (s *Server) alive(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Write([]byte("ok\n"))
}

// ready says that work can be done. Why it cannot is for the log, not for
// whoever asks.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	if s.Ready != nil {
		if err := s.Ready(ctx); err != nil {
			slog.WarnContext(ctx, "not ready", "request", gate.RequestID(ctx), "error", err)
			gate.WriteProblem(w, r, gate.NewProblem(http.StatusServiceUnavailable, "Not ready. The server's log says why."))
			return
		}
	}
	s.alive(w, r)
	if s.Remarks != nil {
		for _, remark := range s.Remarks(ctx) {
			fmt.Fprintln(w, remark)
		}
	}
}

// unknown answers for addresses that are no operation, and for operations
// asked for with another method.
func (s *Server) unknown(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, m := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		other := r.Clone(r.Context())
		other.Method = m
		if _, pattern := s.mux.Handler(other); strings.HasPrefix(pattern, m+" ") {
			allowed = append(allowed, m)
		}
	}
	if allowed != nil {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		gate.WriteProblem(w, r, gate.NewProblem(http.StatusMethodNotAllowed, "This address does not answer "+gate.Method(r)+"."))
		return
	}
	gate.WriteProblem(w, r, gate.NewProblem(http.StatusNotFound, "There is nothing at this address."))
}
