package bench

import "fmt"

// The texts that fill a company from the numbers in the table n. $1 is the
// workspace, $2 to $7 are its inboxes.

const (
	inboxOf  = "CASE n.c % 6 WHEN 0 THEN $2 WHEN 1 THEN $3 WHEN 2 THEN $4 WHEN 3 THEN $5 WHEN 4 THEN $6 ELSE $7 END"
	shelfOf  = "CASE WHEN n.h % 1000 < 80 THEN 'open' WHEN n.h % 1000 < 130 THEN 'pending' WHEN n.h % 1000 < 140 THEN 'on_hold' WHEN n.h % 1000 < 150 THEN 'snoozed' WHEN n.h % 1000 < 170 THEN 'spam' ELSE 'closed' END"
	statusOf = "CASE WHEN n.h % 1000 < 80 THEN 'open' WHEN n.h % 1000 < 130 THEN 'pending' WHEN n.h % 1000 < 140 THEN 'on_hold' WHEN n.h % 1000 < 170 THEN 'open' ELSE 'closed' END"
	// Prose of about 418 characters, as in the peer's measurement.
	prose = "'Good morning, I ordered the blue kettle on ' || n.c || ' and it has not arrived yet. The parcel page says it left your warehouse last week, and since then nothing has moved. Could you please look where it is, and tell me whether I should wait or whether you would rather send another one? My neighbour is at home all day and can take it in. If it is lost I would like my money back to the card I paid with, ' || (n.h % 100000) || '. Many thanks and kind regards.'"
)

var (
	assigneeOf = fmt.Sprintf("CASE WHEN n.h / 7 %% 10 < 6 THEN %d + n.h / 11 %% %d ELSE 0 END", firstAgent, agentCount)
	teamOf     = "CASE WHEN n.h / 13 % 4 < 3 THEN 6001 + n.h / 13 % 4 ELSE 0 END"
	contactOf  = fmt.Sprintf("(%d + n.person)", firstContact)
	idOf       = fmt.Sprintf("(%d + n.c)", firstConversation)
	addressOf  = "('customer' || n.person || '@mail.example')"
	activityOf = "(n.at + n.h % 60000000)"
	messageOf  = fmt.Sprintf("(%d + n.c * %d + p.p)", firstMessage, perThread)
	positions  = "(WITH RECURSIVE p(p) AS (SELECT 1 UNION ALL SELECT p + 1 FROM p WHERE p < 30) SELECT p FROM p) p"
	isReply    = "p.p % 2 = 0"
)

// rows fill a batch.
var rows = []string{
	`INSERT OR IGNORE INTO contacts (workspace_id, id, name, sort_key, search_key, company_id, language, time_zone, city, note, since, blocked, created_at, version)
		SELECT $1, ` + contactOf + `, 'Customer ' || n.person, 'customer ' || n.person, 'customer ' || n.person || ' ' || ` + addressOf + `, 0, 'en', '', '', '', 0, FALSE, n.at, 1 FROM n WHERE $7 > 0`,
	`INSERT OR IGNORE INTO contact_identities (workspace_id, kind, system, address_key, contact_id, address, verified, created_at)
		SELECT $1, 'email', '', ` + addressOf + `, ` + contactOf + `, ` + addressOf + `, FALSE, n.at FROM n WHERE $7 > 0`,
	`INSERT INTO conversations (workspace_id, id, number, inbox_id, channel, contact_id, subject, search_key, status, shelf, priority, assignee_id, team_id, snoozed_until, spam,
			created_at, last_activity_at, closed_at, last_position, last_author_kind, excerpt, linked_id, version)
		SELECT $1, ` + idOf + `, n.c, ` + inboxOf + `, 'email', ` + contactOf + `, 'Where is my kettle ' || n.c, 'where is my kettle ' || n.c || ' good morning, i ordered the blue kettle', ` +
		statusOf + `, ` + shelfOf + `, 'normal', ` + assigneeOf + `, ` + teamOf + `, CASE WHEN ` + shelfOf + ` = 'snoozed' THEN n.at + 315360000000000 ELSE 0 END, ` + shelfOf + ` = 'spam', n.at, ` +
		activityOf + `, CASE WHEN ` + statusOf + ` = 'closed' THEN ` + activityOf + ` ELSE 0 END, n.messages, CASE n.messages % 2 WHEN 1 THEN 'contact' ELSE 'agent' END, substr(` + prose + `, 1, 160), 0, n.messages
		FROM n`,
	`INSERT INTO conversation_tags (workspace_id, conversation_id, tag_key, tag, inbox_id, shelf, last_activity_at)
		SELECT $1, ` + idOf + `, 'tag ' || (n.h / 17 % 20), 'tag ' || (n.h / 17 % 20), ` + inboxOf + `, ` + shelfOf + `, ` + activityOf + ` FROM n WHERE n.h / 19 % 10 < 3`,
	`INSERT INTO participants (workspace_id, conversation_id, kind, address_key, party_id, name, address, role, proof, joined_at)
		SELECT $1, ` + idOf + `, 'contact', ` + addressOf + `, ` + contactOf + `, 'Customer ' || n.person, ` + addressOf + `, 'customer', 'unchecked', n.at FROM n WHERE $7 > 0`,
	`INSERT INTO messages (workspace_id, id, conversation_id, position, inbox_id, kind, class, author_kind, author_id, author_name, author_address, parties, text, html, reply_text,
			external_id, content_hash, created_at, sent_at, client_id, proof, finding, flags, mentions, language, receipt_id, outbound_id, cancelled, status_before, version)
		SELECT $1, ` + messageOf + `, ` + idOf + `, p.p, ` + inboxOf + `, CASE WHEN ` + isReply + ` THEN 'reply' ELSE 'inbound' END, 'human',
			CASE WHEN ` + isReply + ` THEN 'agent' ELSE 'contact' END, CASE WHEN ` + isReply + ` THEN 5001 ELSE ` + contactOf + ` END,
			CASE WHEN ` + isReply + ` THEN 'Agent 1' ELSE 'Customer ' || n.person END, CASE WHEN ` + isReply + ` THEN '' ELSE ` + addressOf + ` END,
			CASE WHEN ` + isReply + ` THEN '{"to":[{"name":"","address":"' || ` + addressOf + ` || '"}]}' ELSE '{}' END, ` + prose + `, '', CASE WHEN ` + isReply + ` THEN '' ELSE ` + prose + ` END,
			CASE WHEN ` + isReply + ` THEN '' ELSE 'm' || ` + messageOf + ` || '.' || (n.h * p.p % 999983) || '@mail.example' END,
			CASE WHEN ` + isReply + ` THEN '' ELSE printf('%016x%016x', n.h * 40503 * p.p, n.h * p.p) END,
			n.at + p.p * 1000000, n.at + p.p * 1000000, '', CASE WHEN ` + isReply + ` THEN '' ELSE 'unchecked' END, '', '', '', '', 0, CASE WHEN ` + isReply + ` THEN ` + messageOf + ` ELSE 0 END, FALSE, '', 1
		FROM n JOIN ` + positions + ` ON p.p <= n.messages`,
	`INSERT INTO outbound (workspace_id, id, inbox_id, via_id, conversation_id, message_id, state, reason, hold_until, external_id, envelope_from, blob_id, created_at, queued_at, sent_at)
		SELECT $1, ` + messageOf + `, ` + inboxOf + `, ` + inboxOf + `, ` + idOf + `, ` + messageOf + `, 'sent', '', 0, 'o' || ` + messageOf + ` || '@shop.example', '', 0, n.at, n.at, n.at
		FROM n JOIN ` + positions + ` ON p.p <= n.messages AND ` + isReply,
	`INSERT INTO outbound_recipients (workspace_id, outbound_id, address, state, reason)
		SELECT $1, ` + messageOf + `, ` + addressOf + `, 'sent', '' FROM n JOIN ` + positions + ` ON p.p <= n.messages AND ` + isReply + ` AND $7 > 0`,
	`INSERT INTO events (workspace_id, seq, at, kind, actor_kind, actor_id, conversation_id, contact_id, cause, depth, data)
		SELECT $1, (SELECT COALESCE(MAX(seq), 0) FROM events WHERE workspace_id = $1) + row_number() OVER (ORDER BY n.c, p.p), n.at + p.p * 1000000,
			CASE WHEN ` + isReply + ` THEN 'message.replied' ELSE 'message.received' END, CASE WHEN ` + isReply + ` THEN 'agent' ELSE 'contact' END,
			CASE WHEN ` + isReply + ` THEN 5001 ELSE ` + contactOf + ` END, ` + idOf + `, ` + contactOf + `, 0, 0, '{"inbox_id":' || ` + inboxOf + ` || ',"message_id":' || ` + messageOf + ` || ',"position":' || p.p || '}'
		FROM n JOIN ` + positions + ` ON p.p <= n.messages`,
	`INSERT INTO read_marks (workspace_id, agent_id, conversation_id, position)
		SELECT $1, ` + assigneeOf + `, ` + idOf + `, n.messages - n.h % 2 FROM n WHERE ` + assigneeOf + ` > 0 AND $7 > 0`,
	`INSERT INTO conversation_counted (workspace_id, conversation_id, inbox_id, shelf, team_id, assignee_id)
		SELECT $1, ` + idOf + `, ` + inboxOf + `, ` + shelfOf + `, ` + teamOf + `, ` + assigneeOf + ` FROM n`,
}

// totals follow the last batch.
var totals = []string{
	`INSERT INTO view_counts (workspace_id, inbox_id, shelf, team_id, assignee_id, n)
		SELECT workspace_id, inbox_id, shelf, team_id, assignee_id, COUNT(*) FROM conversation_counted WHERE workspace_id = $1 GROUP BY 1, 2, 3, 4, 5`,
	`INSERT INTO event_heads (workspace_id, seq) SELECT workspace_id, MAX(seq) FROM events WHERE workspace_id = $1 GROUP BY 1
		ON CONFLICT (workspace_id) DO UPDATE SET seq = excluded.seq`,
	`INSERT INTO readers (workspace_id, reader, seq) SELECT workspace_id, 'conversation.counts', seq FROM event_heads WHERE workspace_id = $1
		ON CONFLICT (workspace_id, reader) DO UPDATE SET seq = excluded.seq`,
	`INSERT INTO conversation_numbers (workspace_id, last) SELECT workspace_id, MAX(number) FROM conversations WHERE workspace_id = $1 GROUP BY 1
		ON CONFLICT (workspace_id) DO UPDATE SET last = excluded.last`,
}
