package prove

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport/internal/platform/db"
)

// SQL-01, JOB-01, JOB-02.
func TestMAIL02KilledServerLosesNothing(t *testing.T) {
	t.Parallel()
	for _, engine := range engines {
		t.Run(engine.name, func(t *testing.T) { killLoop(t, engine.postgres, 5) })
	}
}

func TestProveKilledServerLosesNothing(t *testing.T) {
	needsProve(t)
	for _, engine := range engines {
		t.Run(engine.name, func(t *testing.T) { killLoop(t, engine.postgres, 50) })
	}
}

var engines = []struct {
	name     string
	postgres bool
}{{"sqlite", false}, {"postgres", true}}

func needsProve(t *testing.T) {
	t.Helper()
	if os.Getenv("PROVE") == "" {
		t.Skip("make prove runs this")
	}
}

// killLoop kills a server under load as often as told, then lets it finish and
// compares.
func killLoop(t *testing.T, postgres bool, rounds int) {
	s, out, l := newServer(t, postgres), newSink(t), newLedger()
	s.start()
	s.setup(out)
	site := s.chatInbox()
	for range 15 { // as many as may come from one address
		v, err := s.arrive(site)
		if err != nil {
			t.Fatal(err)
		}
		l.chats = append(l.chats, v)
	}
	for round := 0; round < rounds || l.bare() && round < rounds+50; round++ {
		l.under(s, time.Duration(100+rand.IntN(900))*time.Millisecond)
		s.start()
	}
	l.askAgain(s)
	s.settle(l)
	s.stop()
	s.healthy()
	if l.bare() {
		t.Fatal("nothing was acknowledged: the kills prove nothing")
	}
	s.look().compare(t, l, out)
	t.Logf("%d mails, %d chat messages and %d messages of agents acknowledged in %d lives; %d mails left, %d of them twice", len(l.mails), len(l.chatted), len(l.written), rounds, len(out.ids()), len(out.mails)-len(out.ids()))
}

// settle waits until nothing is on its way any more.
func (s *server) settle(l *ledger) {
	s.t.Helper()
	deadline := time.Now().Add(3 * time.Minute)
	for {
		var h struct{ Counters map[string]int64 }
		if _, err := s.call("GET", "/health", nil, &h); err != nil {
			s.t.Fatal(err)
		}
		found := s.look()
		if h.Counters["in_flight"] == 0 && found.leaving == 0 && len(l.open) == 0 {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("in flight %d, leaving %d, unanswered %d", h.Counters["in_flight"], found.leaving, len(l.open))
		}
		l.askAgain(s)
		time.Sleep(200 * time.Millisecond)
	}
}

// there is what the database holds.
type there struct {
	mails    map[string]int     // messages from outside by their id
	written  map[string][]entry // by client id
	outbound map[string]string  // Message-ID by client id
	leaving  int64              // not yet sent
	chatted  map[string][]said  // what visitors wrote, by text
	chats    map[int64]bool     // conversations in the chat, known to their visitor or not
}

// database is where the server keeps its data.
func (s *server) database() db.Options {
	o := db.Options{File: filepath.Join(s.settings[1], "rapport.db")}
	for i, word := range s.settings {
		if word == "--database-url" {
			o = db.Options{URL: s.settings[i+1]}
		}
	}
	return o
}

// look reads the server's database, which may be running.
func (s *server) look() there {
	s.t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, s.database())
	if err != nil {
		s.t.Fatal(err)
	}
	defer d.Close()
	found := there{map[string]int{}, map[string][]entry{}, map[string]string{}, 0, map[string][]said{}, map[int64]bool{}}
	_, err = db.All(ctx, d, func(r db.Row) (struct{}, error) {
		var id, client, name, text string
		var e entry
		err := r.Scan(&id, &client, &e.conversation, &e.kind, &e.id, &e.position, &name, &text)
		switch {
		case strings.HasPrefix(text, "This is chat-"):
			found.chatted[text] = append(found.chatted[text], said{e.id, e.position, text})
			return struct{}{}, err
		case id != "":
			found.mails[id]++
		}
		if client != "" {
			found.written[client] = append(found.written[client], e)
			found.outbound[client] = strings.Trim(name, "<>")
		}
		return struct{}{}, err
	}, `SELECT m.external_id, m.client_id, m.conversation_id, m.kind, m.id, m.position, COALESCE(o.external_id, ''), m.text
		FROM messages m LEFT JOIN outbound o ON o.workspace_id = m.workspace_id AND o.id = m.outbound_id`)
	if err == nil {
		found.leaving, err = db.One(ctx, d, db.Int64, "SELECT COUNT(*) FROM outbound WHERE state NOT IN ('sent', 'failed', 'cancelled', 'bounced')")
	}
	if err == nil {
		_, err = db.All(ctx, d, func(r db.Row) (struct{}, error) {
			id, err := db.Int64(r)
			found.chats[id] = true
			return struct{}{}, err
		}, "SELECT id FROM conversations WHERE channel = 'chat'")
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return found
}

// compare holds what was acknowledged against what is there and what has left.
func (found there) compare(t *testing.T, l *ledger, out *sink) {
	t.Helper()
	for _, id := range l.mails {
		if n := found.mails[strings.Trim(id, "<>")] + found.mails["<"+id+">"]; n != 1 {
			t.Errorf("mail %s is there %d times", id, n)
		}
	}
	for id, n := range found.mails {
		if n != 1 {
			t.Errorf("mail %s is there %d times", id, n)
		}
	}
	for text, m := range l.chatted {
		if got := found.chatted[text]; len(got) != 1 || got[0] != (said{m.ID, m.Position, text}) {
			t.Errorf("%q was answered %+v and is there as %+v", text, m, got)
		}
	}
	for text, all := range found.chatted {
		if len(all) != 1 {
			t.Errorf("%q is there %d times", text, len(all))
		}
	}
	left, names := out.ids(), map[string]bool{}
	for client, e := range l.written {
		switch got := found.written[client]; {
		case len(got) != 1:
			t.Errorf("%s of %s is there %d times", e.kind, client, len(got))
		case got[0] != e:
			t.Errorf("%s was answered %+v and is %+v", client, e, got[0])
		case e.kind == "note" && found.outbound[client] != "":
			t.Errorf("the note of %s has left", client)
		case found.chats[e.conversation]: // it has not far to go
		case e.kind == "reply" && left[found.outbound[client]] == 0:
			t.Errorf("the reply of %s, %s, has not left", client, found.outbound[client])
		}
	}
	for client, all := range found.written {
		if len(all) != 1 {
			t.Errorf("%s is there %d times", client, len(all))
		}
		names[found.outbound[client]] = true
	}
	for id := range left {
		if !names[id] {
			t.Errorf("a mail %s has left that the outbox does not know", id)
		}
	}
	texts := map[string]string{} // one text, one name
	for _, m := range out.mails {
		if at := strings.Index(m.text, "This is client-"); at >= 0 {
			text, _, _ := strings.Cut(m.text[at:], ".")
			if name, known := texts[text]; known && name != m.id {
				t.Errorf("%q left as %s and as %s", text, name, m.id)
			}
			texts[text] = m.id
		}
	}
}

// A server killed while it makes its tables makes them at the next start.
func TestKilledInMigration(t *testing.T) {
	t.Parallel()
	killInMigration(t, 5)
}

func TestProveKilledInMigration(t *testing.T) {
	needsProve(t)
	killInMigration(t, 50)
}

func killInMigration(t *testing.T, rounds int) {
	for _, engine := range engines {
		t.Run(engine.name, func(t *testing.T) {
			for range rounds {
				s := newServer(t, engine.postgres)
				s.begin()
				// The first start takes some tenths of a second under the race detector.
				time.Sleep(time.Duration(rand.IntN(700)) * time.Millisecond)
				s.kill()
				s.start()
				s.stop()
				s.healthy()
			}
		})
	}
}
