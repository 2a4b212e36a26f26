// Package checkup says what always holds of conversations and messages, for the
// doctor.
package checkup

import (
	"slices"
	"strings"

	"rapport/internal/conversation"
	"rapport/internal/conversation/masking"
	"rapport/internal/conversation/original"
	"rapport/internal/platform/db"
	"rapport/internal/platform/doctor"
)

// Checks are what always holds of conversations and messages.
func Checks(d *db.DB) []doctor.Check {
	of := func(table, what string) string {
		return strings.NewReplacer("$table", table, "$what", what).Replace(
			`SELECT $what || ' of conversation ' || x.conversation_id FROM $table x
			WHERE NOT EXISTS (SELECT 1 FROM conversations c WHERE c.workspace_id = x.workspace_id AND c.id = x.conversation_id)`)
	}
	return append([]doctor.Check{
		{Name: "messages.conversation", Says: "messages, participants, tags, drafts and read marks are of conversations that exist", Find: db.Finds(d, strings.Join([]string{
			of("messages", "'message ' || x.id"), of("participants", "'a participant'"), of("conversation_tags", "'a tag'"),
			of("drafts", "'a draft of agent ' || x.agent_id"), of("draft_versions", "'a version of a draft of agent ' || x.agent_id"), of("read_marks", "'a read mark of agent ' || x.agent_id")}, " UNION ALL "))},
		{Name: "messages.positions", Says: "messages stand at 1, 2, 3 … in their conversation, up to its last position", Find: db.Finds(d,
			`SELECT 'conversation ' || c.id || ' has ' || m.n || ' messages from ' || m.low || ' to ' || m.top || ', its last is ' || c.last_position
			FROM (SELECT workspace_id, conversation_id, COUNT(*) AS n, MIN(position) AS low, MAX(position) AS top FROM messages GROUP BY workspace_id, conversation_id) m
			CROSS JOIN conversations c WHERE c.workspace_id = m.workspace_id AND c.id = m.conversation_id AND (m.low <> 1 OR m.top <> m.n OR m.top <> c.last_position)
			UNION ALL SELECT 'conversation ' || c.id || ' has no messages, its last is ' || c.last_position FROM conversations c
			WHERE c.last_position <> 0 AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.workspace_id = c.workspace_id AND m.conversation_id = c.id)`)},
		{Name: "conversations.parts", Says: "a conversation has an inbox, a contact or none, and a number that was given", Find: db.Finds(d,
			`SELECT 'conversation ' || c.id FROM conversations c
			WHERE NOT EXISTS (SELECT 1 FROM inboxes i WHERE i.workspace_id = c.workspace_id AND i.id = c.inbox_id)
			OR c.contact_id <> 0 AND NOT EXISTS (SELECT 1 FROM contacts p WHERE p.workspace_id = c.workspace_id AND p.id = c.contact_id)
			OR c.number > COALESCE((SELECT n.last FROM conversation_numbers n WHERE n.workspace_id = c.workspace_id), 0)`)},
		{Name: "conversations.shelf", Says: "a conversation stands where its status, snooze and spam mark say, its tags with it", Find: db.Finds(d,
			`SELECT 'conversation ' || c.id || ' stands in ' || c.shelf FROM conversations c
			WHERE c.shelf <> CASE WHEN c.spam THEN 'spam' WHEN c.snoozed_until <> 0 THEN 'snoozed' ELSE c.status END
			UNION ALL SELECT 'a tag of conversation ' || c.id FROM conversation_tags t CROSS JOIN conversations c
			WHERE c.workspace_id = t.workspace_id AND c.id = t.conversation_id AND (c.inbox_id <> t.inbox_id OR c.shelf <> t.shelf OR c.last_activity_at <> t.last_activity_at)`)},
		{Name: "participants.party", Says: "whoever takes part exists", Find: db.Finds(d,
			`SELECT 'contact ' || x.party_id || ' in conversation ' || x.conversation_id FROM participants x WHERE x.kind = 'contact' AND x.party_id <> 0
			AND NOT EXISTS (SELECT 1 FROM contacts p WHERE p.workspace_id = x.workspace_id AND p.id = x.party_id)
			UNION ALL SELECT 'agent ' || x.party_id || ' in conversation ' || x.conversation_id FROM participants x WHERE x.kind = 'agent'
			AND NOT EXISTS (SELECT 1 FROM agents a WHERE a.workspace_id = x.workspace_id AND a.id = x.party_id)`)},
		{Name: "messages.read", Says: "nobody has read further than the last message", Find: db.Finds(d,
			`SELECT 'agent ' || x.agent_id || ' in conversation ' || x.conversation_id FROM read_marks x CROSS JOIN conversations c
			WHERE c.workspace_id = x.workspace_id AND c.id = x.conversation_id AND (x.position < 0 OR x.position > c.last_position)`)},
		{Name: "messages.attachments", Says: "an attachment has its message and its file", Find: db.Finds(d,
			`SELECT 'attachment ' || x.position || ' of message ' || x.message_id FROM message_attachments x
			WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.workspace_id = x.workspace_id AND m.id = x.message_id)
			OR NOT EXISTS (SELECT 1 FROM blob_refs b WHERE b.workspace_id = x.workspace_id AND b.owner = $1 AND b.owner_id = x.message_id AND b.blob_id = x.blob_id)`, conversation.BlobOwner)},
	}, slices.Concat(walks(d), masking.Checks(d), original.Checks(d))...)
}

// walks are what holds between messages and how they came in and go out.
// Receipts and outbound remain when a conversation is deleted.
func walks(d *db.DB) []doctor.Check {
	return []doctor.Check{
		{Name: "messages.receipt", Says: "every applied mail is where it says, and every message that came has its receipt", Find: db.Finds(d,
			`SELECT 'receipt ' || x.id || ' names conversation ' || x.conversation_id FROM receipts x WHERE x.state = 'applied' AND x.conversation_id <> 0
			AND NOT EXISTS (SELECT 1 FROM conversations c WHERE c.workspace_id = x.workspace_id AND c.id = x.conversation_id)
			AND NOT EXISTS (SELECT 1 FROM events e WHERE e.workspace_id = x.workspace_id AND e.conversation_id = x.conversation_id AND e.kind = $1)`+
				d.Pick("", " AND NOT EXISTS (SELECT 1 FROM event_inbox e WHERE e.workspace_id = x.workspace_id AND e.conversation_id = x.conversation_id)")+
				` UNION ALL SELECT 'message ' || m.id || ' names receipt ' || m.receipt_id FROM messages m WHERE m.receipt_id <> 0
			AND NOT EXISTS (SELECT 1 FROM receipts x WHERE x.workspace_id = m.workspace_id AND x.id = m.receipt_id AND x.state = 'applied')`, conversation.EventDeleted)},
		{Name: "messages.outbound", Says: "a message on its way out and its outbound name each other", Find: db.Finds(d,
			`SELECT 'message ' || m.id FROM messages m WHERE m.outbound_id <> 0
			AND NOT EXISTS (SELECT 1 FROM outbound o WHERE o.workspace_id = m.workspace_id AND o.id = m.outbound_id AND o.message_id = m.id)
			UNION ALL SELECT 'outbound ' || o.id FROM outbound o WHERE o.message_id <> 0
			AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.workspace_id = o.workspace_id AND m.id = o.message_id AND m.outbound_id = o.id)
			AND EXISTS (SELECT 1 FROM conversations c WHERE c.workspace_id = o.workspace_id AND c.id = o.conversation_id)`)},
	}
}
