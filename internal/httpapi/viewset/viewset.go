// Package viewset is what the API tells of views: the standard ones, those that
// people have saved, how many conversations stand in each, and the tags in use.
package viewset

import (
	"context"
	"strconv"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/conversation"
	"rapport/internal/conversation/tally"
	"rapport/internal/conversation/view"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
)

// Deps is what the operations stand on.
type Deps struct {
	Accounts      *account.Room
	Channels      *channel.Room
	Conversations *conversation.Room
	Tally         *tally.Room
	Views         *view.Room
}

// Server answers the operations. C is a conversation as the API shows it.
type Server[C any] struct {
	Deps
	show func(conversation.Conversation) C
}

// Register adds the operations to a list.
func Register[C any](list *operation.List, d Deps, show func(conversation.Conversation) C) {
	const tag = "Views"
	s := &Server[C]{d, show}
	operation.Add(list, operation.Route{Method: "GET", Path: "/views", ID: "list-views", Summary: "The views and their counts", Tag: tag}, s.views)
	operation.Add(list, operation.Route{Method: "POST", Path: "/views", ID: "save-view", Summary: "Save a view", Tag: tag, Status: 201, Makes: true}, s.create)
	operation.Add(list, operation.Route{Method: "POST", Path: "/views/preview", ID: "preview-view", Summary: "What conditions find", Tag: tag}, s.preview)
	operation.Add(list, operation.Route{Method: "PUT", Path: "/views/order", ID: "order-views", Summary: "Put the shared views, or one's own, into an order", Tag: tag}, s.order)
	operation.Add(list, operation.Route{Method: "PUT", Path: "/views/{id}", ID: "change-view", Summary: "Change a saved view", Tag: tag}, s.change)
	operation.Add(list, operation.Route{Method: "DELETE", Path: "/views/{id}", ID: "delete-view", Summary: "Delete a saved view", Tag: tag}, s.delete)
	operation.Add(list, operation.Route{Method: "GET", Path: "/tags", ID: "list-tags", Summary: "The tags in use", Tag: tag}, s.tags)
}

// View is a list of conversations with a name and a number on it.
type View struct {
	Key    string                  `json:"key" doc:"What GET /conversations takes as view."`
	Group  string                  `json:"group" enum:"standard,inbox,team,shared,personal"`
	Name   string                  `json:"name"`
	Count  int64                   `json:"count"`
	More   bool                    `json:"more" doc:"There are more than the count says, or there may be."`
	Unread int64                   `json:"unread"`
	Saved  shape.OrNull[SavedView] `json:"saved" doc:"What a person has decided about it; null for the others."`
}

// TagCount is a tag and on how many conversations it stands.
type TagCount struct {
	Name  string `json:"name"`
	Count int64  `json:"count"`
}

// standardNames are the standard views for those who read the API; screens have
// words of their own in every language.
var standardNames = map[string]string{
	"mine": "Mine", "unassigned": "Unassigned", "all_open": "All open", "waiting": "Waiting", "snoozed": "Snoozed", "closed": "Closed", "spam": "Spam",
}

func (s *Server[C]) views(ctx context.Context, _ *shape.None) (*shape.Body[shape.Page[View]], error) {
	actor := gate.Actor(ctx)
	all, err := s.Tally.Views(ctx, actor)
	if err != nil {
		return nil, err
	}
	inboxes, err := s.Channels.Inboxes(ctx, actor)
	if err != nil {
		return nil, err
	}
	teams, err := s.Accounts.Teams(ctx, actor.WorkspaceID)
	if err != nil {
		return nil, err
	}
	saved, err := s.saved(ctx, actor)
	return shape.Whole(append(named(all, inboxes, teams), saved...)), err
}

// named gives views their names and adds those that are empty: the standard
// ones first, then every inbox and every team.
func named(all []tally.View, inboxes []channel.Inbox, teams []account.Team) []View {
	var out []View
	known := map[string]tally.View{}
	for _, v := range all {
		known[v.Key] = v
		if v.Group == "standard" {
			out = append(out, View{Key: v.Key, Group: v.Group, Name: standardNames[v.Key], Count: v.Count, More: v.More, Unread: v.Unread})
		}
	}
	add := func(group string, id int64, name string) {
		key := group + ":" + strconv.FormatInt(id, 10)
		v := known[key]
		out = append(out, View{Key: key, Group: group, Name: name, Count: v.Count, More: v.More, Unread: v.Unread})
	}
	for _, v := range inboxes {
		add("inbox", v.ID, v.Name)
	}
	for _, t := range teams {
		add("team", t.ID, t.Name)
	}
	return out
}

func (s *Server[C]) tags(ctx context.Context, _ *shape.None) (*shape.Body[shape.Page[TagCount]], error) {
	all, err := s.Tally.Tags(ctx, gate.Actor(ctx))
	return shape.Whole(shape.Each(all, func(t tally.Tag) TagCount { return TagCount(t) })), err
}
