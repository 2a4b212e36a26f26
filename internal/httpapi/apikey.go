package httpapi

import (
	"context"
	"time"

	"rapport/internal/account"
	"rapport/internal/httpapi/gate"
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
	add(s, route{method: "GET", path: "/api-keys", id: "list-api-keys", summary: "My keys", tag: tag}, s.apiKeys)
	add(s, route{method: "POST", path: "/api-keys", id: "create-api-key", summary: "Make a key", tag: tag, status: 201}, s.createAPIKey)
	add(s, route{method: "DELETE", path: "/api-keys/{id}", id: "delete-api-key", summary: "Delete a key", tag: tag}, s.deleteAPIKey)
}

func apiKeyOf(k account.APIKey) ApiKey {
	return ApiKey{k.ID, k.Name, k.Prefix, k.AgentID, k.CreatedAt, timeOrNull(k.LastUsedAt), timeOrNull(k.ExpiresAt)}
}

func (s *Server) apiKeys(ctx context.Context, _ *None) (*Body[Page[ApiKey]], error) {
	all, err := s.Accounts.Keys(ctx, gate.Actor(ctx))
	return whole(each(all, apiKeyOf)), err
}

func (s *Server) createAPIKey(ctx context.Context, in *With[NewApiKey]) (*Body[CreatedApiKey], error) {
	k, token, err := s.Accounts.CreateKey(ctx, gate.Actor(ctx), in.Body.Name, value(in.Body.ExpiresAt))
	return &Body[CreatedApiKey]{CreatedApiKey{apiKeyOf(k), token}}, err
}

func (s *Server) deleteAPIKey(ctx context.Context, in *ByID) (*None, error) {
	return nil, s.Accounts.RevokeKey(ctx, gate.Actor(ctx), in.ID)
}
