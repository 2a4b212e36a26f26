package conversation

import (
	"context"
	"math"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/conversation/participant"
	"rapport/internal/platform/db"
	"rapport/internal/platform/rich"
)

// desk is what somebody needs to write in a conversation. It is asked for with
// the conversation's lock, so nobody writes there in between.
type desk struct {
	author *db.Asked[Author]
	same   *db.Asked[Message] // has the client id
}

func (s store) askDesk(actor account.Actor, conversationID int64, n NewMessage) desk {
	return desk{askAuthor(actor), db.Ask(scanMessage, s.selectMessages()+` WHERE m.workspace_id = $1 AND m.client_id = $2 AND m.client_id <> ''
		AND m.conversation_id = $3`, actor.WorkspaceID, n.ClientID, conversationID)}
}

func (d desk) questions() []question { return []question{d.author, d.same} }

// known is the message that has been written under the client id.
func (d desk) known() (Message, bool) {
	if len(d.same.Rows) == 0 {
		return Message{}, false
	}
	return d.same.Rows[0], true
}

func askAuthor(actor account.Actor) *db.Asked[Author] {
	return db.Ask(func(r db.Row) (Author, error) {
		a := Author{Kind: actor.Kind, ID: actor.AgentID}
		err := r.Scan(&a.Name, &a.PhotoID)
		return a, err
	}, "SELECT name, photo_id FROM agents WHERE workspace_id = $1 AND id = $2", actor.WorkspaceID, actor.AgentID)
}

// authorOf is an actor as the author of a message; who is no agent has no name.
func authorOf(actor account.Actor, asked *db.Asked[Author]) Author {
	if len(asked.Rows) == 0 {
		return Author{Kind: actor.Kind, ID: actor.AgentID}
	}
	return asked.Rows[0]
}

func (s store) author(ctx context.Context, actor account.Actor) (Author, error) {
	asked := askAuthor(actor)
	err := db.Gather(ctx, s.d, asked)
	return authorOf(actor, asked), err
}

// door is what a reply needs beside, to leave.
type door struct {
	inbox        *db.Asked[channel.Inbox]
	participants *db.Asked[Participant]
	own          *db.Asked[string]    // addresses, to which nothing is written
	customer     *db.Asked[string]    // name
	signature    *db.Asked[rich.Text] // of the agent
	others       *db.Asked[int64]     // somebody else wrote after what the writer has seen
}

func (s store) askDoor(actor account.Actor, conversationID int64, n NewMessage) door {
	seen := int64(math.MaxInt64)
	if n.SeenPosition != nil {
		seen = *n.SeenPosition
	}
	return door{
		inbox:        AskInbox(actor.WorkspaceID, conversationID),
		participants: participant.Ask(actor.WorkspaceID, conversationID),
		customer:     db.Ask(db.String, "SELECT p.name FROM conversations c JOIN contacts p ON p.workspace_id = c.workspace_id AND p.id = c.contact_id WHERE c.workspace_id = $1 AND c.id = $2", actor.WorkspaceID, conversationID),
		signature:    AskSignature(actor.WorkspaceID, actor.AgentID),
		own:          channel.AskOwnAddresses(actor.WorkspaceID),
		others: db.Ask(db.Int64, `SELECT position FROM messages WHERE workspace_id = $1 AND conversation_id = $2 AND position > $3
			AND NOT (author_kind = $4 AND author_id = $5) AND NOT (kind = 'reply' AND class = 'auto_reply') LIMIT 1`, actor.WorkspaceID, conversationID, seen, actor.Kind, actor.AgentID),
	}
}

func (d door) questions() []question {
	return []question{d.inbox, d.participants, d.own, d.others, d.customer, d.signature}
}

// AskSignature asks for what an agent signs with.
func AskSignature(workspaceID, agentID int64) *db.Asked[rich.Text] {
	return db.Ask(func(r db.Row) (t rich.Text, err error) { return t, r.Scan(&t.Plain, &t.HTML) },
		"SELECT signature, signature_html FROM agents WHERE workspace_id = $1 AND id = $2", workspaceID, agentID)
}

func (s store) signature(ctx context.Context, actor account.Actor) (rich.Text, error) {
	asked := AskSignature(actor.WorkspaceID, actor.AgentID)
	err := db.Gather(ctx, s.d, asked)
	return first(asked), err
}

// first is the answer to a question that may have none.
func first[T any](asked *db.Asked[T]) (none T) {
	if len(asked.Rows) == 0 {
		return none
	}
	return asked.Rows[0]
}

// unseen reports whether somebody wrote after what the writer has seen.
func (d door) unseen() bool { return len(d.others.Rows) > 0 }

// AskInbox asks for the inbox of a conversation, also a deleted one.
func AskInbox(workspaceID, conversationID int64) *db.Asked[channel.Inbox] {
	return db.Ask(func(r db.Row) (channel.Inbox, error) { return channel.ScanInbox(r) }, "SELECT "+channel.InboxColumns+` FROM inboxes i
		WHERE i.workspace_id = $1 AND i.id = (SELECT c.inbox_id FROM conversations c WHERE c.workspace_id = $1 AND c.id = $2)`, workspaceID, conversationID)
}
