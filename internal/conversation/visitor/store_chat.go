package visitor

import (
	"context"
	"slices"
	"time"

	"rapport/internal/conversation/attachment"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// row is a visitor's conversation as the database has it.
type row struct {
	Conversation
	WorkspaceID, InboxID    int64
	ContactID, AssigneeID   int64
	VisitorID               int64
	seenAt, mailedAt        int64
	PersonAt                time.Time
	assigneeName            string
	assigneePhoto           int64
	lastPosition, delivered int64
	spam                    bool
	newest                  *written // filled by beside
}

const rowColumns = `c.workspace_id, c.id, c.inbox_id, c.contact_id, c.status, c.closed_at, c.subject, c.last_position, c.assignee_id, c.spam,
	h.visitor_id, h.delivered_position, h.seen_position, h.seen_at, h.mailed_position, h.mailed_at, h.person_at,
	COALESCE((SELECT MAX(k.position) FROM read_marks k WHERE k.workspace_id = c.workspace_id AND k.conversation_id = c.id), 0),
	COALESCE(NULLIF(a.public_name, ''), a.name, ''), COALESCE(a.photo_id, 0)`

const rowTables = ` FROM chats h JOIN conversations c ON c.workspace_id = h.workspace_id AND c.id = h.conversation_id
	JOIN visitors o ON o.workspace_id = h.workspace_id AND o.id = h.visitor_id
	LEFT JOIN agents a ON a.workspace_id = c.workspace_id AND a.id = c.assignee_id`

// theirs is the one condition under which a visitor ($3 in the chat $2) may see
// a conversation: they began it, or the same person whom the company has signed
// ($4, 0 for nobody).
const theirs = ` WHERE h.workspace_id = $1 AND h.inbox_id = $2 AND c.inbox_id = $2
	AND (h.visitor_id = $3 OR o.known AND o.contact_id = $4 AND o.contact_id > 0)`

func scanRow(r db.Row) (v row, err error) {
	var closed, person int64
	var status string
	err = r.Scan(&v.WorkspaceID, &v.ID, &v.InboxID, &v.ContactID, &status, &closed, &v.Subject, &v.lastPosition, &v.AssigneeID, &v.spam,
		&v.VisitorID, &v.delivered, &v.SeenPosition, &v.seenAt, &v.MailedPosition, &v.mailedAt, &person, &v.AgentsSeenPosition, &v.assigneeName, &v.assigneePhoto)
	v.Closed, v.ClosedAt, v.PersonAt = status == "closed", db.Time(closed), db.Time(person)
	return v, err
}

func (v Visitor) person() int64 {
	if v.Known {
		return v.ContactID
	}
	return 0
}

func askChat(v Visitor, id int64) *db.Asked[row] {
	return db.Ask(scanRow, "SELECT "+rowColumns+rowTables+theirs+" AND h.conversation_id = $5", v.WorkspaceID, v.InboxID, v.ID, v.person(), id)
}

// chat is a conversation that v may see; any other is NotFound.
func (s store) chat(ctx context.Context, v Visitor, id int64) (row, error) {
	asked := askChat(v, id)
	if err := db.Gather(ctx, s.d, asked); err != nil {
		return row{}, err
	}
	return asked.One()
}

// chats lists a visitor's conversations, newest activity first.
func (s store) chats(ctx context.Context, v Visitor, limit int) ([]row, error) {
	own := "SELECT conversation_id FROM chats WHERE workspace_id = $1 AND visitor_id = $3"
	if v.person() != 0 {
		own += " UNION SELECT x.conversation_id FROM visitors p CROSS JOIN chats x WHERE p.workspace_id = $1 AND p.contact_id = $4 AND x.workspace_id = p.workspace_id AND x.visitor_id = p.id"
	}
	return db.All(ctx, s.d, scanRow, "SELECT "+rowColumns+rowTables+theirs+" AND h.conversation_id IN ("+own+") ORDER BY c.last_activity_at DESC, c.id DESC LIMIT $5",
		v.WorkspaceID, v.InboxID, v.ID, v.person(), limit)
}

// chatOf is a conversation's chat for whoever may see all; NotFound when it is
// none.
func (s store) chatOf(ctx context.Context, workspaceID, conversationID int64) (row, error) {
	return db.One(ctx, s.d, scanRow, "SELECT "+rowColumns+rowTables+" WHERE h.workspace_id = $1 AND h.conversation_id = $2", workspaceID, conversationID)
}

func (s store) beginChat(ctx context.Context, v Visitor, conversationID, at int64) error {
	return db.Do(ctx, s.d, `INSERT INTO chats (workspace_id, conversation_id, inbox_id, visitor_id, delivered_position, seen_position, seen_at, mailed_position, mailed_at, person_at)
		VALUES ($1, $2, $3, $4, $5, $5, 0, 0, 0, 0) ON CONFLICT DO NOTHING`, v.WorkspaceID, conversationID, v.InboxID, v.ID, at)
}

func (s store) endChat(ctx context.Context, workspaceID, conversationID int64) error {
	return db.Do(ctx, s.d, "DELETE FROM chats WHERE workspace_id = $1 AND conversation_id = $2", workspaceID, conversationID)
}

// mark moves marks forward and never back.
func (s store) mark(ctx context.Context, c row, delivered, seen int64, now time.Time) error {
	return db.Do(ctx, s.d, `UPDATE chats SET delivered_position = CASE WHEN $3 > delivered_position THEN CAST($3 AS BIGINT) ELSE delivered_position END,
		seen_at = CASE WHEN $4 >= seen_position AND $5 > seen_at THEN CAST($5 AS BIGINT) ELSE seen_at END,
		seen_position = CASE WHEN $4 > seen_position THEN CAST($4 AS BIGINT) ELSE seen_position END WHERE workspace_id = $1 AND conversation_id = $2`,
		c.WorkspaceID, c.ID, delivered, seen, db.Micros(now))
}

// markMailed notes that answers leave by mail: all up to a position that were
// let go up to a moment. False: something was seen or mailed since c was read.
func (s store) markMailed(ctx context.Context, c row, to int64, at time.Time) (bool, error) {
	n, err := db.Exec(ctx, s.d, `UPDATE chats SET mailed_position = $3, mailed_at = $4 WHERE workspace_id = $1 AND conversation_id = $2
		AND mailed_position = $5 AND mailed_at = $6 AND seen_position = $7 AND seen_at = $8`,
		c.WorkspaceID, c.ID, to, db.Micros(at), c.MailedPosition, c.mailedAt, c.SeenPosition, c.seenAt)
	return n == 1, err
}

// askPerson reports whether this is the first time.
func (s store) askPerson(ctx context.Context, c row, at time.Time) (bool, error) {
	n, err := db.Exec(ctx, s.d, "UPDATE chats SET person_at = $3 WHERE workspace_id = $1 AND conversation_id = $2 AND person_at = 0", c.WorkspaceID, c.ID, db.Micros(at))
	return n == 1, err
}

// countLetter counts a transcript of a visitor on a day and reports whether it
// is within the limit.
func (s store) countLetter(ctx context.Context, v Visitor, day, limit int64) (bool, error) {
	n, err := db.Exec(ctx, s.d, `UPDATE visitors SET letters = CASE WHEN letters_day = $3 THEN letters + 1 ELSE 1 END, letters_day = $3
		WHERE workspace_id = $1 AND id = $2 AND (letters_day <> $3 OR letters < $4)`, v.WorkspaceID, v.ID, day, limit)
	return n == 1, err
}

// letters counts the transcripts that went to an address on a day.
func (s store) letters(ctx context.Context, v Visitor, address string, day int64) (int64, error) {
	return db.One(ctx, s.d, db.Int64, "SELECT CAST(COALESCE(SUM(letters), 0) AS BIGINT) FROM visitors WHERE workspace_id = $1 AND inbox_id = $2 AND email = $3 AND letters_day = $4 AND letters > 0",
		v.WorkspaceID, v.InboxID, address, day)
}

// visible is the one rule of what a visitor is shown of a conversation: what was
// written in this chat, the customer's own answers by mail, and what was
// answered. Never notes, what is held or taken back, what machines or others
// have sent.
const visible = ` NOT m.cancelled AND (
		m.kind = 'reply' AND COALESCE(o.state, 'sent') NOT IN ('held', 'cancelled')
		OR m.kind = 'inbound' AND m.class = 'human' AND m.author_kind = 'contact' AND m.author_id > 0 AND m.flags NOT LIKE '%unverified_sender%'
			AND (m.inbox_id = c.inbox_id OR m.author_id = c.contact_id))`

const messageColumns = `m.id, m.conversation_id, m.position, m.kind, m.author_kind, m.author_id, m.author_name, m.author_address, m.text, m.html, m.reply_text,
	m.external_id, m.proof, m.inbox_id <> c.inbox_id, m.created_at, COALESCE(o.queued_at, 0), COALESCE(a.photo_id, 0), COALESCE(a.public_name, ''),
	EXISTS (SELECT 1 FROM message_attachments f WHERE f.workspace_id = m.workspace_id AND f.message_id = m.id)`

const messageTables = ` FROM messages m JOIN conversations c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id
	LEFT JOIN outbound o ON o.workspace_id = m.workspace_id AND o.id = m.outbound_id AND m.outbound_id > 0
	LEFT JOIN agents a ON m.author_kind = 'agent' AND a.workspace_id = m.workspace_id AND a.id = m.author_id`

func scanMessage(r db.Row) (m written, err error) {
	var created, queued int64
	var public string
	err = r.Scan(&m.ID, &m.ConversationID, &m.Position, &m.kind, &m.authorKind, &m.authorID, &m.authorName, &m.authorAddress, &m.text, &m.html, &m.replyText,
		&m.externalID, &m.proof, &m.byMail, &created, &queued, &m.photoID, &public, &m.hasFiles)
	if public != "" {
		m.authorName = public
	}
	m.CreatedAt, m.shownAt = db.Time(created), db.Time(max(created, queued))
	return m, err
}

// askMessages asks what the visitors of a conversation are shown of it, from
// where p begins: the oldest above after, or without after the newest below
// before, in that order.
func askMessages(workspaceID, conversationID int64, p Page) *db.Asked[written] {
	var w db.Where
	w.Add("m.workspace_id = ?", workspaceID)
	w.Add("m.conversation_id = ?", conversationID)
	w.Add(visible)
	direction := ""
	if p.After > 0 || p.FromStart {
		w.Add("m.position > ?", p.After)
	} else {
		direction = " DESC"
	}
	if p.Before > 0 {
		w.Add("m.position < ?", p.Before)
	}
	return db.Ask(scanMessage, "SELECT "+messageColumns+messageTables+" WHERE "+w.String()+" ORDER BY m.position"+direction+" LIMIT "+w.Next(p.Limit), w.Args...)
}

// messages are those of a page of a conversation that v may see, by position
// ascending.
func (s store) messages(ctx context.Context, v Visitor, conversationID int64, p Page) ([]written, error) {
	chat, page := askChat(v, conversationID), askMessages(v.WorkspaceID, conversationID, p)
	if err := db.Gather(ctx, s.d, chat, page); err != nil {
		return nil, err
	}
	if _, err := chat.One(); err != nil {
		return nil, err
	}
	if p.After == 0 && !p.FromStart {
		slices.Reverse(page.Rows)
	}
	return page.Rows, s.attachFiles(ctx, v.WorkspaceID, page.Rows)
}

// attachFiles asks for the files of messages if any of them has some.
func (s store) attachFiles(ctx context.Context, workspaceID int64, list []written) error {
	if !slices.ContainsFunc(list, func(m written) bool { return m.hasFiles }) {
		return nil
	}
	files, err := attachment.Of(ctx, s.d, workspaceID, list, func(m written) int64 { return m.ID })
	for i, m := range list {
		for _, f := range files[m.ID] {
			list[i].files = append(list[i].files, File{f.ID, f.Name, f.ContentType, f.Size})
		}
	}
	return err
}

// askMessage asks for one message of a conversation as visitors are shown it.
func askMessage(workspaceID, conversationID, id int64) *db.Asked[written] {
	return db.Ask(scanMessage, "SELECT "+messageColumns+messageTables+" WHERE m.workspace_id = $1 AND m.id = $3 AND m.conversation_id = $2 AND"+visible, workspaceID, conversationID, id)
}

// message is one message of a conversation that v may see.
func (s store) message(ctx context.Context, v Visitor, conversationID, id int64) (written, error) {
	chat, m := askChat(v, conversationID), askMessage(v.WorkspaceID, conversationID, id)
	if err := db.Gather(ctx, s.d, chat, m); err != nil {
		return written{}, err
	}
	if _, err := chat.One(); err != nil {
		return written{}, err
	}
	return s.whole(ctx, v, m)
}

// whole is the one message that was asked for, with its files.
func (s store) whole(ctx context.Context, v Visitor, m *db.Asked[written]) (written, error) {
	if err := s.attachFiles(ctx, v.WorkspaceID, m.Rows); err != nil {
		return written{}, err
	}
	return m.One()
}

// beside is what a list shows of conversations beside their rows.
type beside struct {
	newest []*db.Asked[written] // of each, without its files
	unread *db.Asked[unread]
}

func askBeside(workspaceID int64, ids ...int64) (b beside, questions []db.Question) {
	b.unread = askUnread(workspaceID, ids)
	questions = append(questions, b.unread)
	for _, id := range ids {
		one := askMessages(workspaceID, id, Page{Limit: 1})
		b.newest, questions = append(b.newest, one), append(questions, one)
	}
	return b, questions
}

// beside adds to rows what is shown beside them.
func (s store) beside(ctx context.Context, workspaceID int64, rows []row) error {
	if len(rows) == 0 {
		return nil
	}
	ids := make([]int64, len(rows))
	for i, c := range rows {
		ids[i] = c.ID
	}
	b, questions := askBeside(workspaceID, ids...)
	if err := db.Gather(ctx, s.d, questions...); err != nil {
		return err
	}
	b.fill(rows)
	return nil
}

func (b beside) fill(rows []row) {
	for i := range rows {
		c := &rows[i]
		if found := b.newest[i].Rows; len(found) > 0 {
			c.newest = &found[0]
		}
		for _, u := range b.unread.Rows {
			if u.ID == c.ID {
				c.Unread = u.N
			}
		}
	}
}

// shown is a conversation that v may see, with what is shown beside it.
func (s store) shown(ctx context.Context, v Visitor, id int64) (row, error) {
	c, _, err := s.answer(ctx, v, id, nil)
	return c, err
}

// answer is shown and, unless it is nil, a message of the conversation.
func (s store) answer(ctx context.Context, v Visitor, id int64, m *db.Asked[written]) (row, written, error) {
	chat := askChat(v, id)
	b, questions := askBeside(v.WorkspaceID, id)
	questions = append(questions, chat)
	if m != nil {
		questions = append(questions, m)
	}
	if err := db.Gather(ctx, s.d, questions...); err != nil {
		return row{}, written{}, err
	}
	b.fill(chat.Rows)
	c, err := chat.One()
	if err != nil || m == nil {
		return c, written{}, err
	}
	w, err := s.whole(ctx, v, m)
	return c, w, err
}

// notSeen and notMailed are the answers of a chat (h) that its visitor has not
// seen, or got by mail. One that was held or scheduled stands below what was
// written meanwhile, so its place alone does not tell.
const (
	notSeen   = ` m.kind = 'reply' AND (m.position > h.seen_position OR COALESCE(o.queued_at, 0) > h.seen_at)`
	notMailed = ` (m.position > h.mailed_position OR COALESCE(o.queued_at, 0) > h.mailed_at)`
)

const chatOfMessage = " JOIN chats h ON h.workspace_id = m.workspace_id AND h.conversation_id = m.conversation_id"

// unseen are the answers of a conversation that were neither seen nor mailed,
// the oldest first.
func (s store) unseen(ctx context.Context, c row, limit int) ([]written, error) {
	list, err := db.All(ctx, s.d, scanMessage, "SELECT "+messageColumns+messageTables+chatOfMessage+" WHERE m.workspace_id = $1 AND m.conversation_id = $2 AND"+notSeen+" AND"+notMailed+" AND"+visible+
		" ORDER BY m.position LIMIT $3", c.WorkspaceID, c.ID, limit)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list, s.attachFiles(ctx, c.WorkspaceID, list)
}

// unread is how many answers in a conversation its visitor has not seen.
type unread struct{ ID, N int64 }

// askUnread asks it of conversations; one without any is not told.
func askUnread(workspaceID int64, ids []int64) *db.Asked[unread] {
	in, args := db.In(2, ids)
	return db.Ask(func(r db.Row) (u unread, err error) { return u, r.Scan(&u.ID, &u.N) },
		"SELECT m.conversation_id, COUNT(*)"+messageTables+chatOfMessage+" WHERE m.workspace_id = $1 AND m.conversation_id IN "+in+
			" AND"+notSeen+" AND"+visible+" GROUP BY m.conversation_id", append([]any{workspaceID}, args...)...)
}

// unseenBy lists the newest conversations of a visitor with an answer that was
// neither seen nor mailed.
func (s store) unseenBy(ctx context.Context, v Visitor) ([]int64, error) {
	return db.All(ctx, s.d, db.Int64, `SELECT h.conversation_id FROM chats h WHERE h.workspace_id = $1 AND h.visitor_id = $2 AND EXISTS (
		SELECT 1`+messageTables+` WHERE m.workspace_id = h.workspace_id AND m.conversation_id = h.conversation_id AND`+notSeen+" AND"+notMailed+" AND"+visible+`) ORDER BY h.conversation_id DESC LIMIT 20`, v.WorkspaceID, v.ID)
}

// isChat reports whether a conversation belongs to a visitor.
func (s store) isChat(ctx context.Context, workspaceID, conversationID int64) (bool, error) {
	_, err := db.One(ctx, s.d, db.Int64, "SELECT visitor_id FROM chats WHERE workspace_id = $1 AND conversation_id = $2", workspaceID, conversationID)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// watchers are the visitor of a conversation and who else is the same known
// person: whoever is one of them may see it.
func (s store) watchers(ctx context.Context, workspaceID, conversationID int64) (visitorID, contactID int64, err error) {
	v, err := db.One(ctx, s.d, scan, "SELECT "+columns+" FROM chats h JOIN visitors v ON v.workspace_id = h.workspace_id AND v.id = h.visitor_id WHERE h.workspace_id = $1 AND h.conversation_id = $2",
		workspaceID, conversationID)
	return v.ID, v.person(), err
}
