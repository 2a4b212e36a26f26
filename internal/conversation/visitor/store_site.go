package visitor

import (
	"context"
	"time"

	"rapport/internal/channel"
	"rapport/internal/platform/db"
)

// door is a chat and where it has been seen.
type door struct {
	Installation
	inbox channel.Inbox
}

func scanDoor(r db.Row) (d door, err error) {
	var seen, refused int64
	d.inbox, err = channel.ScanInbox(r, &seen, &d.Origin, &refused, &d.RefusedOrigin)
	d.SeenAt, d.RefusedAt = db.Time(seen), db.Time(refused)
	return d, err
}

const selectDoor = "SELECT " + channel.InboxColumns + ", COALESCE(h.seen_at, 0), COALESCE(h.origin, ''), COALESCE(h.refused_at, 0), COALESCE(h.refused_origin, '')"

// door is the inbox of an address.
func (s store) door(ctx context.Context, address string) (door, error) {
	return db.One(ctx, s.d, scanDoor, selectDoor+` FROM inbound_addresses a JOIN inboxes i ON i.workspace_id = a.workspace_id AND i.id = a.inbox_id
		LEFT JOIN chat_sites h ON h.workspace_id = i.workspace_id AND h.inbox_id = i.id WHERE a.address = $1 AND i.deleted_at = 0`, address)
}

func (s store) installation(ctx context.Context, workspaceID, inboxID int64) (Installation, error) {
	d, err := db.One(ctx, s.d, scanDoor, selectDoor+` FROM inboxes i LEFT JOIN chat_sites h ON h.workspace_id = i.workspace_id AND h.inbox_id = i.id
		WHERE i.workspace_id = $1 AND i.id = $2`, workspaceID, inboxID)
	return d.Installation, err
}

func (s store) hit(ctx context.Context, inbox channel.Inbox, origin string, allowed bool, now time.Time) error {
	set := "seen_at = excluded.seen_at, origin = excluded.origin"
	values := "$3, $4, 0, ''"
	if !allowed {
		set = "refused_at = excluded.refused_at, refused_origin = excluded.refused_origin"
		values = "0, '', $3, $4"
	}
	return db.Do(ctx, s.d, "INSERT INTO chat_sites (workspace_id, inbox_id, seen_at, origin, refused_at, refused_origin) VALUES ($1, $2, "+values+
		") ON CONFLICT (workspace_id, inbox_id) DO UPDATE SET "+set, inbox.WorkspaceID, inbox.ID, db.Micros(now), origin)
}

// site fills in what the page of a chat shows of its workspace.
func (s store) site(ctx context.Context, inbox channel.Inbox, v *Site) (err error) {
	language := db.Ask(db.String, "SELECT language FROM workspaces WHERE id = $1", inbox.WorkspaceID)
	mail := channel.AskMailInbox(inbox.WorkspaceID)
	questions := []db.Question{language, mail}
	team := askTeam(inbox, teamSize)
	if inbox.Chat.ShowTeam {
		questions = append(questions, team)
	}
	if err := db.Gather(ctx, s.d, questions...); err != nil {
		return err
	}
	v.Mail, v.Team = len(mail.Rows) > 0, team.Rows
	v.Language, err = language.One()
	return err
}

func scanFace(r db.Row) (f Face, err error) { return f, r.Scan(&f.Name, &f.PhotoID) }

// askTeam asks who works in an inbox and was here last.
func askTeam(inbox channel.Inbox, limit int) *db.Asked[Face] {
	return db.Ask(scanFace,
		`SELECT COALESCE(NULLIF(a.public_name, ''), a.name), a.photo_id FROM agents a WHERE a.workspace_id = $1 AND a.state = 'active' AND a.role <> 'light' AND (
			a.role IN ('owner', 'admin')
			OR EXISTS (SELECT 1 FROM grants g WHERE g.workspace_id = $1 AND g.inbox_id = $2 AND g.agent_id = a.id)
			OR EXISTS (SELECT 1 FROM grants g JOIN team_members t ON t.workspace_id = g.workspace_id AND t.team_id = g.team_id
				WHERE g.workspace_id = $1 AND g.inbox_id = $2 AND g.team_id > 0 AND t.agent_id = a.id))
		ORDER BY a.last_seen_at DESC, a.id LIMIT $3`, inbox.WorkspaceID, inbox.ID, limit)
}

// firstAnswers are how long the newest conversations of an inbox have waited for
// their first answer.
func (s store) firstAnswers(ctx context.Context, inbox channel.Inbox, since time.Time, limit int) ([]time.Duration, error) {
	return db.All(ctx, s.d, func(r db.Row) (time.Duration, error) {
		var asked, answered int64
		err := r.Scan(&asked, &answered)
		return time.Duration(answered-asked) * time.Microsecond, err
	}, `SELECT c.created_at, (SELECT MIN(CASE WHEN o.queued_at > m.created_at THEN o.queued_at ELSE m.created_at END)`+letGo+`) AS answered
		FROM conversations c WHERE c.workspace_id = $1 AND c.inbox_id = $2 AND NOT c.spam AND c.last_activity_at > $3 AND c.created_at > $3 AND EXISTS (SELECT 1`+letGo+`)
		ORDER BY c.last_activity_at DESC LIMIT $4`, inbox.WorkspaceID, inbox.ID, db.Micros(since), limit)
}

// letGo are the answers of a conversation (c) that somebody could have read.
const letGo = ` FROM messages m LEFT JOIN outbound o ON o.workspace_id = m.workspace_id AND o.id = m.outbound_id AND m.outbound_id > 0
	WHERE m.workspace_id = c.workspace_id AND m.conversation_id = c.id AND m.kind = 'reply' AND NOT m.cancelled AND COALESCE(o.state, 'sent') NOT IN ('held', 'cancelled')`

func (s store) face(ctx context.Context, workspaceID, agentID int64) (Face, error) {
	return db.One(ctx, s.d, scanFace, "SELECT COALESCE(NULLIF(public_name, ''), name), photo_id FROM agents WHERE workspace_id = $1 AND id = $2", workspaceID, agentID)
}
