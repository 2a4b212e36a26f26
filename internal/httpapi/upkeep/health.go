package upkeep

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
	"rapport/internal/platform/job"
)

// Health is how the installation does, for an admin.
type Health struct {
	Checks    []HealthCheck `json:"checks"`
	Version   string        `json:"version"`
	StartedAt time.Time     `json:"started_at"`
	Counters  MailCounters  `json:"counters"`
	Inboxes   []InboxMails  `json:"inboxes"`
}

type HealthCheck struct {
	Key     string     `json:"key" enum:"database,mailboxes,quarantine,jobs,outbox,cookies,disk,readers,backups,nodes,files"`
	State   string     `json:"state" enum:"ok,warning,failed"`
	Title   string     `json:"title" words:"yes"`
	Message string     `json:"message" words:"yes"`
	Since   *time.Time `json:"since,omitempty"`
}

// MailCounters say what became of every accepted mail:
// accepted = applied + rejected + quarantined + in_flight.
type MailCounters struct {
	Accepted    int64 `json:"accepted"`
	Applied     int64 `json:"applied"`
	Rejected    int64 `json:"rejected"`
	Quarantined int64 `json:"quarantined"`
	InFlight    int64 `json:"in_flight"`
}

// InboxMails are the counters of one inbox.
type InboxMails struct {
	InboxID int64  `json:"inbox_id"`
	Inbox   string `json:"inbox"`
	MailCounters
}

// mailsByInbox lists the inboxes that have had mail; one that was deleted has
// no name.
func (s *Server) mailsByInbox(ctx context.Context) (sum channel.Counters, list []InboxMails, err error) {
	actor := gate.Actor(ctx)
	each, err := s.Channels.CountersByInbox(ctx, actor.WorkspaceID)
	if err != nil {
		return sum, nil, err
	}
	inboxes, err := s.Channels.Inboxes(ctx, actor)
	names := map[int64]string{}
	for _, v := range inboxes {
		names[v.ID] = v.Name
	}
	for _, id := range slices.Sorted(maps.Keys(each)) {
		list = append(list, InboxMails{id, names[id], MailCounters(each[id])})
	}
	return channel.Total(each), list, err
}

func (s *Server) healthRoutes() {
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/health", ID: "read-health", Summary: "How the installation does", Tag: "Health"}, s.health)
}

// States of checks.
const (
	fine    = "ok"
	warning = "warning"
	failed  = "failed"
)

// health gathers what everybody knows about how they do. A check that cannot
// be made is a check that failed.
func (s *Server) health(ctx context.Context, _ *shape.None) (*shape.Body[Health], error) {
	if err := s.allow(ctx, account.HealthRead); err != nil {
		return nil, err
	}
	workspaceID := gate.Actor(ctx).WorkspaceID
	counters, inboxes, err := s.mailsByInbox(ctx)
	if err != nil {
		return nil, err
	}
	h := Health{Version: s.Version, StartedAt: s.StartedAt, Counters: MailCounters(counters), Inboxes: inboxes}
	h.Checks = []HealthCheck{
		s.checkDatabase(ctx), s.checkMailboxes(ctx), checkQuarantine(counters), s.checkJobs(ctx), s.checkReaders(ctx), s.checkCookies(),
	}
	if s.Checks != nil {
		h.Checks = append(h.Checks, s.Checks(ctx, workspaceID)...)
	}
	return shape.One(h), nil
}

func (s *Server) checkDatabase(ctx context.Context) HealthCheck {
	c := HealthCheck{Key: "database", State: fine, Title: "Database", Message: "The database answers."}
	if s.Ready != nil {
		if err := s.Ready(ctx); err != nil {
			c.State, c.Message = failed, "The database does not answer as it should. The server's log has the details."
		}
	}
	return c
}

func (s *Server) checkMailboxes(ctx context.Context) HealthCheck {
	c := HealthCheck{Key: "mailboxes", State: fine, Title: "Mailboxes", Message: "All mailboxes are reached."}
	all, err := s.Channels.Inboxes(ctx, gate.Actor(ctx))
	if err != nil {
		c.State, c.Message = failed, "The mailboxes could not be looked at."
	}
	var troubled []string
	for _, v := range all {
		if v.State != "ok" {
			troubled = append(troubled, v.Name+": "+v.StateText)
		}
	}
	if troubled != nil {
		c.State, c.Message = failed, strings.Join(troubled, "\n")
	}
	return c
}

func checkQuarantine(n channel.Counters) HealthCheck {
	c := HealthCheck{Key: "quarantine", State: fine, Title: "Quarantine", Message: "No mail waits for a decision."}
	if n.Quarantined > 0 {
		c.State, c.Message = warning, fmt.Sprintf("Mails that could not be handled: %d. Look at them and handle them again or discard them.", n.Quarantined)
	}
	return c
}

func (s *Server) checkJobs(ctx context.Context) HealthCheck {
	c := HealthCheck{Key: "jobs", State: fine, Title: "Background work", Message: "Nothing was given up."}
	dead, err := s.Jobs.List(ctx, gate.Actor(ctx).WorkspaceID, job.Dead)
	switch {
	case err != nil:
		c.State, c.Message = failed, "The list of jobs could not be read."
	case len(dead) > 0:
		c.State, c.Message = warning, fmt.Sprintf("Jobs that were given up: %d. Try them again or drop them.", len(dead))
	}
	return c
}

// farBehind is how many events a reader may lag before somebody should know.
const farBehind = 10_000

func (s *Server) checkReaders(ctx context.Context) HealthCheck {
	c := HealthCheck{Key: "readers", State: fine, Title: "Readers of the log", Message: "Counts and screens are up to date."}
	states, err := s.Log.States(ctx, gate.Actor(ctx).WorkspaceID)
	if err != nil {
		c.State, c.Message = failed, "The readers could not be looked at."
	}
	for _, r := range states {
		switch {
		case r.Stopped:
			c.State, c.Message = failed, fmt.Sprintf("The reader %s has stopped at an event it cannot handle: %s", r.Reader, r.Error)
			return c
		case r.Behind > farBehind:
			c.State, c.Message = warning, fmt.Sprintf("The reader %s is %d events behind.", r.Reader, r.Behind)
		}
	}
	return c
}

func (s *Server) checkCookies() HealthCheck {
	c := HealthCheck{Key: "cookies", State: fine, Title: "Sign-in cookies", Message: "Cookies travel over TLS only."}
	if !s.Secure() {
		c.State, c.Message = warning, "Cookies travel without TLS. Put a TLS proxy in front and set RAPPORT_URL to its https address."
	}
	return c
}
