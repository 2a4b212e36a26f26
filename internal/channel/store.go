package channel

import (
	"context"
	"encoding/json"
	"time"

	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// Store is the database the room keeps its tables in.
type Store = *db.DB

type store struct{ d *db.DB }

func (s store) within(ctx context.Context, fn func(context.Context) error) error {
	return s.d.Within(ctx, fn)
}

func (s store) newID(ctx context.Context) (int64, error) { return s.d.NewID(ctx) }

// InboxColumns are those of "inboxes i" that ScanInbox reads. A room above asks
// for them with its own things.
const InboxColumns = "i.workspace_id, i.id, i.key, i.name, i.channel, i.address, i.settings, i.secrets, i.reply_status, i.reopen_days, i.signature, i.signature_html, i.template, i.template_html, i.mail_inbox_id, i.fetch_trouble, i.send_trouble, i.lost, i.last_fetch_at, i.version"

func scanInbox(row db.Row) (Inbox, error) { return ScanInbox(row) }

// ScanInbox reads InboxColumns, and more that follow them.
func ScanInbox(row db.Row, more ...any) (Inbox, error) {
	var v Inbox
	var settings string
	var fetched int64
	err := row.Scan(append([]any{&v.WorkspaceID, &v.ID, &v.Key, &v.Name, &v.Channel, &v.Address, &settings, &v.sealed, &v.ReplyStatus, &v.ReopenDays, &v.Signature.Plain, &v.Signature.HTML, &v.Template.Plain, &v.Template.HTML, &v.MailInboxID, &v.fetchTrouble, &v.sendTrouble, &v.lost, &fetched, &v.Version}, more...)...)
	if err != nil {
		return v, err
	}
	v.LastFetchAt = db.Time(fetched)
	v = v.judged()
	switch v.Channel {
	case "email":
		v.Email = &EmailSettings{}
		err = json.Unmarshal([]byte(settings), v.Email)
	case "chat":
		v.Chat = &ChatSettings{}
		err = json.Unmarshal([]byte(settings), v.Chat)
	case "form":
		v.Form = &FormSettings{}
		err = json.Unmarshal([]byte(settings), v.Form)
	}
	return v, err
}

func settingsOf(v Inbox) (string, error) {
	var settings any = struct{}{}
	switch {
	case v.Email != nil:
		settings = v.Email // passwords are not part of it
	case v.Chat != nil:
		settings = v.Chat
	case v.Form != nil:
		settings = v.Form
	}
	b, err := json.Marshal(settings)
	return string(b), err
}

func (s store) insertInbox(ctx context.Context, v Inbox, secrets []byte) error {
	settings, err := settingsOf(v)
	if err != nil {
		return err
	}
	return db.Do(ctx, s.d, `INSERT INTO inboxes (workspace_id, id, key, name, channel, address, settings, secrets, reply_status, reopen_days, signature, fetch_trouble, send_trouble, lost, last_fetch_at, deleted_at, version, mail_inbox_id, template, signature_html, template_html)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,'',0,0,$14,$15,$16,$17,$18)`,
		v.WorkspaceID, v.ID, v.Key, v.Name, v.Channel, v.Address, settings, secrets, v.ReplyStatus, v.ReopenDays, v.Signature.Plain, v.fetchTrouble, v.sendTrouble, v.Version, v.MailInboxID, v.Template.Plain, v.Signature.HTML, v.Template.HTML)
}

func (s store) updateInbox(ctx context.Context, v Inbox, secrets []byte) error {
	settings, err := settingsOf(v)
	if err != nil {
		return err
	}
	return db.Do(ctx, s.d, `UPDATE inboxes SET name = $1, address = $2, settings = $3, secrets = $4, reply_status = $5, reopen_days = $6, signature = $7, fetch_trouble = $8, send_trouble = $9, version = $10, mail_inbox_id = $13, template = $14, lost = $15, signature_html = $16, template_html = $17
		WHERE workspace_id = $11 AND id = $12`,
		v.Name, v.Address, settings, secrets, v.ReplyStatus, v.ReopenDays, v.Signature.Plain, v.fetchTrouble, v.sendTrouble, v.Version, v.WorkspaceID, v.ID, v.MailInboxID, v.Template.Plain, v.lost, v.Signature.HTML, v.Template.HTML)
}

// lockInbox makes two who change an inbox at once follow each other.
func (s store) lockInbox(ctx context.Context, workspaceID, id int64) error {
	return db.Do(ctx, s.d, "UPDATE inboxes SET version = version WHERE workspace_id = $1 AND id = $2", workspaceID, id)
}

func (s store) deleteInbox(ctx context.Context, workspaceID, id int64, now time.Time) error {
	n, err := db.Exec(ctx, s.d, "UPDATE inboxes SET deleted_at = $1, version = version + 1 WHERE workspace_id = $2 AND id = $3 AND deleted_at = 0", db.Micros(now), workspaceID, id)
	if err == nil && n == 0 {
		return fault.New("channel.deleteInbox", fault.NotFound, "")
	}
	if err != nil {
		return err
	}
	return db.Do(ctx, s.d, "DELETE FROM inbound_addresses WHERE workspace_id = $1 AND inbox_id = $2", workspaceID, id)
}

// claimAddress reports false when the address belongs to another inbox.
func (s store) claimAddress(ctx context.Context, v Inbox) (bool, error) {
	if err := db.Do(ctx, s.d, "DELETE FROM inbound_addresses WHERE workspace_id = $1 AND inbox_id = $2", v.WorkspaceID, v.ID); err != nil {
		return false, err
	}
	n, err := db.Exec(ctx, s.d, "INSERT INTO inbound_addresses (address, workspace_id, inbox_id) VALUES ($1, $2, $3) ON CONFLICT (address) DO NOTHING", v.Address, v.WorkspaceID, v.ID)
	return n == 1, err
}

func (s store) inbox(ctx context.Context, workspaceID, id int64) (Inbox, error) {
	return db.One(ctx, s.d, scanInbox, "SELECT "+InboxColumns+" FROM inboxes i WHERE i.workspace_id = $1 AND i.id = $2 AND i.deleted_at = 0", workspaceID, id)
}

const selectAnyInbox = "SELECT " + InboxColumns + " FROM inboxes i WHERE i.workspace_id = $1 AND i.id = $2"

// anyInbox finds deleted inboxes as well: their mail still has to be handled.
func (s store) anyInbox(ctx context.Context, workspaceID, id int64) (Inbox, error) {
	return db.One(ctx, s.d, scanInbox, selectAnyInbox, workspaceID, id)
}

// AskInbox is InboxOf for a room that asks other things with it.
func AskInbox(workspaceID, id int64) *db.Asked[Inbox] {
	return db.Ask(scanInbox, selectAnyInbox, workspaceID, id)
}

const selectFirstInbox = "SELECT " + InboxColumns + " FROM inboxes i WHERE i.workspace_id = $1 AND i.channel = $2 AND i.deleted_at = 0 ORDER BY i.id LIMIT 1"

func (s store) firstInbox(ctx context.Context, workspaceID int64, channel string) (Inbox, error) {
	return db.One(ctx, s.d, scanInbox, selectFirstInbox, workspaceID, channel)
}

// AskMailInbox asks whether MailInbox finds one, of any inbox of a workspace: its
// answer is empty when not.
func AskMailInbox(workspaceID int64) *db.Asked[Inbox] {
	return db.Ask(scanInbox, selectFirstInbox, workspaceID, "email")
}

func (s store) inboxes(ctx context.Context, workspaceID int64) ([]Inbox, error) {
	return db.All(ctx, s.d, scanInbox, "SELECT "+InboxColumns+" FROM inboxes i WHERE i.workspace_id = $1 AND i.deleted_at = 0 ORDER BY i.id", workspaceID)
}

// atWork are the inboxes of a workspace, and the deleted ones through which mail
// still waits to leave.
func (s store) atWork(ctx context.Context, workspaceID int64) ([]Inbox, error) {
	return db.All(ctx, s.d, scanInbox, "SELECT "+InboxColumns+` FROM inboxes i WHERE i.workspace_id = $1 AND (i.deleted_at = 0
		OR i.id IN (SELECT o.via_id FROM outbound o WHERE o.workspace_id = $1 AND o.state IN ($2, $3, $4, $5)))`,
		workspaceID, string(Held), string(Queued), string(Sending), string(Delayed))
}

func (s store) allInboxes(ctx context.Context, channel string) ([]Inbox, error) {
	return db.All(ctx, s.d, scanInbox, "SELECT "+InboxColumns+" FROM inboxes i WHERE i.channel = $1 AND i.deleted_at = 0 ORDER BY i.workspace_id, i.id", channel)
}

func (s store) inboxAt(ctx context.Context, address string) (Inbox, error) {
	return db.One(ctx, s.d, scanInbox, "SELECT "+InboxColumns+" FROM inbound_addresses a JOIN inboxes i ON i.workspace_id = a.workspace_id AND i.id = a.inbox_id WHERE a.address = $1 AND i.deleted_at = 0", address)
}

const selectOwnAddresses = "SELECT address FROM inbound_addresses WHERE workspace_id = $1 ORDER BY address"

func (s store) ownAddresses(ctx context.Context, workspaceID int64) ([]string, error) {
	return db.All(ctx, s.d, db.String, selectOwnAddresses, workspaceID)
}

// AskOwnAddresses is OwnAddresses for a room that asks other things with it.
func AskOwnAddresses(workspaceID int64) *db.Asked[string] {
	return db.Ask(db.String, selectOwnAddresses, workspaceID)
}

func (s store) noteFetch(ctx context.Context, v Inbox, now time.Time) error {
	return db.Do(ctx, s.d, "UPDATE inboxes SET last_fetch_at = $1 WHERE workspace_id = $2 AND id = $3", db.Micros(now), v.WorkspaceID, v.ID)
}

func (s store) setFetchTrouble(ctx context.Context, v Inbox, text string) (bool, error) {
	n, err := db.Exec(ctx, s.d, "UPDATE inboxes SET fetch_trouble = $1 WHERE workspace_id = $2 AND id = $3 AND fetch_trouble <> $1", text, v.WorkspaceID, v.ID)
	return n == 1, err
}

func (s store) setSendTrouble(ctx context.Context, v Inbox, text string) (bool, error) {
	n, err := db.Exec(ctx, s.d, "UPDATE inboxes SET send_trouble = $1 WHERE workspace_id = $2 AND id = $3 AND send_trouble <> $1", text, v.WorkspaceID, v.ID)
	return n == 1, err
}
