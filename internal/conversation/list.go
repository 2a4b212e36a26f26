package conversation

import (
	"context"
	"encoding/base64"
	"encoding/binary"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
)

// Page is a part of a list. Next is "" on the last one; a page may be short,
// even empty, and still have a next one: a filter without an index looks at a
// limited number of rows at a time.
type Page struct {
	Items []Conversation
	Next  string
}

// List returns the conversations in actor's sight that the filter fits.
func (r *Room) List(ctx context.Context, actor account.Actor, f Filter) (Page, error) {
	const op = "conversation.List"
	scope, err := r.sight.Scope(ctx, actor)
	if err != nil {
		return Page{}, fault.Wrap(op, err)
	}
	if err := account.Can(actor, account.ConversationRead, account.Object{WorkspaceID: actor.WorkspaceID}); err != nil {
		return Page{}, err
	}
	if f, err = f.viewed(op, actor); err != nil {
		return Page{}, err
	}
	from, err := openCursor(op, f.Cursor)
	if err != nil {
		return Page{}, err
	}
	p := f.planned(scope)
	if p.nothing {
		return Page{}, nil
	}
	ids, next, err := r.store.list(ctx, actor.WorkspaceID, p, f, from)
	if err != nil {
		return Page{}, fault.Wrap(op, err)
	}
	page := Page{Next: next.seal()}
	if len(ids) > 0 {
		page.Items, err = r.store.views(ctx, actor.WorkspaceID, actor.AgentID, ids)
	}
	return page, fault.Wrap(op, err)
}

// spot is a place in a list: a key of its order.
type spot struct {
	at int64 // last_activity_at
	id int64
}

func (s *spot) seal() string {
	if s == nil {
		return ""
	}
	b := binary.BigEndian.AppendUint64(nil, uint64(s.at))
	return base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint64(b, uint64(s.id)))
}

func openCursor(op, cursor string) (*spot, error) {
	if cursor == "" {
		return nil, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(b) != 16 {
		return nil, fault.InvalidField(op, "cursor", "This cursor is not one of ours. Start at the first page.")
	}
	return &spot{int64(binary.BigEndian.Uint64(b)), int64(binary.BigEndian.Uint64(b[8:]))}, nil
}
