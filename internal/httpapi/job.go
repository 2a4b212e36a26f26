package httpapi

import "time"

// Job is a piece of work that waits, runs, or needs a person.
type Job struct {
	ID          int64     `json:"id"`
	Kind        string    `json:"kind"`
	State       string    `json:"state" enum:"dead,retrying,running,waiting"`
	Attempt     int       `json:"attempt"`
	MaxAttempts int       `json:"max_attempts"`
	RunAt       time.Time `json:"run_at"`
	LastError   string    `json:"last_error"`
	CreatedAt   time.Time `json:"created_at"`
	Subject     string    `json:"subject" doc:"What it works on."`
}

// ParkedEvent is an event that a reader gave up on.
type ParkedEvent struct {
	Reader string    `json:"reader"`
	Seq    int64     `json:"seq"`
	Kind   string    `json:"kind"`
	Error  string    `json:"error"`
	At     time.Time `json:"at"`
}

type listJobs struct {
	State string `query:"state" enum:"dead,retrying,running,waiting"`
}

type ofParked struct {
	Reader string `path:"reader" maxLength:"100"`
	Seq    int64  `path:"seq" minimum:"1"`
}

func (s *Server) jobRoutes() {
	const tag = "Jobs"
	add(s, route{method: "GET", path: "/jobs", id: "list-jobs", summary: "Work in hand", tag: tag}, todo[listJobs, Body[Page[Job]]])
	add(s, route{method: "POST", path: "/jobs/{id}/retry", id: "retry-job", summary: "Try a job again now", tag: tag}, todo[ByID, None])
	add(s, route{method: "DELETE", path: "/jobs/{id}", id: "drop-job", summary: "Give a job up", tag: tag}, todo[ByID, None])
	add(s, route{method: "GET", path: "/parked", id: "list-parked", summary: "Events that readers gave up on", tag: tag}, todo[None, Body[Page[ParkedEvent]]])
	add(s, route{method: "POST", path: "/parked/{reader}/{seq}/retry", id: "retry-parked", summary: "Let the reader try again", tag: tag}, todo[ofParked, None])
}
