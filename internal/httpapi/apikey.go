package httpapi

import (
	"context"
	"time"

	"rapport/internal/account"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
)

// ApiKey lets a program speak for an agent.
type ApiKey struct {
	ID         int64      `json:"id"`
	Name       string     `json:"name"`
	Prefix     string     `json:"prefix"`
	AgentID    int64      `json:"agent_id"`
	CreatedAt  time.Time  `json:"created_at"`
	LastUsedAt *time.Time `json:"last_used_at"`
	ExpiresAt  *time.Time `json:"expires_at"`
}

type NewApiKey struct {
	Name      string     `json:"name"`
	ExpiresAt *time.Time `json:"expires_at,omitempty"`
}

type CreatedApiKey struct {
	Key   ApiKey `json:"key"`
	Token string `json:"token" doc:"Shown once."`
}

func (s *Server) apiKeyRoutes() {
	const tag = "API keys"
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/api-keys", ID: "list-api-keys", Summary: "My keys", Tag: tag}, s.apiKeys)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: "/api-keys", ID: "create-api-key", Summary: "Make a key", Tag: tag, Status: 201}, s.createAPIKey)
	operation.Add(s.operations, operation.Route{Method: "DELETE", Path: "/api-keys/{id}", ID: "delete-api-key", Summary: "Delete a key", Tag: tag}, s.deleteAPIKey)
}

func apiKeyOf(k account.APIKey) ApiKey {
	return ApiKey{k.ID, k.Name, k.Prefix, k.AgentID, k.CreatedAt, shape.TimeOrNull(k.LastUsedAt), shape.TimeOrNull(k.ExpiresAt)}
}

func (s *Server) apiKeys(ctx context.Context, _ *shape.None) (*shape.Body[shape.Page[ApiKey]], error) {
	all, err := s.Accounts.Keys(ctx, gate.Actor(ctx))
	return shape.Whole(shape.Each(all, apiKeyOf)), err
}

func (s *Server) createAPIKey(ctx context.Context, in *shape.With[NewApiKey]) (*shape.Body[CreatedApiKey], error) {
	k, token, err := s.Accounts.CreateKey(ctx, gate.Actor(ctx), in.Body.Name, shape.Value(in.Body.ExpiresAt))
	return shape.One(CreatedApiKey{apiKeyOf(k), token}), err
}

func (s *Server) deleteAPIKey(ctx context.Context, in *shape.ByID) (*shape.None, error) {
	return nil, s.Accounts.RevokeKey(ctx, gate.Actor(ctx), in.ID)
}
