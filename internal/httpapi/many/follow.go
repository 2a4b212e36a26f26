package many

import (
	"context"

	"rapport/internal/conversation/follow"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
)

// Following is who follows a conversation, and how I stand to it.
type Following struct {
	Watching []int64 `json:"watching" doc:"Agents."`
	Mine     string  `json:"mine" enum:"watching,muted,neither"`
}

// SetFollowing is how I want to stand to a conversation.
type SetFollowing struct {
	Stance string `json:"stance" enum:"watching,muted,neither"`
}

func (s *server) followRoutes(list *operation.List) {
	const tag, path = "Conversations", "/conversations/{id}/following"
	operation.Add(list, operation.Route{Method: "GET", Path: path, ID: "read-following", Summary: "Who follows it, and whether I do", Tag: tag}, s.following)
	operation.Add(list, operation.Route{Method: "PUT", Path: path, ID: "set-following", Summary: "Follow it, mute it, or neither", Tag: tag}, s.follow)
}

func (s *server) following(ctx context.Context, in *shape.ByID) (*shape.Body[Following], error) {
	watching, mine, err := s.Follows.Of(ctx, gate.Actor(ctx), in.ID)
	return shape.One(Following{shape.Filled(watching), string(mine)}), err
}

func (s *server) follow(ctx context.Context, in *shape.On[SetFollowing]) (*shape.Body[Following], error) {
	if err := s.Follows.Set(ctx, gate.Actor(ctx), in.ID, follow.Stance(in.Body.Stance)); err != nil {
		return nil, err
	}
	return s.following(ctx, &in.ByID)
}
