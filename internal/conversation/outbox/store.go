package outbox

import (
	"context"
	"strings"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/platform/db"
	"rapport/internal/platform/text"
)

// Store is the database the messages are in.
type Store = *db.DB

type store struct{ d *db.DB }

// list begins with the few messages on their way out; the CROSS JOINs have
// SQLite do so too. A job tells when something is tried again.
func (s store) list(ctx context.Context, actor account.Actor, scope account.Scope, f Filter, since time.Time) ([]Item, error) {
	var w db.Where
	w.Add("o.workspace_id = ?", actor.WorkspaceID)
	w.Add("o.state IN ('held', 'queued', 'delayed', 'failed', 'bounced') AND (o.state NOT IN ('failed', 'bounced') OR o.created_at > ?)", db.Micros(since))
	if !scope.All {
		if len(scope.Inboxes) == 0 {
			return nil, nil
		}
		list, args := db.In(len(w.Args)+1, scope.Inboxes)
		w.Add("o.inbox_id IN " + list)
		w.Args = append(w.Args, args...)
	}
	if f.InboxID != 0 {
		w.Add("o.inbox_id = ?", f.InboxID)
	}
	if f.Mine {
		w.Add("m.author_kind = 'agent' AND m.author_id = ?", actor.AgentID)
	}
	w.Add("m.workspace_id = o.workspace_id AND m.id = o.message_id AND c.workspace_id = o.workspace_id AND c.id = m.conversation_id")
	return db.All(ctx, s.d, scan, `SELECT c.id, c.number, c.subject, m.id, m.kind, o.inbox_id, m.author_kind, m.author_id, m.author_name, m.text, o.state, o.reason, o.hold_until, o.created_at,
		COALESCE((SELECT j.run_at FROM jobs j WHERE j.unique_key = 'send:' || o.id AND j.unique_key <> '' AND j.state = 'waiting'), 0),
		COALESCE((SELECT `+s.d.Pick("group_concat(r.address, ' ')", "string_agg(r.address, ' ')")+` FROM outbound_recipients r WHERE r.workspace_id = o.workspace_id AND r.outbound_id = o.id), '')
		FROM outbound o CROSS JOIN messages m CROSS JOIN conversations c WHERE `+w.String()+" ORDER BY o.created_at DESC, o.id DESC LIMIT "+w.Next(longest), w.Args...)
}

const excerptLength = 120

func scan(r db.Row) (v Item, err error) {
	var kind, words, to string
	var hold, created, next int64
	err = r.Scan(&v.ConversationID, &v.Number, &v.Subject, &v.MessageID, &v.Kind, &v.InboxID, &kind, &v.AuthorID, &v.AuthorName, &words, &v.State, &v.Reason, &hold, &created, &next, &to)
	if kind != account.KindAgent {
		v.AuthorID = 0
	}
	v.Excerpt, v.CreatedAt, v.To = text.Line(words[:min(len(words), 8*excerptLength)], excerptLength), db.Time(created), strings.Fields(to)
	switch v.State {
	case channel.Held:
		v.At = db.Time(hold)
	case channel.Queued, channel.Delayed:
		v.At = db.Time(next)
	}
	return v, err
}
