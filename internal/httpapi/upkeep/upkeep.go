// Package upkeep is what an administrator asks of a running installation: how
// it does, what became of every mail, which work waits for a person, and what
// the demo has captured.
package upkeep

import (
	"context"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/platform/event"
	"rapport/internal/platform/job"
)

// Deps is what the operations stand on.
type Deps struct {
	Accounts *account.Room
	Channels *channel.Room
	Log      *event.Log
	Readers  *event.Readers
	Jobs     *job.Queue

	Version   string
	StartedAt time.Time
	Secure    func() bool // cookies travel over TLS only

	Ready  func(ctx context.Context) error                            // nil: always
	Checks func(ctx context.Context, workspaceID int64) []HealthCheck // more for the health page; may be nil
	Outbox Outbox                                                     // nil: mail is really sent
}

// Server answers the operations.
type Server struct {
	Deps
	operations *operation.List
}

// Register adds the operations to a list.
func Register(list *operation.List, d Deps) {
	s := &Server{d, list}
	s.healthRoutes()
	s.mailRoutes()
	s.jobRoutes()
	s.outboxRoutes()
}

// allow asks whether the caller may do something to the workspace as a whole.
func (s *Server) allow(ctx context.Context, action account.Action) error {
	return s.Accounts.Allow(ctx, gate.Actor(ctx), action, 0)
}
