package httpapi

import (
	"context"
	"time"

	"rapport/internal/account"
	"rapport/internal/httpapi/gate"
	"rapport/internal/platform/event"
	"rapport/internal/platform/job"
)

// Job is a piece of work that waits, runs, or needs a person.
type Job struct {
	ID          int64     `json:"id"`
	Kind        string    `json:"kind"`
	State       string    `json:"state" enum:"dead,retrying,running,waiting"`
	Attempt     int       `json:"attempt"`
	MaxAttempts int       `json:"max_attempts"`
	RunAt       time.Time `json:"run_at"`
	LastError   string    `json:"last_error" words:"yes"`
	CreatedAt   time.Time `json:"created_at"`
	Subject     string    `json:"subject" doc:"What it works on."`
}

// ParkedEvent is an event that a reader gave up on.
type ParkedEvent struct {
	Reader string    `json:"reader"`
	Seq    int64     `json:"seq"`
	Kind   string    `json:"kind"`
	Error  string    `json:"error" words:"yes"`
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
	add(s, route{method: "GET", path: "/jobs", id: "list-jobs", summary: "Work in hand", tag: tag}, s.jobs)
	add(s, route{method: "POST", path: "/jobs/{id}/retry", id: "retry-job", summary: "Try a job again now", tag: tag}, s.retryJob)
	add(s, route{method: "DELETE", path: "/jobs/{id}", id: "drop-job", summary: "Give a job up", tag: tag}, s.dropJob)
	add(s, route{method: "GET", path: "/parked", id: "list-parked", summary: "Events that readers gave up on", tag: tag}, s.parked)
	add(s, route{method: "POST", path: "/parked/{reader}/{seq}/retry", id: "retry-parked", summary: "Let the reader try again", tag: tag}, s.retryParked)
}

const retrying = "retrying" // a waiting job that has failed before

func jobOf(j job.Info) Job {
	out := Job{j.ID, j.Kind, string(j.State), j.Attempt, j.MaxAttempts, j.RunAt, j.LastError, j.CreatedAt, j.Target}
	if j.State == job.Waiting && j.Attempt > 0 {
		out.State = retrying
	}
	return out
}

func (s *Server) jobs(ctx context.Context, in *listJobs) (*Body[Page[Job]], error) {
	if err := s.allow(ctx, account.HealthRead); err != nil {
		return nil, err
	}
	state := job.State(in.State)
	if in.State == retrying {
		state = job.Waiting
	}
	all, err := s.Jobs.List(ctx, gate.Actor(ctx).WorkspaceID, state)
	items := []Job{}
	for _, j := range each(all, jobOf) {
		if in.State == "" || in.State == j.State {
			items = append(items, j)
		}
	}
	return whole(items), err
}

func (s *Server) retryJob(ctx context.Context, in *ByID) (*None, error) {
	if err := s.allow(ctx, account.JobManage); err != nil {
		return nil, err
	}
	return nil, s.Jobs.Retry(ctx, gate.Actor(ctx).WorkspaceID, in.ID)
}

func (s *Server) dropJob(ctx context.Context, in *ByID) (*None, error) {
	if err := s.allow(ctx, account.JobManage); err != nil {
		return nil, err
	}
	return nil, s.Jobs.Drop(ctx, gate.Actor(ctx).WorkspaceID, in.ID)
}

func (s *Server) parked(ctx context.Context, _ *None) (*Body[Page[ParkedEvent]], error) {
	if err := s.allow(ctx, account.HealthRead); err != nil {
		return nil, err
	}
	all, err := s.Log.Parked(ctx, gate.Actor(ctx).WorkspaceID)
	return whole(each(all, func(p event.Parked) ParkedEvent { return ParkedEvent{p.Reader, p.Seq, p.Kind, p.Error, p.At} })), err
}

func (s *Server) retryParked(ctx context.Context, in *ofParked) (*None, error) {
	if err := s.allow(ctx, account.EventRetry); err != nil {
		return nil, err
	}
	return nil, s.Readers.RetryParked(ctx, gate.Actor(ctx).WorkspaceID, in.Reader, in.Seq)
}
