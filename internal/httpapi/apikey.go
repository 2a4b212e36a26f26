package httpapi

import "time"

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
	add(s, route{method: "GET", path: "/api-keys", id: "list-api-keys", summary: "My keys", tag: tag}, todo[None, Body[Page[ApiKey]]])
	add(s, route{method: "POST", path: "/api-keys", id: "create-api-key", summary: "Make a key", tag: tag, status: 201}, todo[With[NewApiKey], Body[CreatedApiKey]])
	add(s, route{method: "DELETE", path: "/api-keys/{id}", id: "delete-api-key", summary: "Delete a key", tag: tag}, todo[ByID, None])
}
