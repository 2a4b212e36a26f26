// Package macroset is how the API shows and takes snippets and macros, and runs
// macros.
package macroset

import (
	"context"
	"encoding/json"
	"time"

	"rapport/internal/automation"
	"rapport/internal/conversation"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
	"rapport/internal/platform/fault"
)

// Deps is what the operations stand on. C is a conversation as the API shows it.
type Deps[C any] struct {
	Automation *automation.Room
	Show       func(conversation.Conversation) C
}

// Server answers the operations.
type Server[C any] struct{ Deps[C] }

// Register adds the operations to a list.
func Register[C any](list *operation.List, d Deps[C]) {
	const snippets, macros = "Snippets", "Macros"
	s := &Server[C]{d}
	operation.Add(list, operation.Route{Method: "GET", Path: "/snippets", ID: "list-snippets", Summary: "The snippets one sees: shared ones and one's own", Tag: snippets}, s.snippets)
	operation.Add(list, operation.Route{Method: "POST", Path: "/snippets", ID: "create-snippet", Summary: "Keep a text that is written often", Tag: snippets, Status: 201, Makes: true}, s.createSnippet)
	operation.Add(list, operation.Route{Method: "PUT", Path: "/snippets/{id}", ID: "put-snippet", Summary: "Replace a snippet, or put back one that was deleted", Tag: snippets}, s.putSnippet)
	operation.Add(list, operation.Route{Method: "DELETE", Path: "/snippets/{id}", ID: "delete-snippet", Summary: "Delete a snippet", Tag: snippets}, s.deleteSnippet)
	operation.Add(list, operation.Route{Method: "POST", Path: "/snippets/{id}/uses", ID: "use-snippet", Summary: "Count one use of a snippet", Tag: snippets, Status: 204}, s.useSnippet)
	operation.Add(list, operation.Route{Method: "GET", Path: "/macros", ID: "list-macros", Summary: "The macros one sees: shared ones and one's own", Tag: macros}, s.macros)
	operation.Add(list, operation.Route{Method: "POST", Path: "/macros", ID: "create-macro", Summary: "Keep a sequence of actions", Tag: macros, Status: 201, Makes: true}, s.createMacro)
	operation.Add(list, operation.Route{Method: "PUT", Path: "/macros/{id}", ID: "put-macro", Summary: "Replace a macro, or put back one that was deleted", Tag: macros}, s.putMacro)
	operation.Add(list, operation.Route{Method: "DELETE", Path: "/macros/{id}", ID: "delete-macro", Summary: "Delete a macro", Tag: macros}, s.deleteMacro)
	operation.Add(list, operation.Route{Method: "POST", Path: "/macros/{id}/run", ID: "run-macro-on-many", Summary: "Do the actions of a macro to many conversations, each for itself", Tag: macros}, s.runOnMany)
	operation.Add(list, operation.Route{Method: "POST", Path: "/conversations/{id}/macros/{macro_id}", ID: "run-macro", Summary: "Do the actions of a macro to a conversation, all or none", Tag: macros}, s.run)
}

// Snippet is a text that is written often.
type Snippet struct {
	ID         int64      `json:"id"`
	Key        string     `json:"key" doc:"Stable, for export and import."`
	Name       string     `json:"name"`
	Folder     string     `json:"folder" doc:"Empty: in none."`
	Language   string     `json:"language" doc:"A language such as en, ko or pl; empty: any."`
	Text       string     `json:"text" doc:"With variables such as {{customer.first_name|there}}."`
	HTML       string     `json:"html" doc:"The same with looks; empty: it has none."`
	Shared     bool       `json:"shared"`
	OwnerID    *int64     `json:"owner_id" doc:"Whose it is; null when it is shared."`
	Approved   bool       `json:"approved" doc:"Who may change settings stands by it."`
	Uses       int64      `json:"uses"`
	LastUsedAt *time.Time `json:"last_used_at"`
	UpdatedAt  time.Time  `json:"updated_at"`
}

// SnippetBody is a snippet as a caller gives it.
type SnippetBody struct {
	Name     string `json:"name"`
	Folder   string `json:"folder,omitempty"`
	Language string `json:"language,omitempty" maxLength:"35"`
	Text     string `json:"text,omitempty" doc:"Made from html when that is given."`
	HTML     string `json:"html,omitempty"`
	Shared   bool   `json:"shared,omitempty"`
	Approved bool   `json:"approved,omitempty"`
}

func (b SnippetBody) room() automation.NewSnippet {
	return automation.NewSnippet{Heading: automation.Heading{Name: b.Name, Folder: b.Folder, Shared: b.Shared}, Text: b.Text, HTML: b.HTML, Language: b.Language, Approved: b.Approved}
}

func snippetOf(v automation.Snippet) Snippet {
	return Snippet{v.ID, v.Key, v.Name, v.Folder, v.Language, v.Text.Plain, v.Text.HTML, v.OwnerID == 0, shape.IDOrNull(v.OwnerID), v.Approved, v.Uses, shape.TimeOrNull(v.LastUsedAt), v.UpdatedAt}
}

func (s *Server[C]) snippets(ctx context.Context, _ *shape.None) (*shape.Body[shape.Page[Snippet]], error) {
	list, err := s.Automation.Snippets(ctx, gate.Actor(ctx))
	return shape.Whole(shape.Each(list, snippetOf)), err
}

func (s *Server[C]) createSnippet(ctx context.Context, in *shape.With[SnippetBody]) (*shape.Body[Snippet], error) {
	v, err := s.Automation.CreateSnippet(ctx, gate.Actor(ctx), in.Body.room())
	return shape.One(snippetOf(v)), err
}

func (s *Server[C]) putSnippet(ctx context.Context, in *shape.On[SnippetBody]) (*shape.Body[Snippet], error) {
	v, err := s.Automation.PutSnippet(ctx, gate.Actor(ctx), in.ID, in.Body.room())
	return shape.One(snippetOf(v)), err
}

func (s *Server[C]) deleteSnippet(ctx context.Context, in *shape.ByID) (*shape.None, error) {
	return nil, s.Automation.DeleteSnippet(ctx, gate.Actor(ctx), in.ID)
}

func (s *Server[C]) useSnippet(ctx context.Context, in *shape.ByID) (*shape.None, error) {
	return nil, s.Automation.UseSnippet(ctx, gate.Actor(ctx), in.ID)
}

// Macro is a named sequence of actions.
type Macro struct {
	ID         int64         `json:"id"`
	Key        string        `json:"key" doc:"Stable, for export and import."`
	Name       string        `json:"name"`
	Folder     string        `json:"folder" doc:"Empty: in none."`
	Shared     bool          `json:"shared"`
	OwnerID    *int64        `json:"owner_id" doc:"Whose it is; null when it is shared."`
	Uses       int64         `json:"uses"`
	LastUsedAt *time.Time    `json:"last_used_at"`
	UpdatedAt  time.Time     `json:"updated_at"`
	Actions    []MacroAction `json:"actions"`
}

// MacroBody is a macro as a caller gives it.
type MacroBody struct {
	Name    string        `json:"name"`
	Folder  string        `json:"folder,omitempty"`
	Shared  bool          `json:"shared,omitempty"`
	Actions []MacroAction `json:"actions" maxItems:"100"`
}

// MacroAction is one thing a macro does. Do names it; it has what belongs to it.
type MacroAction struct {
	Do       string   `json:"do" enum:"reply,note,assign,team,tags,status,priority,snooze"`
	Text     string   `json:"text,omitempty" doc:"Of a reply, which is put into the composer and never sent by itself, or of a note."`
	HTML     string   `json:"html,omitempty" doc:"Of a reply."`
	Me       bool     `json:"me,omitempty" doc:"Assign to whoever runs the macro."`
	AgentID  *int64   `json:"agent_id,omitempty" doc:"Assign to a teammate; null: to nobody."`
	TeamID   *int64   `json:"team_id,omitempty" doc:"Null: no team."`
	Add      []string `json:"add,omitempty" doc:"Tags."`
	Remove   []string `json:"remove,omitempty" doc:"Tags."`
	Status   string   `json:"status,omitempty" enum:"open,pending,on_hold,closed"`
	Priority string   `json:"priority,omitempty" enum:"low,normal,high,urgent"`
	Until    string   `json:"until,omitempty" enum:"later_today,tomorrow,monday,next_week"`
}

// MarshalJSON says what belongs to the action, also what is empty, and nothing else.
func (a MacroAction) MarshalJSON() ([]byte, error) {
	said := map[string]any{"do": a.Do}
	switch a.Do {
	case automation.DoReply:
		said["text"], said["html"] = a.Text, a.HTML
	case automation.DoNote:
		said["text"] = a.Text
	case automation.DoAssign:
		said["me"], said["agent_id"] = a.Me, a.AgentID
	case automation.DoTeam:
		said["team_id"] = a.TeamID
	case automation.DoTags:
		said["add"], said["remove"] = shape.Filled(a.Add), shape.Filled(a.Remove)
	case automation.DoStatus:
		said["status"] = a.Status
	case automation.DoPriority:
		said["priority"] = a.Priority
	case automation.DoSnooze:
		said["until"] = a.Until
	}
	return json.Marshal(said)
}

func (b MacroBody) room() automation.NewMacro {
	return automation.NewMacro{Heading: automation.Heading{Name: b.Name, Folder: b.Folder, Shared: b.Shared}, Actions: shape.Each(b.Actions, func(a MacroAction) automation.Action {
		return automation.Action{Do: a.Do, Text: a.Text, HTML: a.HTML, Me: a.Me, AgentID: shape.Value(a.AgentID), TeamID: shape.Value(a.TeamID), Add: a.Add, Remove: a.Remove, Status: a.Status, Priority: a.Priority, Until: a.Until}
	})}
}

func macroOf(v automation.Macro) Macro {
	return Macro{v.ID, v.Key, v.Name, v.Folder, v.OwnerID == 0, shape.IDOrNull(v.OwnerID), v.Uses, shape.TimeOrNull(v.LastUsedAt), v.UpdatedAt, shape.Each(v.Actions, actionOf)}
}

func actionOf(a automation.Action) MacroAction {
	return MacroAction{Do: a.Do, Text: a.Text, HTML: a.HTML, Me: a.Me, AgentID: shape.IDOrNull(a.AgentID), TeamID: shape.IDOrNull(a.TeamID), Add: a.Add, Remove: a.Remove, Status: a.Status, Priority: a.Priority, Until: a.Until}
}

func (s *Server[C]) macros(ctx context.Context, _ *shape.None) (*shape.Body[shape.Page[Macro]], error) {
	list, err := s.Automation.Macros(ctx, gate.Actor(ctx))
	return shape.Whole(shape.Each(list, macroOf)), err
}

func (s *Server[C]) createMacro(ctx context.Context, in *shape.With[MacroBody]) (*shape.Body[Macro], error) {
	v, err := s.Automation.CreateMacro(ctx, gate.Actor(ctx), in.Body.room())
	return shape.One(macroOf(v)), err
}

func (s *Server[C]) putMacro(ctx context.Context, in *shape.On[MacroBody]) (*shape.Body[Macro], error) {
	v, err := s.Automation.PutMacro(ctx, gate.Actor(ctx), in.ID, in.Body.room())
	return shape.One(macroOf(v)), err
}

func (s *Server[C]) deleteMacro(ctx context.Context, in *shape.ByID) (*shape.None, error) {
	return nil, s.Automation.DeleteMacro(ctx, gate.Actor(ctx), in.ID)
}

// MacroRun is how a macro is run on a conversation.
type MacroRun struct {
	ClientID string `json:"client_id,omitempty" doc:"The same id runs the macro once."`
	TimeZone string `json:"time_zone,omitempty" maxLength:"100" doc:"In which tomorrow is meant; that of one's profile without it."`
}

// MacroRunOnMany is how a macro is run on many conversations.
type MacroRunOnMany struct {
	ConversationIDs []int64 `json:"conversation_ids" maxItems:"200"`
	MacroRun
}

// Before is what a macro found, so that it can be taken back.
type Before struct {
	AssigneeID   *int64     `json:"assignee_id"`
	TeamID       *int64     `json:"team_id"`
	Tags         []string   `json:"tags"`
	Status       string     `json:"status" enum:"open,pending,on_hold,closed"`
	Priority     string     `json:"priority" enum:"low,normal,high,urgent"`
	SnoozedUntil *time.Time `json:"snoozed_until"`
}

// ReplyText is for the composer of whoever ran the macro, its variables not filled.
type ReplyText struct {
	Text string `json:"text"`
	HTML string `json:"html"`
}

// MacroRan is what came of a run.
type MacroRan[C any] struct {
	Conversation C                       `json:"conversation"`
	Before       Before                  `json:"before"`
	Reply        shape.OrNull[ReplyText] `json:"reply"`
}

// MacroOutcome is what came of a run on one of many.
type MacroOutcome[C any] struct {
	ConversationID int64                `json:"conversation_id"`
	Conversation   shape.OrNull[C]      `json:"conversation" doc:"Null when nothing was done to it."`
	Before         shape.OrNull[Before] `json:"before"`
	Problem        string               `json:"problem" words:"yes" doc:"Why nothing was done to it; empty when all was."`
}

func beforeOf(b automation.Before) Before {
	return Before{shape.IDOrNull(b.AssigneeID), shape.IDOrNull(b.TeamID), shape.Filled(b.Tags), b.Status, b.Priority, shape.TimeOrNull(b.SnoozedUntil)}
}

type runInput struct {
	shape.ByID
	MacroID int64 `path:"macro_id" minimum:"1"`
	Body    MacroRun
}

func (s *Server[C]) run(ctx context.Context, in *runInput) (*shape.Body[MacroRan[C]], error) {
	v, err := s.Automation.Run(ctx, gate.Actor(ctx), in.ID, in.MacroID, automation.Run(in.Body))
	out := MacroRan[C]{Conversation: s.Show(v.Conversation), Before: beforeOf(v.Before)}
	if v.Reply != nil {
		out.Reply.Value = &ReplyText{v.Reply.Plain, v.Reply.HTML}
	}
	return shape.One(out), err
}

func (s *Server[C]) runOnMany(ctx context.Context, in *shape.On[MacroRunOnMany]) (*shape.Body[shape.Page[MacroOutcome[C]]], error) {
	list, err := s.Automation.RunOn(ctx, gate.Actor(ctx), in.Body.ConversationIDs, in.ID, automation.Run(in.Body.MacroRun))
	return shape.Whole(shape.Each(list, s.outcomeOf)), err
}

func (s *Server[C]) outcomeOf(v automation.Outcome) MacroOutcome[C] {
	out := MacroOutcome[C]{ConversationID: v.ConversationID}
	if v.Err != nil {
		out.Problem = wordsOf(v.Err)
		return out
	}
	shown, before := s.Show(v.Ran.Conversation), beforeOf(v.Ran.Before)
	out.Conversation.Value, out.Before.Value = &shown, &before
	return out
}

// wordsOf is what a person reads about a conversation that a macro was not run on.
func wordsOf(err error) string {
	if words := fault.MessageOf(err); words != "" {
		return words
	}
	return "This conversation is not here any more, or not for you to see."
}
