// Package checkup says what always holds of inboxes, receipts and the outbox, for
// the doctor.
package checkup

import (
	"strings"

	"rapport/internal/platform/db"
	"rapport/internal/platform/doctor"
)

// Checks are what always holds of inboxes, receipts and the outbox.
func Checks(d *db.DB) []doctor.Check {
	inbox := func(table, what string) string {
		return strings.NewReplacer("$table", table, "$what", what).Replace(
			`SELECT $what FROM $table x WHERE NOT EXISTS (SELECT 1 FROM inboxes i WHERE i.workspace_id = x.workspace_id AND i.id = x.inbox_id)`)
	}
	return []doctor.Check{
		{Name: "inboxes.belongings", Says: "receipts, outbound, addresses, cursors and grants are of inboxes that exist", Find: db.Finds(d, strings.Join([]string{
			inbox("receipts", "'receipt ' || x.id"), inbox("outbound", "'outbound ' || x.id"), inbox("inbound_addresses", "'address of inbox ' || x.inbox_id"),
			inbox("mailbox_cursors", "'cursor of inbox ' || x.inbox_id"), inbox("grants", "'grant of inbox ' || x.inbox_id"),
			inbox("brakes", "'brake of inbox ' || x.inbox_id"), inbox("round_trips", "'round trip of inbox ' || x.inbox_id")}, " UNION ALL "))},
		{Name: "inboxes.pictures", Says: "the pictures in the signature and the template of an inbox are kept", Find: db.Finds(d,
			`SELECT 'inbox ' || i.id FROM inboxes i WHERE i.signature_html || i.template_html LIKE '%"cid:file-%' AND NOT EXISTS (SELECT 1 FROM blob_refs b
			WHERE b.workspace_id = i.workspace_id AND b.owner = 'inboxes' AND b.owner_id = i.id AND i.signature_html || i.template_html LIKE '%"cid:file-' || b.blob_id || '@rapport"%')`)},
		{Name: "receipts.state", Says: "accepted = applied + rejected + quarantined + in flight, and what is in flight has its job", Find: db.Finds(d,
			`SELECT 'receipt ' || x.id || ' is ' || x.state FROM receipts x WHERE x.state NOT IN ('received', 'applied', 'rejected', 'quarantined')
			UNION ALL SELECT 'receipt ' || x.id || ' is in nobody''s hands' FROM receipts x
			WHERE x.state = 'received' AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.unique_key <> '' AND j.unique_key = 'intake:' || x.id)`)},
		{Name: "receipts.bytes", Says: "the bytes of every accepted mail are kept", Find: db.Finds(d,
			`SELECT 'receipt ' || x.id FROM receipts x WHERE NOT EXISTS (SELECT 1 FROM blob_refs b
			WHERE b.workspace_id = x.workspace_id AND b.owner = 'receipts' AND b.owner_id = x.id AND b.blob_id = x.blob_id)`)},
		{Name: "outbound.state", Says: "what is on its way out has its job, and what has left has its bytes", Find: db.Finds(d,
			`SELECT 'outbound ' || x.id || ' is ' || x.state FROM outbound x WHERE x.state NOT IN ('held', 'queued', 'sending', 'delayed', 'sent', 'failed', 'bounced', 'cancelled')
			UNION ALL SELECT 'outbound ' || x.id || ' is held by nothing' FROM outbound x
			WHERE x.state = 'held' AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.unique_key <> '' AND j.unique_key = 'release:' || x.id)
			UNION ALL SELECT 'outbound ' || x.id || ' is ' || x.state || ' and nothing sends it' FROM outbound x
			WHERE x.state IN ('queued', 'sending', 'delayed') AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.unique_key <> '' AND j.unique_key = 'send:' || x.id)
			UNION ALL SELECT 'outbound ' || x.id || ' is ' || x.state || ' without bytes' FROM outbound x
			WHERE (x.state IN ('queued', 'sending', 'delayed', 'sent', 'bounced') OR x.blob_id <> 0) AND NOT EXISTS (SELECT 1 FROM blob_refs b
				WHERE b.workspace_id = x.workspace_id AND b.owner = 'outbound' AND b.owner_id = x.id AND b.blob_id = x.blob_id)`)},
		{Name: "signing.keys", Says: "every key that signs mail has its two halves and a name in the DNS", Find: db.Finds(d,
			`SELECT 'signing key ' || x.id FROM signing_keys x WHERE LENGTH(x.secret) = 0 OR x.public = '' OR x.selector = '' OR x.domain = '' OR x.algorithm NOT IN ('rsa', 'ed25519')`)},
		{Name: "outbound.recipients", Says: "every outbound has recipients, and every recipient an outbound", Find: db.Finds(d,
			`SELECT 'outbound ' || x.id FROM outbound x WHERE NOT EXISTS (SELECT 1 FROM outbound_recipients r WHERE r.workspace_id = x.workspace_id AND r.outbound_id = x.id)
			UNION ALL SELECT 'recipient of outbound ' || r.outbound_id FROM outbound_recipients r WHERE NOT EXISTS (SELECT 1 FROM outbound x WHERE x.workspace_id = r.workspace_id AND x.id = r.outbound_id)`)},
	}
}
