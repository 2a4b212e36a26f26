package httpapi

import (
	"context"
	"strconv"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/conversation/tally"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
)

// View is a list of conversations with a name and a number on it.
type View struct {
	Key    string `json:"key"`
	Group  string `json:"group" enum:"standard,inbox,team"`
	Name   string `json:"name"`
	Count  int64  `json:"count"`
	More   bool   `json:"more" doc:"There are more than the count says."`
	Unread int64  `json:"unread"`
}

// TagCount is a tag and on how many conversations it stands.
type TagCount struct {
	Name  string `json:"name"`
	Count int64  `json:"count"`
}

func (s *Server) viewRoutes() {
	const tag = "Views"
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/views", ID: "list-views", Summary: "The views and their counts", Tag: tag}, s.views)
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/tags", ID: "list-tags", Summary: "The tags in use", Tag: tag}, s.tags)
}

// viewNames are the standard views for those who read the API; screens have
// words of their own in every language.
var viewNames = map[string]string{
	"mine": "Mine", "unassigned": "Unassigned", "all_open": "All open", "waiting": "Waiting", "snoozed": "Snoozed", "closed": "Closed", "spam": "Spam",
}

func (s *Server) views(ctx context.Context, _ *shape.None) (*shape.Body[shape.Page[View]], error) {
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
	return shape.Whole(namedViews(all, inboxes, teams)), err
}

// namedViews gives views their names and adds those that are empty: the
// standard ones first, then every inbox and every team.
func namedViews(all []tally.View, inboxes []channel.Inbox, teams []account.Team) []View {
	var out []View
	known := map[string]tally.View{}
	for _, v := range all {
		known[v.Key] = v
		if v.Group == "standard" {
			out = append(out, View{v.Key, v.Group, viewNames[v.Key], v.Count, v.More, v.Unread})
		}
	}
	add := func(group string, id int64, name string) {
		key := group + ":" + strconv.FormatInt(id, 10)
		v := known[key]
		out = append(out, View{key, group, name, v.Count, v.More, v.Unread})
	}
	for _, v := range inboxes {
		add("inbox", v.ID, v.Name)
	}
	for _, t := range teams {
		add("team", t.ID, t.Name)
	}
	return out
}

func (s *Server) tags(ctx context.Context, _ *shape.None) (*shape.Body[shape.Page[TagCount]], error) {
	all, err := s.Tally.Tags(ctx, gate.Actor(ctx))
	return shape.Whole(shape.Each(all, func(t tally.Tag) TagCount { return TagCount(t) })), err
}
