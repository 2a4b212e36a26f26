package bench

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/app"
	"rapport/internal/app/schema"
	"rapport/internal/channel"
	"rapport/internal/platform/config"
	"rapport/internal/platform/db"
	"rapport/internal/platform/token"
	"rapport/internal/testkit"
)

// The shape of the generated company.
const (
	inboxCount = 6
	chatCount  = 60 // a chat lets in so many new visitors at a time, and not more
	agentCount = 24

	ownerEmail    = "olga@shop.example"
	ownerPassword = "a long enough password"
	perBatch      = 50_000 // conversations in one transaction
	perThread     = 32     // ids set aside for the messages of a conversation
	longEvery     = 1_000  // every so many conversations one has 30 messages

	firstAgent        = 5_001
	firstConversation = 100_000
	firstContact      = 10_000_000
	firstMessage      = 100_000_000
	firstFreeID       = 1_000_000_000
)

// generation moves when the generator does, so that old data is not reused.
const generation = "5"

// world is a data folder with a generated company in it.
type world struct {
	folder  string
	url     string // of a PostgreSQL database; empty: SQLite in the folder
	size    int
	tokens  []string // one for each agent of the mail
	chatty  []string // one for each agent of the chats
	inboxes []string // addresses
	sites   []string // the public names of chats
}

// makeWorld returns the folder with size conversations under root, generating
// it unless an earlier run left one of the same schema.
func makeWorld(t *testing.T, root, name string, size int) world {
	w := world{folder: filepath.Join(root, "made-"+name), size: size}
	for i := range inboxCount {
		w.inboxes = append(w.inboxes, fmt.Sprintf("box%d@shop.example", i+1))
	}
	for i := range agentCount {
		w.tokens = append(w.tokens, "rap_"+strings.Repeat("a", 31)+string(rune('a'+i)))
		w.chatty = append(w.chatty, "rap_"+strings.Repeat("c", 31)+string(rune('a'+i)))
	}
	mark := filepath.Join(w.folder, "made")
	if made, err := os.ReadFile(mark); err == nil && string(made) == stamp(t) {
		return w
	}
	if err := os.RemoveAll(w.folder); err != nil {
		t.Fatal(err)
	}
	started := time.Now()
	g := generator{world: &w, t: t}
	g.run()
	if err := os.WriteFile(mark, []byte(stamp(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Logf("generated %d conversations in %s: %s", size, w.folder, time.Since(started).Round(time.Second))
	return w
}

// stamp names the schema and the generator.
func stamp(t *testing.T) string {
	h := sha256.New()
	names, err := fs.Glob(schema.Files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(schema.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		h.Write(text)
	}
	return generation + " " + hex.EncodeToString(h.Sum(nil))
}

// generator fills a company with SQL alone: through the verbs it would take
// hours.
type generator struct {
	*world
	t         *testing.T
	d         *db.DB
	workspace int64
	inboxIDs  []any
	chatIDs   []any
	now       int64
}

func (g *generator) run() {
	ctx := context.Background()
	a, err := app.Open(ctx, config.Config{Data: g.folder}, false)
	if err != nil {
		g.t.Fatal(err)
	}
	defer a.Close()
	made, err := a.Accounts.SetupDirect(ctx, account.Setup{Workspace: "Bench", Name: "Olga", Email: ownerEmail, Password: ownerPassword})
	if err != nil {
		g.t.Fatal(err)
	}
	g.d, g.workspace, g.now = a.DB, made.WorkspaceID, time.Now().UnixMicro()
	for i, address := range g.inboxes {
		inbox, err := a.Channels.CreateInbox(ctx, account.System(g.workspace), channel.NewInbox{Name: fmt.Sprintf("Box %d", i+1), Channel: "email", Address: address,
			Email: &channel.EmailSettings{SMTP: &channel.Server{Host: "127.0.0.1", Port: 9, Security: "none"}}})
		if err != nil {
			g.t.Fatal(err)
		}
		g.inboxIDs = append(g.inboxIDs, inbox.ID)
	}
	for i := range chatCount {
		inbox, err := a.Channels.CreateInbox(ctx, account.System(g.workspace), channel.NewInbox{Name: fmt.Sprintf("Chat %d", i+1), Channel: "chat",
			Chat: &channel.ChatChange{AllowedOrigins: &[]string{site}}})
		if err != nil {
			g.t.Fatal(err)
		}
		g.chatIDs = append(g.chatIDs, inbox.ID)
	}
	g.people(firstAgent, g.tokens, g.inboxIDs)
	g.people(firstAgent+agentCount, g.chatty, g.chatIDs)
	for i := range 3 {
		g.exec("INSERT INTO teams (workspace_id, id, key, name, name_key, created_at) VALUES ($1, $2, $3, $3, $3, $4)", g.workspace, 6_001+i, fmt.Sprintf("team-%d", i+1), g.now)
	}
	if g.size > 0 {
		g.conversations()
	}
	g.exec("UPDATE id_counter SET next = $1", firstFreeID)
}

func (g *generator) exec(query string, args ...any) {
	g.t.Helper()
	if _, err := db.Exec(context.Background(), g.d, query, args...); err != nil {
		g.t.Fatalf("%v\n%s", err, query)
	}
}

// people are agents who see these inboxes by grants, so that lists merge scans.
func (g *generator) people(first int, tokens []string, inboxes []any) {
	for i, plain := range tokens {
		id := first + i
		g.exec(`INSERT INTO logins (id, email, email_key, password, totp_secret, totp_pending, totp_step, created_at) VALUES ($1, $2, $2, '', x'', x'', 0, $3)`,
			id, fmt.Sprintf("agent%d@shop.example", id), g.now)
		g.exec(`INSERT INTO agents (workspace_id, id, login_id, name, role, state, photo_id, language, time_zone, signature, theme, last_seen_at, created_at)
			VALUES ($1, $2, $2, $3, 'agent', 'active', 0, 'en', '', '', '', 0, $4)`, g.workspace, id, fmt.Sprintf("Agent %d", id), g.now)
		g.exec(`INSERT INTO api_keys (id, hash, workspace_id, agent_id, name, prefix, created_at, last_used_at, expires_at) VALUES ($1, $2, $3, $1, 'bench', 'rap_', $4, 0, 0)`,
			id, token.Hash(plain), g.workspace, g.now)
		for _, inbox := range inboxes {
			g.exec("INSERT INTO grants (workspace_id, inbox_id, agent_id, team_id) VALUES ($1, $2, $3, 0)", g.workspace, inbox, id)
		}
	}
}

// bulk are the tables whose indexes are built after they are filled.
var bulk = []string{"contacts", "contact_identities", "conversations", "conversation_tags", "messages", "participants", "outbound", "outbound_recipients",
	"events", "conversation_counted", "read_marks"}

func (g *generator) conversations() {
	ctx := context.Background()
	list, args := db.In(1, bulk)
	type index struct{ name, sql string }
	indexes, err := db.All(ctx, g.d, func(r db.Row) (i index, err error) { return i, r.Scan(&i.name, &i.sql) },
		"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN "+list, args...)
	if err != nil {
		g.t.Fatal(err)
	}
	for _, i := range indexes {
		g.exec("DROP INDEX " + i.name)
	}
	for first := 1; first <= g.size; first += perBatch {
		g.batch(first, min(first+perBatch-1, g.size))
	}
	for _, i := range indexes {
		g.exec(i.sql)
	}
	for _, query := range totals {
		g.exec(query, g.workspace)
	}
}

// batch writes the conversations first to last and all that hangs on them, in
// one transaction.
func (g *generator) batch(first, last int) {
	step := int64(365*24*time.Hour/time.Microsecond) / int64(g.size)
	err := g.d.Within(context.Background(), func(ctx context.Context) error {
		// The numbers that the texts below are made of: c is the place in the
		// list, h looks random.
		if _, err := db.Exec(ctx, g.d, "CREATE TEMP TABLE IF NOT EXISTS n (c INTEGER PRIMARY KEY, h INTEGER, messages INTEGER, person INTEGER, at INTEGER)"); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, g.d, "DELETE FROM n"); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, g.d, `WITH RECURSIVE s(c) AS (SELECT $1 UNION ALL SELECT c + 1 FROM s WHERE c < $2)
			INSERT INTO n SELECT c, (c * 2654435761) % 4294967296 / 16, CASE WHEN c % $3 = 0 THEN 30 ELSE 1 + c % 9 END, (c * 7919) % ($4 / 3 + 1), $5 - ($4 - c) * $6 FROM s`,
			first, last, longEvery, g.size, g.now, step); err != nil {
			return err
		}
		for _, query := range rows {
			args := append([]any{g.workspace}, g.inboxIDs...)
			if _, err := db.Exec(ctx, g.d, query, args...); err != nil {
				return fmt.Errorf("%w\n%s", err, query)
			}
		}
		return nil
	})
	if err != nil {
		g.t.Fatal(err)
	}
}

// sitesOf are the public names of the chats in a folder.
func sitesOf(t *testing.T, folder string) []string {
	ctx := context.Background()
	d, err := db.Open(ctx, db.Options{File: filepath.Join(folder, "rapport.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	names, err := db.All(ctx, d, db.String, "SELECT address FROM inboxes WHERE channel = 'chat' ORDER BY id")
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// moveToPostgres brings what is in the folder to a PostgreSQL server, by a backup.
func (w *world) moveToPostgres(t *testing.T) {
	w.url = testkit.DurablePostgresURL(t)
	archive := filepath.Join(t.TempDir(), "world")
	began := time.Now()
	for _, args := range [][]string{
		{"backup", "create", "--to", archive, "--with-key", "--data", w.folder},
		{"backup", "restore", archive, "--data", w.folder + "-postgres", "--database-url", w.url},
	} {
		if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	testkit.Settle(t, w.url)
	w.folder += "-postgres"
	t.Cleanup(func() { os.RemoveAll(w.folder) })
	t.Logf("moved to PostgreSQL in %s", time.Since(began).Round(time.Second))
}

// copyWorld makes a copy to work on, so that what was made can be used again.
func copyWorld(t *testing.T, w world, to string) world {
	if err := os.RemoveAll(to); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(to, os.DirFS(w.folder)); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(to, "made")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(to) })
	w.folder, w.sites = to, sitesOf(t, to)
	return w
}
