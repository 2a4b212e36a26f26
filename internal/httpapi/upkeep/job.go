package upkeep

import (
	"context"
	"time"

	"rapport/internal/account"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
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
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/jobs", ID: "list-jobs", Summary: "Work in hand", Tag: tag}, s.jobs)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: "/jobs/{id}/retry", ID: "retry-job", Summary: "Try a job again now", Tag: tag}, s.retryJob)
	operation.Add(s.operations, operation.Route{Method: "DELETE", Path: "/jobs/{id}", ID: "drop-job", Summary: "Give a job up", Tag: tag}, s.dropJob)
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/parked", ID: "list-parked", Summary: "Events that readers gave up on", Tag: tag}, s.parked)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: "/parked/{reader}/{seq}/retry", ID: "retry-parked", Summary: "Let the reader try again", Tag: tag}, s.retryParked)
}

const retrying = "retrying" // a waiting job that has failed before

func jobOf(j job.Info) Job {
	out := Job{j.ID, j.Kind, string(j.State), j.Attempt, j.MaxAttempts, j.RunAt, j.LastError, j.CreatedAt, j.Target}
	if j.State == job.Waiting && j.Attempt > 0 {
		out.State = retrying
	}
	return out
}

func (s *Server) jobs(ctx context.Context, in *listJobs) (*shape.Body[shape.Page[Job]], error) {
	if err := s.allow(ctx, account.HealthRead); err != nil {
		return nil, err
	}
	state := job.State(in.State)
	if in.State == retrying {
		state = job.Waiting
	}
	all, err := s.Jobs.List(ctx, gate.Actor(ctx).WorkspaceID, state)
	items := []Job{}
	for _, j := range shape.Each(all, jobOf) {
		if in.State == "" || in.State == j.State {
			items = append(items, j)
		}
	}
	return shape.Whole(items), err
}

func (s *Server) retryJob(ctx context.Context, in *shape.ByID) (*shape.None, error) {
	if err := s.allow(ctx, account.JobManage); err != nil {
		return nil, err
	}
	return nil, s.Jobs.Retry(ctx, gate.Actor(ctx).WorkspaceID, in.ID)
}

func (s *Server) dropJob(ctx context.Context, in *shape.ByID) (*shape.None, error) {
	if err := s.allow(ctx, account.JobManage); err != nil {
		return nil, err
	}
	return nil, s.Jobs.Drop(ctx, gate.Actor(ctx).WorkspaceID, in.ID)
}

func (s *Server) parked(ctx context.Context, _ *shape.None) (*shape.Body[shape.Page[ParkedEvent]], error) {
	if err := s.allow(ctx, account.HealthRead); err != nil {
		return nil, err
	}
	all, err := s.Log.Parked(ctx, gate.Actor(ctx).WorkspaceID)
	return shape.Whole(shape.Each(all, func(p event.Parked) ParkedEvent { return ParkedEvent{p.Reader, p.Seq, p.Kind, p.Error, p.At} })), err
}

func (s *Server) retryParked(ctx context.Context, in *ofParked) (*shape.None, error) {
	if err := s.allow(ctx, account.EventRetry); err != nil {
		return nil, err
	}
	return nil, s.Readers.RetryParked(ctx, gate.Actor(ctx).WorkspaceID, in.Reader, in.Seq)
}
