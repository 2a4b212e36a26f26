package bench

import (
	"fmt"
	"io"
	"net/smtp"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The load on the door.
const (
	knownPeople = 500
	readersOn   = 4 // agents who read lists and conversations meanwhile
	readPause   = 100 * time.Millisecond
)

const letter = "From: %s\r\nTo: %s\r\nSubject: Where is my kettle\r\nMessage-ID: <%s>\r\nDate: Sat, 21 Nov 2026 09:00:00 +0000\r\n" +
	"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" +
	"Good morning,\r\n\r\nI ordered the blue kettle on the third and it has not arrived yet. The parcel page says it left\r\n" +
	"your warehouse last week, and since then nothing has moved. Could you please look where it is, and tell me\r\n" +
	"whether I should wait or whether you would rather send another one? My neighbour is at home all day and can\r\n" +
	"take it in. If it is lost I would like my money back to the card I paid with.\r\n\r\nMany thanks\r\n"

var mailSerial atomic.Int64

// send delivers one mail over an open dialogue and returns when it is accepted.
func send(c *smtp.Client, from, to string) error {
	if err := c.Mail(from); err != nil {
		return err
	}
	if err := c.Rcpt(to); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	n := mailSerial.Add(1)
	if _, err := io.WriteString(w, fmt.Sprintf(letter, from, to, fmt.Sprintf("%d.%d@mail.example", time.Now().UnixNano(), n))); err != nil {
		return err
	}
	return w.Close()
}

// flood is what a load on the door came to.
type flood struct {
	accepted, applied float64 // a second, while it lasted
	p50, p99          time.Duration
	backlog           int           // accepted and not yet applied when it ended
	drained           time.Duration // until none was left
	cpu               time.Duration // of the server, for one mail from the door to the counts
}

// load writes mails for a while from several clients at once, with agents
// reading. sender names who writes the nth mail.
func load(t *testing.T, s *server, w world, clients int, lasting time.Duration, sender func(n int64) string) flood {
	before, spent := s.mails(t), s.cpu(t)
	stop := make(chan struct{})
	var agents, writers sync.WaitGroup
	for i := range readersOn {
		agents.Go(func() { readAlong(s, w.tokens[i], stop) })
	}
	took := make([][]time.Duration, clients)
	began := time.Now()
	for i := range clients {
		writers.Go(func() {
			c, err := smtp.Dial(s.door)
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			for time.Since(began) < lasting {
				at := time.Now()
				if err := send(c, sender(mailSerial.Load()), w.inboxes[i%len(w.inboxes)]); err != nil {
					t.Error(err)
					return
				}
				took[i] = append(took[i], time.Since(at))
			}
		})
	}
	writers.Wait()
	seconds := time.Since(began).Seconds()
	after := s.mails(t)
	close(stop)
	agents.Wait()
	all := slices.Concat(took...)
	f := flood{accepted: float64(len(all)) / seconds, applied: float64(after["applied"]-before["applied"]) / seconds,
		p50: percentile(all, 50), p99: percentile(all, 99), backlog: after["in_flight"]}
	for ended := time.Now(); s.mails(t)["in_flight"] > 0; time.Sleep(500 * time.Millisecond) {
		if f.drained = time.Since(ended); f.drained > 10*time.Minute {
			t.Fatal("the backlog does not drain")
		}
	}
	f.cpu = (s.cpu(t) - spent) / time.Duration(max(1, len(all)))
	if end := s.mails(t); end["applied"]-before["applied"] != len(all) {
		t.Errorf("%d mails were accepted and %d applied", len(all), end["applied"]-before["applied"])
	}
	return f
}

// readAlong looks at a list and opens its first conversation, again and again.
func readAlong(s *server, token string, stop chan struct{}) {
	c := newClient(s, token)
	for {
		select {
		case <-stop:
			return
		case <-time.After(readPause):
			c.list("view=all_open")
		}
	}
}

// known and unknown people write.
func known(n int64) string { return fmt.Sprintf("known%d@mail.example", n%knownPeople) }
func unknown(int64) string { return fmt.Sprintf("new%d@mail.example", time.Now().UnixNano()) }
func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

func percentile(list []time.Duration, p int) time.Duration {
	if len(list) == 0 {
		return 0
	}
	list = slices.Sorted(slices.Values(list))
	return list[min(len(list)*p/100, len(list)-1)]
}
