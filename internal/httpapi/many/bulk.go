package many

import (
	"context"
	"time"

	"rapport/internal/conversation"
	"rapport/internal/conversation/bulk"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
	"rapport/internal/httpapi/viewset"
)

// BulkChange is one thing done to many conversations. Counts and items tell of
// each what has become of it.
type BulkChange struct {
	ID        int64     `json:"id"`
	State     string    `json:"state" enum:"running,done,undoing,undone"`
	Total     int       `json:"total"`
	Waiting   int       `json:"waiting"`
	Changed   int       `json:"changed"`
	Same      int       `json:"same" doc:"There was nothing to change."`
	Refused   int       `json:"refused"`
	Back      int       `json:"back" doc:"Taken back."`
	Kept      int       `json:"kept" doc:"Not taken back: somebody has changed them since."`
	CreatedAt time.Time `json:"created_at"`

	Items []BulkItem `json:"items" doc:"All of up to 500; of more those that were refused or kept."`
}

// BulkItem is one conversation of a change of many.
type BulkItem struct {
	ConversationID int64                    `json:"conversation_id"`
	Number         *int64                   `json:"number"`
	State          string                   `json:"state" enum:"waiting,changed,same,refused,back,kept"`
	Reason         string                   `json:"reason" words:"yes"`
	Before         shape.OrNull[BulkBefore] `json:"before"`
}

// BulkBefore is what a conversation was before the change.
type BulkBefore struct {
	Status       string     `json:"status" enum:"open,pending,on_hold,closed"`
	AssigneeID   *int64     `json:"assignee_id"`
	TeamID       *int64     `json:"team_id"`
	Priority     string     `json:"priority" enum:"low,normal,high,urgent"`
	Tags         []string   `json:"tags"`
	SnoozedUntil *time.Time `json:"snoozed_until"`
	Spam         bool       `json:"spam"`
}

// NewBulkChange names conversations, or all of a filter, and what is done to
// each of them.
type NewBulkChange struct {
	ClientID string      `json:"client_id,omitempty" maxLength:"100"`
	IDs      []int64     `json:"ids,omitempty" maxItems:"500"`
	Filter   *BulkFilter `json:"filter,omitempty" doc:"In place of ids: all that the same list shows, at most 5,000. More than 500 are changed by a job."`

	Do           string     `json:"do" enum:"status,assignee,team,priority,tags,snooze,spam" doc:"Which of the fields below is set."`
	Status       string     `json:"status,omitempty" enum:"open,pending,on_hold,closed"`
	AssigneeID   *int64     `json:"assignee_id,omitempty"`
	TeamID       *int64     `json:"team_id,omitempty"`
	Priority     string     `json:"priority,omitempty" enum:"low,normal,high,urgent"`
	AddTags      []string   `json:"add_tags,omitempty" maxItems:"50"`
	RemoveTags   []string   `json:"remove_tags,omitempty" maxItems:"50"`
	SnoozedUntil *time.Time `json:"snoozed_until,omitempty"`
	Spam         bool       `json:"spam,omitempty"`
}

// BulkFilter is the conditions of a list of conversations.
type BulkFilter struct {
	View       string `json:"view,omitempty" maxLength:"120"`
	Status     string `json:"status,omitempty" enum:"open,pending,on_hold,closed"`
	InboxID    int64  `json:"inbox_id,omitempty" minimum:"1"`
	AssigneeID int64  `json:"assignee_id,omitempty" minimum:"1"`
	TeamID     int64  `json:"team_id,omitempty" minimum:"1"`
	ContactID  int64  `json:"contact_id,omitempty" minimum:"1"`
	Tag        string `json:"tag,omitempty" maxLength:"100"`
	Q          string `json:"q,omitempty" maxLength:"500"`
}

func (s *server) bulkRoutes(list *operation.List) {
	const tag, path = "Conversations", "/bulk-changes"
	operation.Add(list, operation.Route{Method: "POST", Path: path, ID: "change-many", Summary: "Do one thing to many conversations", Tag: tag}, s.changeMany)
	operation.Add(list, operation.Route{Method: "GET", Path: path + "/{id}", ID: "read-change-of-many", Summary: "How far a change of many is", Tag: tag}, s.changeOfMany)
	operation.Add(list, operation.Route{Method: "POST", Path: path + "/{id}/undo", ID: "undo-change-of-many", Summary: "Bring each conversation back to what it was, unless somebody has changed it since", Tag: tag}, s.undoMany)
}

func (n NewBulkChange) request() bulk.Request {
	q := bulk.Request{ClientID: n.ClientID, IDs: n.IDs, Change: bulk.Change{Do: n.Do, Status: conversation.Status(n.Status), AgentID: shape.Value(n.AssigneeID), TeamID: shape.Value(n.TeamID),
		Priority: conversation.Priority(n.Priority), Add: n.AddTags, Remove: n.RemoveTags, Until: shape.Value(n.SnoozedUntil).UTC().Truncate(time.Microsecond), Spam: n.Spam}}
	if n.SnoozedUntil == nil {
		q.Change.Until = time.Time{}
	}
	if f := n.Filter; f != nil {
		q.Filter = &conversation.Filter{View: f.View, Status: f.Status, InboxID: f.InboxID, AssigneeID: f.AssigneeID, TeamID: f.TeamID, ContactID: f.ContactID, Tag: f.Tag, Q: f.Q}
	}
	return q
}

func (s *server) changeMany(ctx context.Context, in *shape.With[NewBulkChange]) (*shape.Body[BulkChange], error) {
	q := in.Body.request()
	if q.Filter != nil {
		f, err := viewset.Filter(ctx, s.Views, *q.Filter)
		if err != nil {
			return nil, err
		}
		q.Filter = &f
	}
	run, err := s.Bulk.Start(ctx, gate.Actor(ctx), q)
	return s.told(ctx, run, err)
}

func (s *server) changeOfMany(ctx context.Context, in *shape.ByID) (*shape.Body[BulkChange], error) {
	return s.told(ctx, bulk.Run{ID: in.ID}, nil)
}

func (s *server) undoMany(ctx context.Context, in *shape.ByID) (*shape.Body[BulkChange], error) {
	run, err := s.Bulk.Undo(ctx, gate.Actor(ctx), in.ID)
	return s.told(ctx, run, err)
}

// told is a run as it is now.
func (s *server) told(ctx context.Context, run bulk.Run, err error) (*shape.Body[BulkChange], error) {
	var items []bulk.Item
	if err == nil {
		run, items, err = s.Bulk.Get(ctx, gate.Actor(ctx), run.ID)
	}
	if err != nil {
		return nil, err
	}
	n := run.Counts
	return shape.One(BulkChange{ID: run.ID, State: run.State, Total: run.Total(), Waiting: n[bulk.Waiting], Changed: n[bulk.Changed], Same: n[bulk.Same], Refused: n[bulk.Refused],
		Back: n[bulk.Back], Kept: n[bulk.Kept], CreatedAt: run.CreatedAt, Items: shape.Each(items, itemOf)}), nil
}

func itemOf(i bulk.Item) BulkItem {
	out := BulkItem{ConversationID: i.ConversationID, Number: shape.IDOrNull(i.Number), State: i.State, Reason: i.Reason}
	if b := i.Before; b.Status != "" {
		out.Before.Value = &BulkBefore{Status: string(b.Status), AssigneeID: shape.IDOrNull(b.AgentID), TeamID: shape.IDOrNull(b.TeamID), Priority: string(b.Priority),
			Tags: shape.Filled(b.Tags), SnoozedUntil: shape.TimeOrNull(b.Until), Spam: b.Spam}
	}
	return out
}
