package conversation

import (
	"context"
	"slices"
	"time"

	"rapport/internal/conversation/listing"
	"rapport/internal/conversation/original"
	"rapport/internal/conversation/participant"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/search"
)

// Store is the database the room lives in.
type Store = *db.DB

type store struct{ d *db.DB }

func (s store) within(ctx context.Context, fn func(context.Context) error) error {
	return s.d.Within(ctx, fn)
}

func (s store) newID(ctx context.Context) (int64, error) { return s.d.NewID(ctx) }

const columns = `c.workspace_id, c.id, c.number, c.inbox_id, c.channel, c.contact_id, c.subject, c.status, c.priority, c.assignee_id, c.team_id,
	c.snoozed_until, c.spam, c.created_at, c.last_activity_at, c.closed_at, c.last_position, c.last_author_kind, c.excerpt, c.linked_id, c.version`

func (c *Conversation) scan(r db.Row, more ...any) error {
	var snoozed, created, activity, closed int64
	err := r.Scan(append([]any{&c.WorkspaceID, &c.ID, &c.Number, &c.InboxID, &c.Channel, &c.ContactID, &c.Subject, &c.Status, &c.Priority, &c.AssigneeID, &c.TeamID,
		&snoozed, &c.Spam, &created, &activity, &closed, &c.LastPosition, &c.LastAuthorKind, &c.Excerpt, &c.LinkedID, &c.Version}, more...)...)
	c.SnoozedUntil, c.CreatedAt, c.LastActivityAt, c.ClosedAt = db.Time(snoozed), db.Time(created), db.Time(activity), db.Time(closed)
	return err
}

func scan(r db.Row) (c Conversation, err error) { return c, c.scan(r) }

const selectOne = "SELECT " + columns + " FROM conversations c WHERE c.workspace_id = $1 AND c.id = $2"

// AskConversation asks for a conversation, for a room that asks other things
// with it.
func AskConversation(workspaceID, id int64) *db.Asked[Conversation] {
	return db.Ask(scan, selectOne, workspaceID, id)
}

func (s store) get(ctx context.Context, workspaceID, id int64) (Conversation, error) {
	return db.One(ctx, s.d, scan, selectOne, workspaceID, id)
}

// with is get that answers more.
func (s store) with(ctx context.Context, workspaceID, id int64, more ...question) (Conversation, error) {
	c := AskConversation(workspaceID, id)
	if err := db.Gather(ctx, s.d, append([]question{c}, more...)...); err != nil {
		return Conversation{}, err
	}
	return c.One()
}

// question is what is asked together with something else.
type question = db.Question

// lock is get for a conversation that is about to change. More is answered as
// it is under the lock.
func (s store) lock(ctx context.Context, workspaceID, id int64, more ...question) (Conversation, error) {
	locked := db.Ask(scan, selectOne+s.d.Pick("", " FOR UPDATE"), workspaceID, id)
	if err := db.Gather(ctx, s.d, append([]question{locked}, more...)...); err != nil {
		return Conversation{}, err
	}
	return locked.One()
}

// insert writes a new conversation with the next number of its workspace; they
// are without gaps. Others who take one wait until the transaction ends, so this
// comes after every question.
func (s store) insert(ctx context.Context, c Conversation) error {
	err := db.Do(ctx, s.d, `INSERT INTO conversation_numbers (workspace_id, last) VALUES ($1, 1)
		ON CONFLICT (workspace_id) DO UPDATE SET last = conversation_numbers.last + 1`, c.WorkspaceID)
	if err != nil {
		return err
	}
	return db.Do(ctx, s.d, `INSERT INTO conversations (workspace_id, id, number, inbox_id, channel, contact_id, subject, search_key, status, shelf, priority,
			assignee_id, team_id, snoozed_until, spam, created_at, last_activity_at, closed_at, last_position, last_author_kind, excerpt, linked_id, version)
		VALUES ($1,$2,(SELECT last FROM conversation_numbers WHERE workspace_id = $1),$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22)`,
		c.WorkspaceID, c.ID, c.InboxID, c.Channel, c.ContactID, c.Subject, c.searchKey(), string(c.Status), c.shelf(), string(c.Priority),
		c.AssigneeID, c.TeamID, db.Micros(c.SnoozedUntil), c.Spam, db.Micros(c.CreatedAt), db.Micros(c.LastActivityAt), db.Micros(c.ClosedAt),
		c.LastPosition, c.LastAuthorKind, c.Excerpt, c.LinkedID, c.Version)
}

// save writes a locked conversation as its next version, and what its tags
// repeat of it. A new conversation is inserted, with its number.
func (s store) save(ctx context.Context, c *Conversation) error {
	c.Version++
	if c.Version == 1 {
		return s.insert(ctx, *c)
	}
	err := db.Do(ctx, s.d, `UPDATE conversations SET contact_id = $3, subject = $4, search_key = $5, status = $6, shelf = $7, priority = $8,
			assignee_id = $9, team_id = $10, snoozed_until = $11, spam = $12, last_activity_at = $13, closed_at = $14, last_position = $15,
			last_author_kind = $16, excerpt = $17, version = $18 WHERE workspace_id = $1 AND id = $2`,
		c.WorkspaceID, c.ID, c.ContactID, c.Subject, c.searchKey(), string(c.Status), c.shelf(), string(c.Priority),
		c.AssigneeID, c.TeamID, db.Micros(c.SnoozedUntil), c.Spam, db.Micros(c.LastActivityAt), db.Micros(c.ClosedAt), c.LastPosition,
		c.LastAuthorKind, c.Excerpt, c.Version)
	if err != nil {
		return err
	}
	return db.Do(ctx, s.d, "UPDATE conversation_tags SET shelf = $3, last_activity_at = $4 WHERE workspace_id = $1 AND conversation_id = $2",
		c.WorkspaceID, c.ID, c.shelf(), db.Micros(c.LastActivityAt))
}

// views reads conversations as an agent sees them, in the order of ids, and
// answers more.
func (s store) views(ctx context.Context, workspaceID, agentID int64, ids []int64, more ...question) ([]Conversation, error) {
	list, args := db.In(3, ids)
	found := db.Ask(func(r db.Row) (c Conversation, err error) {
		err = c.scan(r, &c.Contact.Name, &c.Contact.Address, &c.ReadPosition, &c.Draft)
		c.Contact.ID = c.ContactID
		return c, err
	}, "SELECT "+columns+`, COALESCE(p.name, ''),
			COALESCE((SELECT i.address FROM contact_identities i WHERE i.workspace_id = c.workspace_id AND i.contact_id = c.contact_id AND i.kind NOT IN ('external', 'visitor')
				ORDER BY CASE WHEN i.kind = 'typed' THEN 1 ELSE 0 END, i.created_at, i.kind, i.address_key LIMIT 1), ''),
			COALESCE(m.position, 0),
			EXISTS (SELECT 1 FROM drafts d WHERE d.workspace_id = c.workspace_id AND d.agent_id = $2 AND d.conversation_id = c.id)
		FROM conversations c
		LEFT JOIN contacts p ON p.workspace_id = c.workspace_id AND p.id = c.contact_id
		LEFT JOIN read_marks m ON m.workspace_id = c.workspace_id AND m.agent_id = $2 AND m.conversation_id = c.id
		WHERE c.workspace_id = $1 AND c.id IN `+list, append([]any{workspaceID, agentID}, args...)...)
	tagged := askTags(workspaceID, ids)
	if err := db.Gather(ctx, s.d, append([]question{found, tagged}, more...)...); err != nil {
		return nil, err
	}
	byID := make(map[int64]*Conversation, len(found.Rows))
	for i := range found.Rows {
		byID[found.Rows[i].ID] = &found.Rows[i]
	}
	for _, t := range tagged.Rows {
		if c := byID[t.ID]; c != nil {
			c.Tags = append(c.Tags, t.Name)
		}
	}
	out := make([]Conversation, 0, len(found.Rows))
	for _, id := range ids {
		if c := byID[id]; c != nil {
			out = append(out, *c)
		}
	}
	return out, nil
}

func askTags(workspaceID int64, ids []int64) *db.Asked[named] {
	list, args := db.In(2, ids)
	return db.Ask(scanNamed, "SELECT conversation_id, tag FROM conversation_tags WHERE workspace_id = $1 AND conversation_id IN "+list+" ORDER BY conversation_id, tag_key",
		append([]any{workspaceID}, args...)...)
}

// detail is the view of one conversation, and who takes part in it.
func (s store) detail(ctx context.Context, workspaceID, agentID, id int64) (Conversation, []Participant, error) {
	participants := participant.Ask(workspaceID, id)
	list, err := s.views(ctx, workspaceID, agentID, []int64{id}, participants)
	if err == nil && len(list) == 0 {
		err = fault.New("conversation.detail", fault.NotFound, "")
	}
	if err != nil {
		return Conversation{}, nil, err
	}
	return list[0], participants.Rows, nil
}

// list returns the ids of a page of a list, and the cursor of the next one.
func (s store) list(ctx context.Context, q listing.Query) ([]int64, string, error) {
	return listing.Find(ctx, s.d, q)
}

func (s store) tags(ctx context.Context, workspaceID, conversationID int64) ([]string, error) {
	return db.All(ctx, s.d, db.String, "SELECT tag FROM conversation_tags WHERE workspace_id = $1 AND conversation_id = $2 ORDER BY tag_key", workspaceID, conversationID)
}

func (s store) addTag(ctx context.Context, c Conversation, tag string) error {
	return db.Do(ctx, s.d, `INSERT INTO conversation_tags (workspace_id, conversation_id, tag_key, tag, inbox_id, shelf, last_activity_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7) ON CONFLICT DO NOTHING`, c.WorkspaceID, c.ID, search.Fold(tag), tag, c.InboxID, c.shelf(), db.Micros(c.LastActivityAt))
}

func (s store) dropTag(ctx context.Context, c Conversation, tag string) error {
	return db.Do(ctx, s.d, "DELETE FROM conversation_tags WHERE workspace_id = $1 AND conversation_id = $2 AND tag_key = $3", c.WorkspaceID, c.ID, search.Fold(tag))
}

// due lists snoozed conversations whose time has come, of all workspaces.
func (s store) due(ctx context.Context, now time.Time, limit int) ([]Conversation, error) {
	return db.All(ctx, s.d, scan, "SELECT "+columns+" FROM conversations c WHERE c.snoozed_until > 0 AND c.snoozed_until <= $1 ORDER BY c.snoozed_until LIMIT $2", db.Micros(now), limit)
}

// openWork lists what an agent still has to do.
func (s store) openWork(ctx context.Context, workspaceID, agentID int64) ([]int64, error) {
	ids, err := db.All(ctx, s.d, db.Int64, `SELECT id FROM conversations WHERE workspace_id = $1 AND assignee_id = $2
		AND shelf IN ('open', 'pending', 'on_hold', 'snoozed')`, workspaceID, agentID)
	slices.Sort(ids)
	return ids, err
}

// participants returns who takes part, in the order they joined.
func (s store) participants(ctx context.Context, workspaceID, conversationID int64) ([]Participant, error) {
	all := participant.Ask(workspaceID, conversationID)
	err := db.Gather(ctx, s.d, all)
	return all.Rows, err
}

func (s store) putParticipant(ctx context.Context, c Conversation, p Participant) error {
	return participant.Put(ctx, s.d, c.WorkspaceID, c.ID, p)
}

func (s store) invite(ctx context.Context, c Conversation, p Participant) error {
	return participant.Invite(ctx, s.d, c.WorkspaceID, c.ID, p)
}

// leave lets an address outside take part no longer.
func (s store) leave(ctx context.Context, c Conversation, address string) error {
	return participant.Leave(ctx, s.d, c.WorkspaceID, c.ID, address)
}

func (s store) propose(ctx context.Context, p original.Proposal) error {
	return original.Propose(ctx, s.d, p)
}

func (s store) original(ctx context.Context, workspaceID, conversationID int64) (original.Proposal, error) {
	return original.Of(ctx, s.d, workspaceID, conversationID)
}

func (s store) decide(ctx context.Context, p original.Proposal) error {
	return original.Decide(ctx, s.d, p)
}

type named struct {
	ID   int64
	Name string
}

func scanNamed(r db.Row) (n named, err error) { return n, r.Scan(&n.ID, &n.Name) }

func (s store) activeAgents(ctx context.Context, workspaceID int64) ([]named, error) {
	return db.All(ctx, s.d, scanNamed, "SELECT id, name FROM agents WHERE workspace_id = $1 AND state = 'active' ORDER BY id", workspaceID)
}

func (s store) names(ctx context.Context, workspaceID int64, agentIDs, contactIDs []int64) (agents, contacts []named, err error) {
	ask := func(table string, ids []int64) *db.Asked[named] {
		list, args := db.In(2, ids)
		return db.Ask(scanNamed, "SELECT id, name FROM "+table+" WHERE workspace_id = $1 AND id IN "+list, append([]any{workspaceID}, args...)...)
	}
	a, c := ask("agents", agentIDs), ask("contacts", contactIDs)
	err = db.Gather(ctx, s.d, a, c)
	return a.Rows, c.Rows, err
}

func (s store) teamExists(ctx context.Context, workspaceID, teamID int64) (bool, error) {
	_, err := db.One(ctx, s.d, db.Int64, "SELECT id FROM teams WHERE workspace_id = $1 AND id = $2", workspaceID, teamID)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}

func (s store) markRead(ctx context.Context, workspaceID, agentID, conversationID, position int64) error {
	if agentID == 0 {
		return nil
	}
	return db.Do(ctx, s.d, `INSERT INTO read_marks (workspace_id, agent_id, conversation_id, position) VALUES ($1,$2,$3,$4)
		ON CONFLICT (workspace_id, agent_id, conversation_id) DO UPDATE SET position = excluded.position`, workspaceID, agentID, conversationID, position)
}

// stayRead lets whoever had read everything before the newest message have read
// that too.
func (s store) stayRead(ctx context.Context, c Conversation) error {
	return db.Do(ctx, s.d, "UPDATE read_marks SET position = $3 WHERE workspace_id = $1 AND conversation_id = $2 AND position = $3 - 1", c.WorkspaceID, c.ID, c.LastPosition)
}

// remove deletes everything of a conversation but what other rooms keep.
func (s store) remove(ctx context.Context, c Conversation) error {
	for _, q := range []string{
		"DELETE FROM message_attachments WHERE workspace_id = $1 AND message_id IN (SELECT id FROM messages WHERE workspace_id = $1 AND conversation_id = $2)",
		"DELETE FROM messages WHERE workspace_id = $1 AND conversation_id = $2",
		"DELETE FROM forwarded_originals WHERE workspace_id = $1 AND conversation_id = $2",
		"DELETE FROM masked_messages WHERE workspace_id = $1 AND conversation_id = $2",
		"DELETE FROM conversation_tags WHERE workspace_id = $1 AND conversation_id = $2",
		"DELETE FROM participants WHERE workspace_id = $1 AND conversation_id = $2",
		"DELETE FROM drafts WHERE workspace_id = $1 AND conversation_id = $2",
		"DELETE FROM draft_versions WHERE workspace_id = $1 AND conversation_id = $2",
		"DELETE FROM followers WHERE workspace_id = $1 AND conversation_id = $2",
		"DELETE FROM read_marks WHERE workspace_id = $1 AND conversation_id = $2",
		"DELETE FROM conversations WHERE workspace_id = $1 AND id = $2",
	} {
		if err := db.Do(ctx, s.d, q, c.WorkspaceID, c.ID); err != nil {
			return err
		}
	}
	return nil
}
