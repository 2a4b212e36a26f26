package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"rapport/internal/platform/db"
	"rapport/internal/platform/doctor"
	"rapport/internal/platform/job"
)

// harm is one thing that must not be, for each check that must see it.
var harm = map[string]string{
	"events.seq":             "DELETE FROM events WHERE seq = 5",
	"events.cause":           "UPDATE events SET cause = seq WHERE seq = 7",
	"readers.cursor":         "UPDATE readers SET seq = 1000000",
	"readers.parked":         "INSERT INTO parked_events (workspace_id, reader, seq, error, at) VALUES (1, 'x', 5000000, '', 0)",
	"jobs.state":             "INSERT INTO jobs (id, workspace_id, queue, kind, target, args, state, run_at, attempt, max_attempts, locked_by, locked_until, generation, unique_key, last_error, created_at) VALUES (7, 1, 'x', 'x', '', '', 'asleep', 0, 0, 1, '', 0, 0, '', '', 0)",
	"agents.login":           "DELETE FROM logins WHERE id = (SELECT MIN(id) FROM logins)",
	"agents.photo":           "UPDATE agents SET photo_id = 5",
	"agents.signature":       `UPDATE agents SET signature_html = '<img src="cid:file-5@rapport"/>' WHERE id = (SELECT MIN(id) FROM agents)`,
	"inboxes.pictures":       `UPDATE inboxes SET template_html = '<img src="cid:file-5@rapport"/>' WHERE id = (SELECT MIN(id) FROM inboxes)`,
	"agents.owner":           "UPDATE agents SET state = 'deactivated' WHERE role = 'owner'",
	"agents.belongings":      "INSERT INTO team_members (workspace_id, team_id, agent_id) VALUES (1, 1, 1)",
	"contacts.identities":    "INSERT INTO contact_identities (workspace_id, kind, system, address_key, contact_id, address, verified, created_at) VALUES (1, 'email', '', 'x', 1, 'x', FALSE, 0)",
	"contacts.company":       "UPDATE contacts SET company_id = 1 WHERE id = (SELECT MIN(id) FROM contacts)",
	"suppressions.address":   "INSERT INTO suppressions (workspace_id, address_key, kind, cause, reason, at) VALUES (1, 'EWA@harbour.example', 'automatic', 'bounce', '', 0)",
	"inboxes.belongings":     "INSERT INTO inbound_addresses (address, workspace_id, inbox_id) VALUES ('x', 1, 1)",
	"receipts.state":         "UPDATE receipts SET state = 'received' WHERE id = (SELECT MIN(id) FROM receipts)",
	"receipts.bytes":         "DELETE FROM blob_refs WHERE owner = 'receipts' AND owner_id = (SELECT MAX(id) FROM receipts)",
	"outbound.state":         "UPDATE outbound SET state = 'queued' WHERE id = (SELECT MIN(id) FROM outbound)",
	"signing.keys":           "INSERT INTO signing_keys (workspace_id, id, domain, selector, algorithm, public, secret, made_at, seen_at) VALUES (1, 5, 'x', 'x', 'rsa', 'x', '', 0, 0)",
	"outbound.recipients":    "DELETE FROM outbound_recipients WHERE outbound_id = (SELECT MAX(id) FROM outbound)",
	"forms.receipt":          "INSERT INTO form_submissions (workspace_id, inbox_id, token_id, reference, content_hash, network, at) VALUES (1, 1, 'x', 'x', '', '', 0)",
	"messages.conversation":  "INSERT INTO draft_versions (workspace_id, agent_id, conversation_id, kind, n, body, begun_at, saved_at) VALUES (1, 1, 1, 'note', 1, '', 0, 0)",
	"messages.positions":     "UPDATE conversations SET last_position = last_position + 1 WHERE id = (SELECT MIN(id) FROM conversations)",
	"conversations.parts":    "UPDATE conversation_numbers SET last = 0",
	"conversations.shelf":    "UPDATE conversations SET shelf = 'snoozed' WHERE id = (SELECT MAX(id) FROM conversations WHERE snoozed_until = 0)",
	"authorizations.app":     "INSERT INTO oauth_authorizations (workspace_id, id, app_id, address, state, reason, secret, expires_at, renewing_until, turn, changed_at) VALUES (1, 1, 1, '', 'asked', '', '', 0, 0, 0, 0)",
	"participants.party":     "UPDATE participants SET party_id = 1 WHERE kind = 'contact' AND conversation_id = (SELECT MAX(conversation_id) FROM participants)",
	"messages.read":          "INSERT INTO read_marks (workspace_id, agent_id, conversation_id, position) SELECT workspace_id, 1, id, 100000 FROM conversations",
	"messages.attachments":   "DELETE FROM blob_refs WHERE owner = 'messages'",
	"messages.masked":        "INSERT INTO masked_messages (workspace_id, message_id, conversation_id, kind, provider, domain, phrase, words) VALUES (1, 1, 1, 'code', '', '', '', '{}')",
	"forwarded.original":     "INSERT INTO forwarded_originals (workspace_id, conversation_id, message_id, forwarder_id, name, address, state, decided_by, decided_at) VALUES (1, 1, 1, 1, '', 'x', 'proposed', 0, 0)",
	"messages.receipt":       "UPDATE messages SET receipt_id = 1 WHERE id = (SELECT MAX(id) FROM messages)",
	"messages.outbound":      "UPDATE messages SET outbound_id = 1 WHERE id = (SELECT MIN(id) FROM messages)",
	"views.counts":           "UPDATE view_counts SET n = n + 1",
	"views.counted":          "DELETE FROM conversation_counted WHERE conversation_id = (SELECT MAX(conversation_id) FROM conversation_counted)",
	"acknowledging.inbox":    "INSERT INTO acknowledgement_settings (workspace_id, inbox_id, active, language, texts) VALUES (1, 1, TRUE, 'en', '{}')",
	"silences.time":          "INSERT INTO silences (workspace_id, conversation_id, inbox_id, address_key, cause, at, until, told) VALUES (1, 1, 1, '', 'flood', 5, 900000000000, FALSE)",
	"news.address":           "INSERT INTO news (workspace_id, outbound_id, address_key, at) VALUES (1, 1, 'EWA@harbour.example', 0)",
	"snippets.owner":         "INSERT INTO snippets (workspace_id, id, key, name, folder, owner_id, uses, last_used_at, updated_at, deleted_at, language, text, html, approved) VALUES (1, 5, 'x', 'x', '', 7, 0, 0, 0, 0, '', 'x', '', FALSE)",
	"snippets.approved":      "INSERT INTO snippets (workspace_id, id, key, name, folder, owner_id, uses, last_used_at, updated_at, deleted_at, language, text, html, approved) VALUES (1, 6, 'y', 'y', '', 7, 0, 0, 0, 0, '', 'y', '', TRUE)",
	"macros.owner":           "INSERT INTO macros (workspace_id, id, key, name, folder, owner_id, uses, last_used_at, updated_at, deleted_at, actions) VALUES (1, 5, 'x', 'x', '', 7, 0, 0, 0, 0, '[]')",
	"macros.runs":            "INSERT INTO macro_runs (workspace_id, agent_id, client_id, conversation_id, macro_id, before, at) VALUES (1, 1, 'x', 1, 9, '{}', 0)",
	"notifications.agent":    "INSERT INTO notifications (workspace_id, agent_id, id, conversation_id, event, position, message_id, actor_kind, actor_id, at, seen_at, shown, push, mail) SELECT workspace_id, id, 5, 1, 'mention', 0, 0, 'agent', id, 0, 0, TRUE, '', '' FROM agents WHERE role = 'owner'",
	"notifications.seen":     "INSERT INTO notifications (workspace_id, agent_id, id, conversation_id, event, position, message_id, actor_kind, actor_id, at, seen_at, shown, push, mail) SELECT workspace_id, id, 6, 1, 'mention', 0, 0, 'system', 0, 0, 5, TRUE, '', 'waiting' FROM agents WHERE role = 'owner'",
	"notifications.position": "INSERT INTO notifications (workspace_id, agent_id, id, conversation_id, event, position, message_id, actor_kind, actor_id, at, seen_at, shown, push, mail) SELECT a.workspace_id, a.id, c.id, c.id, 'reply', 100000, 0, 'contact', 1, 0, 0, TRUE, '', '' FROM agents a CROSS JOIN conversations c WHERE a.role = 'owner' AND c.workspace_id = a.workspace_id",
	"notifications.settings": "INSERT INTO notification_watches (workspace_id, inbox_id, agent_id) VALUES (1, 1, 1)",
	"push.browsers":          "INSERT INTO push_subscriptions (workspace_id, agent_id, id, endpoint_hash, sealed, device, session_id, created_at, reached_at) VALUES (1, 1, 1, 'x', '', '', 0, 0, 0)",
	"visitors.contact":       "UPDATE visitors SET contact_id = 7 WHERE id = (SELECT MIN(id) FROM visitors)",
	"chats.visitor":          "INSERT INTO chats (workspace_id, conversation_id, inbox_id, visitor_id, delivered_position, seen_position, seen_at, mailed_position, mailed_at, person_at) VALUES (1, 1, 1, 1, 0, 0, 0, 0, 0, 0)",
	"followers.conversation": "INSERT INTO followers (workspace_id, conversation_id, agent_id, stance, since) VALUES (1, 1, 1, 'watching', 0)",
	"chats.marks":            "UPDATE chats SET seen_position = 100000",
	"bulk.items":             "INSERT INTO bulk_items (workspace_id, run_id, conversation_id, state, reason, before) VALUES (1, 1, 1, 'waiting', '', '')",
	"blobs.body":             "UPDATE blobs SET size = size + 1 WHERE id = (SELECT MIN(id) FROM blobs)",
	"blobs.refs":             "INSERT INTO blob_refs (workspace_id, owner, owner_id, blob_id) VALUES (1, 'x', 1, 1)",
	"blobs.orphans":          "INSERT INTO blob_bodies (workspace_id, id, sha256, size, large, stored, doomed, idle_since, content) VALUES (1, 8, 'x', 0, FALSE, TRUE, FALSE, 0, '')",
	"blobs.inline":           "UPDATE blob_bodies SET size = size + 1 WHERE id = (SELECT MAX(id) FROM blob_bodies WHERE NOT large)",
	"blobs.large":            "INSERT INTO blob_bodies (workspace_id, id, sha256, size, large, stored, doomed, idle_since, content) VALUES (1, 9, '6d9c54dee5660c46886f32d80e57e9dd0ffa57ee0cd2a762b036d9c8e0c3a33a', 100000, TRUE, TRUE, FALSE, 5, '')",
	"views.owner":            "INSERT INTO views (workspace_id, id, key, owner_id, name, conditions, sort, columns, position, changed_at, version) VALUES (1, 1, 'x', 5, 'x', '{}', 'newest', '[]', 1, 0, 1)",
}

// SQL-08, and SQL-15 for a file that the store has lost (blobs.large).
func TestSQL08TheDoctorSeesWhatMustNotBe(t *testing.T) {
	engines(t, func(t *testing.T, database func() []string) {
		ctx := context.Background()
		args := append(database(), "--data", t.TempDir())
		shopIn(t, args...)
		a := opened(t, true, args...)
		for moved, err := 1, error(nil); moved > 0; moved, err = a.Log.Sequence(ctx) {
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := a.Readers.CatchUp(ctx); err != nil {
			t.Fatal(err)
		}
		healthy(t, a)
		for check, text := range harm {
			if _, err := db.Exec(ctx, a.DB, text); err != nil {
				t.Fatalf("%s: %v", check, err)
			}
		}
		ids := "UPDATE id_counter SET next = 5"
		if a.DB.Engine() == db.Postgres {
			ids = "ALTER SEQUENCE ids MINVALUE 1 RESTART WITH 5"
		}
		if _, err := db.Exec(ctx, a.DB, ids); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		ok, err := a.examine(ctx, false, func(r doctor.Result) error {
			seen[r.Name] = true
			switch {
			case r.Problem != "":
				t.Errorf("%s: %s", r.Name, r.Problem)
			case r.OK && r.Name != "database.file":
				t.Errorf("%s does not see its harm", r.Name)
			case !r.OK && len(r.Examples) == 0:
				t.Errorf("%s names nothing", r.Name)
			}
			return nil
		})
		if ok || err != nil {
			t.Errorf("examined: %v, %v", ok, err)
		}
		for check := range harm {
			if !seen[check] {
				t.Errorf("there is no check %s", check)
			}
		}
		if len(seen) != len(harm)+2 {
			t.Errorf("%d checks, %d kinds of harm: give each new check its own", len(seen), len(harm))
		}
		var out bytes.Buffer
		if err := doctorCommand.run(ctx, a, &doctorFlags{json: true}, nil, &out); exit(&bytes.Buffer{}, err) != codeFailed {
			t.Errorf("the command: %v", err)
		}
		for line := range bytes.Lines(out.Bytes()) {
			var r doctor.Result
			if err := json.Unmarshal(line, &r); err != nil || r.Name == "" {
				t.Errorf("%s: %v", line, err)
			}
		}
	})
}

// What was dropped from the queue says so at its message, and can be sent again.
func TestADroppedSendingIsAFailedMessage(t *testing.T) {
	t.Parallel()
	ctx, folder := context.Background(), t.TempDir()
	shopIn(t, "--data", folder)
	a := opened(t, true, "--data", folder)
	out, err := db.One(ctx, a.DB, db.Int64, "SELECT MAX(o.id) FROM outbound o JOIN messages m ON m.outbound_id = o.id WHERE o.state = 'sent'")
	if err != nil {
		t.Fatal(err)
	}
	workspace, err := db.One(ctx, a.DB, db.Int64, "SELECT id FROM workspaces")
	if err != nil {
		t.Fatal(err)
	}
	var id int64
	err = a.DB.Within(ctx, func(ctx context.Context) error {
		for _, q := range []string{"UPDATE outbound SET state = 'queued' WHERE id = $1", "UPDATE outbound_recipients SET state = 'queued' WHERE outbound_id = $1"} {
			if _, err := db.Exec(ctx, a.DB, q, out); err != nil {
				return err
			}
		}
		id, err = a.Jobs.Enqueue(ctx, job.New{WorkspaceID: workspace, Kind: "channel.send", Args: map[string]int64{"outbound_id": out}, UniqueKey: fmt.Sprint("send:", out)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	a.Close()
	if code, out, errOut := rapport(t, "queue", "drop", fmt.Sprint(id), "--data", folder); code != 0 {
		t.Fatal(out, errOut)
	}
	b := opened(t, true, "--data", folder)
	state, err := db.One(ctx, b.DB, db.String, "SELECT o.state || ' ' || r.state || ' ' || r.reason FROM outbound o JOIN outbound_recipients r ON r.outbound_id = o.id WHERE o.id = $1", out)
	if err != nil || state != "failed failed It was taken out of the queue." {
		t.Errorf("%q, %v", state, err)
	}
	healthy(t, b)
	if err := b.Channels.Retry(ctx, workspace, out); err != nil {
		t.Error(err)
	}
}
