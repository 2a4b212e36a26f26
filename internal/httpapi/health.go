package httpapi

import "time"

// Health is how the installation does, for an admin.
type Health struct {
	Checks    []HealthCheck `json:"checks"`
	Version   string        `json:"version"`
	StartedAt time.Time     `json:"started_at"`
	Counters  MailCounters  `json:"counters"`
}

type HealthCheck struct {
	Key     string     `json:"key" enum:"database,mailboxes,quarantine,jobs,outbox,cookies,disk,readers"`
	State   string     `json:"state" enum:"ok,warning,failed"`
	Title   string     `json:"title"`
	Message string     `json:"message"`
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

func (s *Server) healthRoutes() {
	add(s, route{method: "GET", path: "/health", id: "read-health", summary: "How the installation does", tag: "Health"}, todo[None, Body[Health]])
}
