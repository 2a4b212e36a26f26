package viewset

import (
	"context"
	"strings"

	"rapport/internal/account"
	"rapport/internal/conversation"
	"rapport/internal/conversation/listing"
	"rapport/internal/conversation/view"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/shape"
)

// prefix stands before the key of a saved view, as inbox: and team: stand
// before ids.
const prefix = "saved:"

// Condition asks one thing of a conversation.
type Condition struct {
	Field    string   `json:"field" enum:"inbox,team,assignee,status,priority,tag,channel,customer,company,spam,draft,unread,waiting,created,activity,subject,text"`
	Relation string   `json:"relation" enum:"is,is_not,within,before,contains,not_contains"`
	Values   []string `json:"values" minItems:"1" maxItems:"20" doc:"Ids, codes or words by the field; me and nobody; yes or no; a time such as 4h or 3d."`
}

// Conditions say what belongs to a view.
type Conditions struct {
	All []Condition `json:"all" maxItems:"20" doc:"All of these hold."`
	Any []Condition `json:"any" maxItems:"20" doc:"At least one of these holds, if there are any."`
}

// SavedView is what a person has decided about a view.
type SavedView struct {
	ID         int64      `json:"id"`
	OwnerID    *int64     `json:"owner_id" doc:"The agent whose it is; null when it is shared."`
	Conditions Conditions `json:"conditions"`
	Sort       string     `json:"sort" enum:"newest,oldest,created,priority"`
	Columns    []string   `json:"columns" enum:"tags,assignee,team,inbox,priority,number,created"`
	Position   int64      `json:"position"`
	Version    int64      `json:"version"`
}

// NewView is a view that is to be.
type NewView struct {
	Name       string     `json:"name" maxLength:"200"`
	Shared     bool       `json:"shared"`
	Conditions Conditions `json:"conditions"`
	Sort       string     `json:"sort,omitempty" enum:"newest,oldest,created,priority"`
	Columns    []string   `json:"columns,omitempty" maxItems:"20" enum:"tags,assignee,team,inbox,priority,number,created"`
	Key        string     `json:"key,omitempty" maxLength:"100" doc:"Of a view that is brought back or from elsewhere; made of the name otherwise."`
}

// ChangedView replaces what was decided.
type ChangedView struct {
	Name       string     `json:"name" maxLength:"200"`
	Shared     bool       `json:"shared"`
	Conditions Conditions `json:"conditions"`
	Sort       string     `json:"sort,omitempty" enum:"newest,oldest,created,priority"`
	Columns    []string   `json:"columns,omitempty" maxItems:"20" enum:"tags,assignee,team,inbox,priority,number,created"`
	Version    *int64     `json:"version,omitempty" doc:"The one that was read: when it has moved nothing is changed."`
}

// ViewOrder names views in their order.
type ViewOrder struct {
	IDs []int64 `json:"ids" maxItems:"100"`
}

// ViewDraft is a view that is being made.
type ViewDraft struct {
	Conditions Conditions `json:"conditions"`
	Sort       string     `json:"sort,omitempty" enum:"newest,oldest,created,priority"`
}

// ViewPreview is what conditions find.
type ViewPreview[C any] struct {
	Count int64 `json:"count"`
	More  bool  `json:"more"`
	Items []C   `json:"items" doc:"The first five."`
}

// sampled is how many conversations a preview shows.
const sampled = 5

func conditionsOf(c listing.Conditions) Conditions {
	each := func(one listing.Condition) Condition { return Condition(one) }
	return Conditions{shape.Each(c.All, each), shape.Each(c.Any, each)}
}

func (c Conditions) taken() listing.Conditions {
	each := func(one Condition) listing.Condition { return listing.Condition(one) }
	return listing.Conditions{All: shape.Each(c.All, each), Any: shape.Each(c.Any, each)}
}

func viewOf(v view.View, count int, more bool) View {
	group := "shared"
	if !v.Shared() {
		group = "personal"
	}
	return View{Key: prefix + v.Key, Group: group, Name: v.Name, Count: int64(count), More: more, Saved: shape.OrNull[SavedView]{Value: &SavedView{
		ID: v.ID, OwnerID: shape.IDOrNull(v.OwnerID), Conditions: conditionsOf(v.Conditions), Sort: v.Sort, Columns: shape.Filled(v.Columns), Position: v.Position, Version: v.Version}}}
}

// saved are the saved views of actor and their counts.
func (s *Server[C]) saved(ctx context.Context, actor account.Actor) ([]View, error) {
	all, err := s.Views.List(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := make([]View, len(all))
	for i, v := range all {
		n, more, err := s.Views.Count(ctx, actor, v)
		if err != nil {
			return nil, err
		}
		out[i] = viewOf(v, n, more)
	}
	return out, nil
}

func (s *Server[C]) counted(ctx context.Context, v view.View, err error) (*shape.Body[View], error) {
	if err != nil {
		return nil, err
	}
	n, more, err := s.Views.Count(ctx, gate.Actor(ctx), v)
	return shape.One(viewOf(v, n, more)), err
}

func (s *Server[C]) create(ctx context.Context, in *shape.With[NewView]) (*shape.Body[View], error) {
	b := in.Body
	v, err := s.Views.Create(ctx, gate.Actor(ctx), view.Content{Name: b.Name, Shared: b.Shared, Conditions: b.Conditions.taken(), Sort: b.Sort, Columns: b.Columns}, strings.TrimPrefix(b.Key, prefix))
	return s.counted(ctx, v, err)
}

func (s *Server[C]) change(ctx context.Context, in *shape.On[ChangedView]) (*shape.Body[View], error) {
	b := in.Body
	v, err := s.Views.Change(ctx, gate.Actor(ctx), in.ID, view.Content{Name: b.Name, Shared: b.Shared, Conditions: b.Conditions.taken(), Sort: b.Sort, Columns: b.Columns}, shape.Value(b.Version))
	return s.counted(ctx, v, err)
}

func (s *Server[C]) delete(ctx context.Context, in *shape.ByID) (*shape.None, error) {
	return nil, s.Views.Delete(ctx, gate.Actor(ctx), in.ID)
}

func (s *Server[C]) order(ctx context.Context, in *shape.With[ViewOrder]) (*shape.None, error) {
	return nil, s.Views.Order(ctx, gate.Actor(ctx), in.Body.IDs)
}

func (s *Server[C]) preview(ctx context.Context, in *shape.With[ViewDraft]) (*shape.Body[ViewPreview[C]], error) {
	actor := gate.Actor(ctx)
	conditions, n, more, err := s.Views.Preview(ctx, actor, in.Body.Conditions.taken())
	if err != nil {
		return nil, err
	}
	page, err := s.Conversations.List(ctx, actor, conversation.Filter{Conditions: conditions, Sort: in.Body.Sort, Limit: sampled})
	return shape.One(ViewPreview[C]{Count: int64(n), More: more, Items: shape.Each(page.Items, s.show)}), err
}

// Filter puts the conditions and the order of a saved view into a filter that
// names one.
func Filter(ctx context.Context, views *view.Room, f conversation.Filter) (conversation.Filter, error) {
	key, saved := strings.CutPrefix(f.View, prefix)
	if !saved {
		return f, nil
	}
	v, err := views.Find(ctx, gate.Actor(ctx), key)
	f.View, f.Conditions = "", v.Conditions
	if f.Sort == "" {
		f.Sort = v.Sort
	}
	return f, err
}
