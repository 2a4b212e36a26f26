package conversation

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"rapport/internal/channel"
	"rapport/internal/conversation/attachment"
	"rapport/internal/conversation/draft"
	"rapport/internal/conversation/masking"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// parties is how a message's recipients are stored, and what it passes on to
// them.
type parties struct {
	To     []channel.Party `json:"to,omitempty"`
	Cc     []channel.Party `json:"cc,omitempty"`
	Bcc    []channel.Party `json:"bcc,omitempty"`
	Passes Passage         `json:"passes,omitzero"`
}

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// selectMessages reads messages with their files, and the photo of the agent
// who wrote.
func (s store) selectMessages() string {
	return `SELECT m.workspace_id, m.id, m.conversation_id, m.inbox_id, m.position, m.kind, m.class, m.author_kind, m.author_id, m.author_name, m.author_address,
		m.parties, m.text, m.html, m.reply_text, m.external_id, m.content_hash, m.created_at, m.sent_at, m.client_id, m.proof, m.flags, m.mentions, m.language,
		m.receipt_id, m.outbound_id, m.cancelled, m.status_before, m.version, m.finding,
		COALESCE((SELECT a.photo_id FROM agents a WHERE m.author_kind = 'agent' AND a.workspace_id = m.workspace_id AND a.id = m.author_id), 0), ` + attachment.Column(s.d) + " FROM messages m"
}

func scanMessage(r db.Row) (m Message, err error) {
	var created, sent int64
	var who, flags, mentions, finding, files string
	err = r.Scan(&m.WorkspaceID, &m.ID, &m.ConversationID, &m.InboxID, &m.Position, &m.Kind, &m.Class, &m.Author.Kind, &m.Author.ID, &m.Author.Name, &m.Author.Address,
		&who, &m.Text, &m.HTML, &m.ReplyText, &m.ExternalID, &m.ContentHash, &created, &sent, &m.ClientID, &m.Proof, &flags, &mentions, &m.Language,
		&m.ReceiptID, &m.OutboundID, &m.Cancelled, &m.StatusBefore, &m.Version, &finding, &m.Author.PhotoID, &files)
	if err != nil {
		return m, err
	}
	m.CreatedAt, m.SentAt = db.Time(created), db.Time(sent)
	m.Finding.By, m.Finding.Domain, _ = strings.Cut(finding, " ")
	var p parties
	for text, into := range map[string]any{who: &p, flags: &m.Flags, mentions: &m.Mentions} {
		if text == "" || text == "[]" {
			continue
		}
		if err := json.Unmarshal([]byte(text), into); err != nil {
			return m, err
		}
	}
	m.To, m.Cc, m.Bcc, m.Passes = p.To, p.Cc, p.Bcc, p.Passes
	m.Attachments, err = attachment.Parse(files)
	return m, err
}

// AskMessages asks for the messages m that meet a condition, with their files.
func AskMessages(d *db.DB, condition string, args ...any) *db.Asked[Message] {
	return db.Ask(scanMessage, store{d}.selectMessages()+" WHERE "+condition, args...)
}

// addMessage gives m its id and the next position of the locked conversation c
// and writes it.
func (s store) addMessage(ctx context.Context, c *Conversation, m *Message, now time.Time) (err error) {
	if m.ID == 0 {
		if m.ID, err = s.newID(ctx); err != nil {
			return err
		}
	}
	c.LastPosition++
	m.Position, m.CreatedAt, m.Version = c.LastPosition, now, 1
	flags, mentions := "", ""
	if len(m.Flags) > 0 {
		flags = asJSON(m.Flags)
	}
	if len(m.Mentions) > 0 {
		mentions = asJSON(m.Mentions)
	}
	return db.Do(ctx, s.d, `INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, position, kind, class, author_kind, author_id, author_name, author_address,
			parties, text, html, reply_text, external_id, content_hash, created_at, sent_at, client_id, proof, flags, mentions, language,
			receipt_id, outbound_id, cancelled, status_before, version, finding)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,$28,$29,$30)`,
		m.WorkspaceID, m.ID, m.ConversationID, m.InboxID, m.Position, m.Kind, string(m.Class), m.Author.Kind, m.Author.ID, m.Author.Name, m.Author.Address,
		asJSON(parties{m.To, m.Cc, m.Bcc, m.Passes}), m.Text, m.HTML, m.ReplyText, m.ExternalID, m.ContentHash, db.Micros(now), db.Micros(m.SentAt), m.ClientID, string(m.Proof),
		flags, mentions, m.Language, m.ReceiptID, m.OutboundID, m.Cancelled, string(m.StatusBefore), m.Version, strings.TrimSpace(m.Finding.By+" "+m.Finding.Domain))
}

const oneMessage = " WHERE m.workspace_id = $1 AND m.id = $2"

func (s store) message(ctx context.Context, workspaceID, id int64) (Message, error) {
	return db.One(ctx, s.d, scanMessage, s.selectMessages()+oneMessage, workspaceID, id)
}

// messageIn is a conversation and a message of it; NotFound without either.
func (s store) messageIn(ctx context.Context, workspaceID, conversationID, id int64) (Conversation, Message, error) {
	asked := db.Ask(scanMessage, s.selectMessages()+oneMessage+" AND m.conversation_id = $3", workspaceID, id, conversationID)
	c, err := s.with(ctx, workspaceID, conversationID, asked)
	if err != nil {
		return c, Message{}, err
	}
	m, err := asked.One()
	return c, m, err
}

// startedBy is the conversation other than one that author has started with a
// message named client; 0 when there is none.
func (s store) startedBy(ctx context.Context, workspaceID int64, client string, author Author, one int64) (int64, error) {
	id, err := db.One(ctx, s.d, db.Int64, `SELECT conversation_id FROM messages WHERE workspace_id = $1 AND client_id = $2 AND client_id <> ''
		AND position = 1 AND kind = 'reply' AND author_kind = $3 AND author_id = $4 AND conversation_id <> $5`, workspaceID, client, author.Kind, author.ID, one)
	if fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	return id, err
}

// messages returns a conversation and one page of its positions between after
// and before (0: no bound), ascending: the newest of them, or with after the
// oldest.
func (s store) messages(ctx context.Context, workspaceID, conversationID int64, span Span, limit int) (Conversation, []Message, error) {
	var w db.Where
	w.Add("m.workspace_id = ?", workspaceID)
	w.Add("m.conversation_id = ?", conversationID)
	direction := " DESC"
	if span.Oldest {
		w.Add("m.position > ?", span.After)
		direction = ""
	}
	if span.Before > 0 {
		w.Add("m.position < ?", span.Before)
	}
	page := db.Ask(scanMessage, s.selectMessages()+" WHERE "+w.String()+" ORDER BY m.position"+direction+" LIMIT "+w.Next(limit), w.Args...)
	c, err := s.with(ctx, workspaceID, conversationID, page)
	if direction != "" {
		slices.Reverse(page.Rows)
	}
	return c, page.Rows, err
}

func (s store) addAttachment(ctx context.Context, m Message, position int, a Attachment) error {
	return attachment.Add(ctx, s.d, m.WorkspaceID, m.ID, position, a)
}

// atHand reports whether a blob hangs on a message of the conversation that the
// author of m has taken back, so that it may be sent again, or that m passes on.
func (s store) atHand(ctx context.Context, c Conversation, of Message, blobID int64) (bool, error) {
	list, err := db.All(ctx, s.d, db.Int64, `SELECT m.id FROM message_attachments a JOIN messages m ON m.workspace_id = a.workspace_id AND m.id = a.message_id
		WHERE a.workspace_id = $1 AND a.blob_id = $2 AND m.conversation_id = $3 AND (m.cancelled AND m.author_kind = $4 AND m.author_id = $5
			OR NOT m.cancelled AND m.kind <> 'note' AND m.position >= $6 AND m.position <= $7) LIMIT 1`,
		c.WorkspaceID, blobID, c.ID, of.Author.Kind, of.Author.ID, of.Passes.First, of.Passes.Last)
	return len(list) > 0, err
}

func (s store) putDraft(ctx context.Context, c Conversation, agentID int64, d draft.Draft, now time.Time) (draft.Draft, error) {
	return draft.Put(ctx, s.d, c.WorkspaceID, agentID, d, now)
}

func (s store) dropDraft(ctx context.Context, c Conversation, agentID int64, kind string) error {
	return draft.Drop(ctx, s.d, c.WorkspaceID, agentID, c.ID, kind)
}

func (s store) mask(ctx context.Context, m Message, why channel.Credential, w masking.Words) error {
	return masking.Keep(ctx, s.d, m.WorkspaceID, m.ConversationID, m.ID, why, w)
}

func (s store) revealed(ctx context.Context, m Message) (masking.Words, error) {
	return masking.Revealed(ctx, s.d, m.WorkspaceID, m.ConversationID, m.ID)
}

func (s store) maskedFrom(ctx context.Context, v channel.Receipt) ([]int64, error) {
	return masking.From(ctx, s.d, v)
}

func (s store) masked(ctx context.Context, workspaceID int64, ids []int64) (map[int64]channel.Credential, error) {
	return masking.Reasons(ctx, s.d, workspaceID, ids)
}

func (s store) cancel(ctx context.Context, m Message) error {
	return db.Do(ctx, s.d, "UPDATE messages SET cancelled = TRUE, version = version + 1 WHERE workspace_id = $1 AND id = $2", m.WorkspaceID, m.ID)
}

// newestStanding is the newest message that was not taken back and that lists
// show: what a machine wrote is none, unless the conversation began with it.
func (s store) newestStanding(ctx context.Context, c Conversation) (Message, error) {
	return db.One(ctx, s.d, scanMessage, s.selectMessages()+" WHERE m.workspace_id = $1 AND m.conversation_id = $2 AND NOT m.cancelled AND (m.class = 'human' OR m.position = 1) ORDER BY m.position DESC LIMIT 1", c.WorkspaceID, c.ID)
}

// owners are the messages of a conversation and their outbounds, for Delete.
func (s store) owners(ctx context.Context, c Conversation) ([]Message, error) {
	return db.All(ctx, s.d, func(r db.Row) (m Message, err error) { return m, r.Scan(&m.ID, &m.OutboundID) },
		"SELECT id, outbound_id FROM messages WHERE workspace_id = $1 AND conversation_id = $2 ORDER BY position", c.WorkspaceID, c.ID)
}
