package prove

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/smtp"
	"sync"
	"time"
)

// ledger is what the server has acknowledged, as the other side wrote it down.
type ledger struct {
	mu      sync.Mutex
	mails   []string         // Message-IDs after a 250
	written map[string]entry // by client id: messages after a 201
	open    map[string]entry // by client id: asked for, and no answer came
	serial  int
	chats   []*visitor
	chatted map[string]said // by text: what visitors wrote, after a 201
}

// entry is something an agent wrote.
type entry struct {
	conversation int64
	kind         string
	id, position int64 // as answered
}

func newLedger() *ledger {
	return &ledger{written: map[string]entry{}, open: map[string]entry{}, chatted: map[string]said{}}
}

// bare reports whether nothing of some kind was acknowledged yet.
func (l *ledger) bare() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.mails) == 0 || len(l.written) == 0 || len(l.chatted) == 0
}

// next is a number nobody has had.
func (l *ledger) next() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.serial++
	return l.serial
}

const letter = "From: Ewa %[1]d <ewa%[1]d@harbour.example>\r\nTo: hello@miska.example\r\nSubject: Order %[2]d\r\nMessage-ID: <%[3]s>\r\n" +
	"Date: Sat, 21 Nov 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nWhere is order %[2]d?\r\n"

// customers writes mails until ctx ends or the server is gone.
func (l *ledger) customers(ctx context.Context, s *server) {
	c, err := smtp.Dial(s.door)
	if err != nil {
		return
	}
	defer c.Close()
	for ctx.Err() == nil {
		n := l.next()
		id := fmt.Sprintf("%d.prove@harbour.example", n)
		if c.Mail("ewa@harbour.example") != nil || c.Rcpt("hello@miska.example") != nil {
			return
		}
		w, err := c.Data()
		if err != nil {
			return
		}
		if _, err := io.WriteString(w, fmt.Sprintf(letter, n%50, n, id)); err != nil {
			return
		}
		if w.Close() != nil {
			return // nobody said that it was taken
		}
		l.mu.Lock()
		l.mails = append(l.mails, id)
		l.mu.Unlock()
	}
}

// agents answer and note until ctx ends or the server is gone. What found no
// answer in an earlier life of the server is asked for again first.
func (l *ledger) agents(ctx context.Context, s *server) {
	l.askAgain(s)
	for ctx.Err() == nil {
		var page struct{ Items []struct{ ID int64 } }
		if _, err := s.call("GET", "/conversations?view=all_open&limit=100", nil, &page); err != nil {
			return
		}
		if len(page.Items) == 0 {
			time.Sleep(10 * time.Millisecond)
			continue
		}
		for range 4 {
			e := entry{conversation: page.Items[rand.IntN(len(page.Items))].ID, kind: "reply"}
			if rand.IntN(4) == 0 {
				e.kind = "note"
			}
			client := fmt.Sprintf("client-%d", l.next())
			l.mu.Lock()
			l.open[client] = e
			l.mu.Unlock()
			if !l.write(s, client, e) {
				return
			}
		}
	}
}

// write asks for a message and notes the answer; false when none came.
func (l *ledger) write(s *server, client string, e entry) bool {
	var made struct{ ID, Position int64 }
	status, _ := s.call("POST", fmt.Sprintf("/conversations/%d/messages", e.conversation),
		map[string]any{"kind": e.kind, "text": "This is " + client + ".", "client_id": client}, &made)
	if status != http.StatusCreated {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	e.id, e.position = made.ID, made.Position
	l.written[client] = e
	delete(l.open, client)
	return true
}

func (l *ledger) askAgain(s *server) {
	l.mu.Lock()
	open := map[string]entry{}
	for client, e := range l.open {
		open[client] = e
	}
	l.mu.Unlock()
	for client, e := range open {
		l.write(s, client, e)
	}
}

// visitors write in their chats in turn until ctx ends. A message without an
// answer is asked for again under its name, in the next life of the server.
func (l *ledger) visitors(ctx context.Context) {
	for ctx.Err() == nil {
		for _, v := range l.chats {
			if v.pending == "" {
				v.pending = fmt.Sprintf("chat-%d", l.next())
			}
			text := "This is " + v.pending + "."
			m, ok := v.say(ctx, v.pending, text)
			if ctx.Err() != nil && !ok {
				return
			}
			if ok {
				l.mu.Lock()
				l.chatted[text] = m
				l.mu.Unlock()
				v.pending = ""
			}
		}
	}
}

// under runs the load for a while, until the server is killed in the middle of
// it.
func (l *ledger) under(s *server, lasting time.Duration) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { l.customers(ctx, s) })
	}
	for range 3 {
		all.Go(func() { l.agents(ctx, s) })
	}
	if len(l.chats) > 0 {
		all.Go(func() { l.visitors(ctx) })
	}
	time.Sleep(lasting)
	s.kill()
	cancel()
	all.Wait()
}
