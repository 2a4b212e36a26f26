package visitor

import (
	"context"
	"strconv"
	"time"

	"rapport/internal/channel"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// Store is the database the package keeps its tables in.
type Store = *db.DB

type store struct{ d *db.DB }

func (s store) within(ctx context.Context, fn func(context.Context) error) error {
	return s.d.Within(ctx, fn)
}

func (s store) newID(ctx context.Context) (int64, error) { return s.d.NewID(ctx) }

const columns = "v.workspace_id, v.id, v.inbox_id, v.origin, v.contact_id, v.known, v.subject, v.name, v.email, v.email_proven, v.language, v.time_zone, v.page, v.created_at"

// fields are where columns go, the last one into created.
func (v *Visitor) fields(created *int64) []any {
	return []any{&v.WorkspaceID, &v.ID, &v.InboxID, &v.Origin, &v.ContactID, &v.Known, &v.Subject, &v.Name, &v.Email, &v.EmailProven, &v.Language, &v.TimeZone, &v.Page, created}
}

func scan(r db.Row) (v Visitor, err error) {
	var created int64
	err = r.Scan(v.fields(&created)...)
	v.CreatedAt = db.Time(created)
	return v, err
}

func (s store) insert(ctx context.Context, v Visitor, hash string) error {
	return db.Do(ctx, s.d, `INSERT INTO visitors (workspace_id, id, inbox_id, token_hash, origin, contact_id, known, subject, name, email, email_proven, language, time_zone, page, letters, letters_day, created_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,0,0,$15)`,
		v.WorkspaceID, v.ID, v.InboxID, hash, v.Origin, v.ContactID, v.Known, v.Subject, v.Name, v.Email, v.EmailProven, v.Language, v.TimeZone, v.Page, db.Micros(v.CreatedAt))
}

func (s store) save(ctx context.Context, v Visitor) error {
	return db.Do(ctx, s.d, `UPDATE visitors SET contact_id = $3, known = $4, subject = $5, name = $6, email = $7, email_proven = $8, language = $9, time_zone = $10, page = $11
		WHERE workspace_id = $1 AND id = $2`,
		v.WorkspaceID, v.ID, v.ContactID, v.Known, v.Subject, v.Name, v.Email, v.EmailProven, v.Language, v.TimeZone, v.Page)
}

// guest is a visitor and the chat they are in.
type guest struct {
	Visitor
	inbox channel.Inbox
}

func scanGuest(r db.Row) (g guest, err error) {
	var created int64
	g.inbox, err = channel.ScanInbox(r, g.fields(&created)...)
	g.CreatedAt = db.Time(created)
	return g, err
}

// byToken finds a visitor while their chat is there.
func (s store) byToken(ctx context.Context, hash string) (guest, error) {
	return db.One(ctx, s.d, scanGuest, "SELECT "+channel.InboxColumns+", "+columns+` FROM visitors v JOIN inboxes i ON i.workspace_id = v.workspace_id AND i.id = v.inbox_id
		WHERE v.token_hash = $1 AND v.token_hash <> '' AND i.deleted_at = 0`, hash)
}

// lock is the visitor of this moment, until the transaction ends; more is asked
// under the lock. One whose token has ended is Unauthenticated.
func (s store) lock(ctx context.Context, workspaceID, id int64, more ...db.Question) (Visitor, error) {
	locked := db.Ask(scan, "SELECT "+columns+" FROM visitors v WHERE v.workspace_id = $1 AND v.id = $2 AND v.token_hash <> ''"+s.d.Pick("", " FOR UPDATE"), workspaceID, id)
	if err := db.Gather(ctx, s.d, append([]db.Question{locked}, more...)...); err != nil {
		return Visitor{}, err
	}
	v, err := locked.One()
	if fault.Is(err, fault.NotFound) {
		err = fault.New("visitor.lock", fault.Unauthenticated, "This chat has ended. Start it again.")
	}
	return v, err
}

// lockIn is lock for a visitor who writes in a conversation, which is NotFound
// unless they may see it, or with 0 in a new one.
func (s store) lockIn(ctx context.Context, v Visitor, conversationID int64) (Visitor, error) {
	if conversationID == 0 {
		return s.lock(ctx, v.WorkspaceID, v.ID)
	}
	chat := askChat(v, conversationID)
	now, err := s.lock(ctx, v.WorkspaceID, v.ID, chat)
	if err != nil {
		return now, err
	}
	if now.person() != v.person() { // became somebody while this was asked
		_, err = s.chat(ctx, now, conversationID)
	} else {
		_, err = chat.One()
	}
	return now, err
}

func (s store) get(ctx context.Context, workspaceID, id int64) (Visitor, error) {
	return db.One(ctx, s.d, scan, "SELECT "+columns+" FROM visitors v WHERE v.workspace_id = $1 AND v.id = $2", workspaceID, id)
}

func (s store) rotate(ctx context.Context, v Visitor, hash string) error {
	return db.Do(ctx, s.d, "UPDATE visitors SET token_hash = $3 WHERE workspace_id = $1 AND id = $2", v.WorkspaceID, v.ID, hash)
}

func (s store) end(ctx context.Context, v Visitor) error { return s.rotate(ctx, v, "") }

// standing lists those of hashes whose token has not ended and whose chat is there.
func (s store) standing(ctx context.Context, workspaceID int64, hashes []string) ([]string, error) {
	list, args := db.In(2, hashes)
	return db.All(ctx, s.d, db.String, `SELECT v.token_hash FROM visitors v JOIN inboxes i ON i.workspace_id = v.workspace_id AND i.id = v.inbox_id AND i.deleted_at = 0
		WHERE +v.workspace_id = $1 AND v.token_hash <> '' AND v.token_hash IN `+list, append([]any{workspaceID}, args...)...)
}

// left is when a known person last signed out of a chat; zero: never.
func (s store) left(ctx context.Context, inbox channel.Inbox, subject string) (time.Time, error) {
	at, err := db.One(ctx, s.d, db.Int64, "SELECT at FROM visitor_leaves WHERE workspace_id = $1 AND inbox_id = $2 AND subject = $3", inbox.WorkspaceID, inbox.ID, subject)
	if fault.Is(err, fault.NotFound) {
		return time.Time{}, nil
	}
	return db.Time(at), err
}

func (s store) leave(ctx context.Context, v Visitor, at time.Time) error {
	return db.Do(ctx, s.d, `INSERT INTO visitor_leaves (workspace_id, inbox_id, subject, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id, inbox_id, subject) DO UPDATE SET at = excluded.at`, v.WorkspaceID, v.InboxID, v.Subject, db.Micros(at))
}

// forgetSilent deletes visitors from before a time that have no conversation.
func (s store) forgetSilent(ctx context.Context, before time.Time, limit int) error {
	return db.Do(ctx, s.d, `DELETE FROM visitors WHERE (workspace_id, id) IN (SELECT v.workspace_id, v.id FROM visitors v WHERE v.contact_id = 0 AND v.created_at < $1
		AND NOT EXISTS (SELECT 1 FROM chats h WHERE h.workspace_id = v.workspace_id AND h.visitor_id = v.id) ORDER BY v.created_at LIMIT $2)`, db.Micros(before), limit)
}

type moved struct{ ID, InboxID int64 }

// adopt gives the conversations of a contact that is no more to the one it has
// become, and returns them. Views count no contacts, so nothing else moves.
func (s store) adopt(ctx context.Context, workspaceID, from, to int64) ([]moved, error) {
	list, err := db.All(ctx, s.d, func(r db.Row) (m moved, err error) { return m, r.Scan(&m.ID, &m.InboxID) },
		"UPDATE conversations SET contact_id = $3, version = version + 1 WHERE workspace_id = $1 AND id IN (SELECT id FROM conversations WHERE workspace_id = $1 AND contact_id = $2) RETURNING id, inbox_id", workspaceID, from, to)
	if err != nil || len(list) == 0 {
		return list, err
	}
	ids := make([]int64, len(list))
	for i, m := range list {
		ids[i] = m.ID
	}
	if err := db.Do(ctx, s.d, "UPDATE visitors SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2", workspaceID, from, to); err != nil {
		return nil, err
	}
	in, args := db.In(4, ids)
	args = append([]any{workspaceID, from, to}, args...)
	if err := db.Do(ctx, s.d, "UPDATE messages SET author_id = $3 WHERE workspace_id = $1 AND author_id = $2 AND author_kind = 'contact' AND conversation_id IN "+in, args...); err != nil {
		return nil, err
	}
	in, args = db.In(5, ids)
	args = append([]any{workspaceID, from, to, "#" + strconv.FormatInt(to, 10)}, args...)
	if err := db.Do(ctx, s.d, `UPDATE participants SET party_id = $3, address_key = CASE WHEN address = '' THEN $4 ELSE address_key END
		WHERE workspace_id = $1 AND party_id = $2 AND kind = 'contact' AND conversation_id IN `+in, args...); err != nil {
		return nil, err
	}
	return list, nil
}
