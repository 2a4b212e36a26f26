package httpapi

import (
	"context"
	"time"

	"rapport/internal/conversation/draft"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
	"rapport/internal/platform/fault"
)

// Draft is what an agent has begun to write; only they see it.
type Draft struct {
	ConversationID int64        `json:"conversation_id"`
	Kind           string       `json:"kind" enum:"reply,note"`
	Text           string       `json:"text"`
	HTML           string       `json:"html"`
	To             []Address    `json:"to"`
	CC             []Address    `json:"cc"`
	BCC            []Address    `json:"bcc"`
	AttachmentIDs  []int64      `json:"attachment_ids"`
	Attachments    []Attachment `json:"attachments"`
	UpdatedAt      time.Time    `json:"updated_at"`
	Version        int64        `json:"version" doc:"0 when nothing is begun."`
	Shared         bool         `json:"shared" doc:"Teammates may read it."`
	Follows        string       `json:"follows" enum:",one,all" doc:"It goes to who wrote last, or to everybody on that mail, whoever that is by now; empty: to those named."`
}

// TeammateDraft is what a teammate has begun to write in a conversation.
type TeammateDraft struct {
	AgentID   int64     `json:"agent_id"`
	Kind      string    `json:"kind" enum:"reply,note"`
	Text      string    `json:"text" doc:"Empty unless it is shared."`
	UpdatedAt time.Time `json:"updated_at"`
	Shared    bool      `json:"shared"`
}

type DraftChange struct {
	Text          string    `json:"text"`
	HTML          string    `json:"html,omitempty"`
	To            []Address `json:"to,omitempty" maxItems:"100"`
	CC            []Address `json:"cc,omitempty" maxItems:"100"`
	BCC           []Address `json:"bcc,omitempty" maxItems:"100"`
	AttachmentIDs []int64   `json:"attachment_ids,omitempty" maxItems:"100"`
	Version       *int64    `json:"version,omitempty" doc:"Of the draft that was read; refused when it has moved."`
	Follows       string    `json:"follows,omitempty" enum:",one,all"`
	Shared        *bool     `json:"shared,omitempty" doc:"Whether teammates may read it; without it that stays as it is."`
}

// OfDraft is the input of an operation on one draft.
type OfDraft struct {
	shape.ByID
	Kind string `path:"kind" enum:"reply,note"`
}

type putDraft struct {
	OfDraft
	Body DraftChange
}

func (s *Server) draftRoutes() {
	const tag, one = "Drafts", "/conversations/{id}/drafts/{kind}"
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/drafts", ID: "list-drafts", Summary: "My drafts", Tag: tag}, s.drafts)
	operation.Add(s.operations, operation.Route{Method: "GET", Path: one, ID: "read-draft", Summary: "My draft", Tag: tag}, s.draft)
	operation.Add(s.operations, operation.Route{Method: "PUT", Path: one, ID: "save-draft", Summary: "Save my draft", Tag: tag}, s.saveDraft)
	operation.Add(s.operations, operation.Route{Method: "GET", Path: one + "/versions", ID: "list-draft-versions", Summary: "What my draft said before", Tag: tag}, s.draftVersions)
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/conversations/{id}/drafts", ID: "list-teammate-drafts", Summary: "Who else is drafting", Tag: tag}, s.teammateDrafts)
	operation.Add(s.operations, operation.Route{Method: "DELETE", Path: one, ID: "delete-draft", Summary: "Throw my draft away", Tag: tag}, s.deleteDraft)
}

// draftOf is a draft with what there is to know about its files. One that is
// gone is left out: the agent uploads it again.
func (s *Server) draftOf(ctx context.Context, d draft.Draft) Draft {
	workspaceID := gate.Actor(ctx).WorkspaceID
	out := Draft{
		ConversationID: d.ConversationID, Kind: d.Kind, Text: d.Text, HTML: d.HTML, To: addressesOf(d.To), CC: addressesOf(d.Cc), BCC: addressesOf(d.Bcc),
		AttachmentIDs: []int64{}, Attachments: []Attachment{}, UpdatedAt: d.UpdatedAt, Version: d.Version, Shared: d.Shared, Follows: d.Follows,
	}
	for _, id := range d.Attachments {
		info, err := s.Blobs.Describe(ctx, workspaceID, id)
		if err != nil || info.Uploader != "" && info.Uploader != gate.Actor(ctx).Uploader() {
			continue
		}
		out.AttachmentIDs = append(out.AttachmentIDs, id)
		out.Attachments = append(out.Attachments, Attachment{ID: id, Name: info.Name, ContentType: info.ContentType, Size: info.Size, URL: s.files.Link(workspaceID, id)})
	}
	return out
}

// draftAnswer turns what a verb returns into an answer.
func (s *Server) draftAnswer(ctx context.Context) func(draft.Draft, error) (*shape.Body[Draft], error) {
	return func(d draft.Draft, err error) (*shape.Body[Draft], error) {
		if err != nil {
			return nil, err
		}
		return shape.One(s.draftOf(ctx, d)), nil
	}
}

func (s *Server) drafts(ctx context.Context, _ *shape.None) (*shape.Body[shape.Page[Draft]], error) {
	all, err := s.Drafts.List(ctx, gate.Actor(ctx))
	return shape.Whole(shape.Each(all, func(d draft.Draft) Draft { return s.draftOf(ctx, d) })), err
}

// draft answers an empty one of version 0 where nothing is begun yet: most
// conversations have none, and that is no error.
func (s *Server) draft(ctx context.Context, in *OfDraft) (*shape.Body[Draft], error) {
	actor := gate.Actor(ctx)
	d, err := s.Drafts.Get(ctx, actor, in.ID, in.Kind)
	if fault.Is(err, fault.NotFound) { // of the draft, or of the conversation
		d = draft.Draft{ConversationID: in.ID, Kind: in.Kind}
		_, _, err = s.Conversations.Get(ctx, actor, in.ID)
	}
	return s.draftAnswer(ctx)(d, err)
}

func (s *Server) draftVersions(ctx context.Context, in *OfDraft) (*shape.Body[shape.Page[Draft]], error) {
	all, err := s.Drafts.Versions(ctx, gate.Actor(ctx), in.ID, in.Kind)
	return shape.Whole(shape.Each(all, func(d draft.Draft) Draft { return s.draftOf(ctx, d) })), err
}

func (s *Server) teammateDrafts(ctx context.Context, in *shape.ByID) (*shape.Body[shape.Page[TeammateDraft]], error) {
	all, err := s.Drafts.Others(ctx, gate.Actor(ctx), in.ID)
	return shape.Whole(shape.Each(all, func(d draft.Draft) TeammateDraft {
		return TeammateDraft{AgentID: d.AgentID, Kind: d.Kind, Text: d.Text, UpdatedAt: d.UpdatedAt, Shared: d.Shared}
	})), err
}

func (s *Server) saveDraft(ctx context.Context, in *putDraft) (*shape.Body[Draft], error) {
	b := in.Body
	d, err := s.Drafts.Save(ctx, gate.Actor(ctx), draft.Draft{
		ConversationID: in.ID, Kind: in.Kind, Version: shape.Value(b.Version),
		Content: draft.Content{Text: b.Text, HTML: b.HTML, To: partiesOf(b.To), Cc: partiesOf(b.CC), Bcc: partiesOf(b.BCC), Attachments: b.AttachmentIDs, Follows: b.Follows},
	}, b.Shared)
	if err == nil {
		s.hub.TellOwn(gate.Actor(ctx), "draft.changed", in.ID)
	}
	return s.draftAnswer(ctx)(d, err)
}

func (s *Server) deleteDraft(ctx context.Context, in *OfDraft) (*shape.None, error) {
	err := s.Drafts.Delete(ctx, gate.Actor(ctx), in.ID, in.Kind)
	if err == nil {
		s.hub.TellOwn(gate.Actor(ctx), "draft.changed", in.ID)
	}
	return nil, err
}
