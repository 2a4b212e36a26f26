package email

import (
	"bufio"
	"context"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"

	"rapport/internal/channel"
	"rapport/internal/channel/channeltest"
	"rapport/internal/testkit"
)

// peer is a mail server that answers as it is told and keeps what it accepts.
type peer struct {
	server  channel.Server
	mu      sync.Mutex
	answers map[string]string // by command or by recipient; "hangup" closes
	mails   []string
}

func startPeer(t *testing.T) *peer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	_, port, _ := net.SplitHostPort(l.Addr().String())
	n, _ := strconv.Atoi(port)
	p := &peer{server: channel.Server{Host: "127.0.0.1", Port: n, Security: "none"}, answers: map[string]string{}}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go p.talk(conn)
		}
	}()
	return p
}

func (p *peer) answer(key, otherwise string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if a, ok := p.answers[key]; ok {
		return a
	}
	return otherwise
}

func (p *peer) set(key, answer string) {
	p.mu.Lock()
	p.answers[key] = answer
	p.mu.Unlock()
}

func (p *peer) got() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.mails...)
}

func (p *peer) talk(conn net.Conn) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	say := func(answer string) bool {
		if answer == "hangup" {
			return false
		}
		_, err := conn.Write([]byte(answer + "\r\n"))
		return err == nil
	}
	if !say(p.answer("connect", "220 peer.example")) {
		return
	}
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		answer := p.answer(strings.TrimSpace(line), p.answer(strings.ToUpper(verb), "250 ok"))
		switch strings.ToUpper(verb) {
		case "RCPT":
			answer = p.answer(rest[strings.Index(rest, "<")+1:strings.Index(rest, ">")], answer)
		case "DATA":
			if !say(p.answer("DATA", "354 go on")) {
				return
			}
			var body strings.Builder
			for {
				line, err := r.ReadString('\n')
				if err != nil {
					return
				}
				if line == ".\r\n" {
					break
				}
				body.WriteString(strings.TrimPrefix(line, "."))
			}
			if answer = p.answer("END", "250 kept"); strings.HasPrefix(answer, "2") {
				p.mu.Lock()
				p.mails = append(p.mails, body.String())
				p.mu.Unlock()
			}
		}
		if !say(answer) {
			return
		}
	}
}

func TestSendTellsEachRecipientsOutcome(t *testing.T) {
	t.Parallel()
	w := channeltest.NewWorld(t, testkit.SQLite(t))
	a := adapter(w)
	for _, test := range []struct {
		name    string
		answers map[string]string
		lost    bool // no outcome, try everything again
		want    []channel.Outcome
		kept    int
	}{
		{name: "all is well", want: []channel.Outcome{{Address: "a@x.example", Sent: true}, {Address: "b@x.example", Sent: true}}, kept: 1},
		{name: "one unknown", answers: map[string]string{"b@x.example": "550 5.1.1 No such mailbox"}, kept: 1,
			want: []channel.Outcome{{Address: "b@x.example", Final: true, Dead: true, Reason: "No such mailbox (550 5.1.1)"}, {Address: "a@x.example", Sent: true}}},
		{name: "one to try later", answers: map[string]string{"b@x.example": "451 4.2.0 Greylisted"}, kept: 1,
			want: []channel.Outcome{{Address: "b@x.example", Reason: "Greylisted (451 4.2.0)"}, {Address: "a@x.example", Sent: true}}},
		{name: "one full for good", answers: map[string]string{"b@x.example": "552 5.2.2 Mailbox full"}, kept: 1,
			want: []channel.Outcome{{Address: "b@x.example", Final: true, Reason: "Mailbox full (552 5.2.2)"}, {Address: "a@x.example", Sent: true}}},
		{name: "one not for us", answers: map[string]string{"b@x.example": "550 5.7.1 Access denied, your IP is listed"}, kept: 1,
			want: []channel.Outcome{{Address: "b@x.example", Final: true, Reason: "Access denied, your IP is listed (550 5.7.1)"}, {Address: "a@x.example", Sent: true}}},
		{name: "sender refused", answers: map[string]string{"MAIL": "550 5.7.1 Not you"},
			want: []channel.Outcome{{Address: "a@x.example", Final: true, Reason: "Not you (550 5.7.1)"}, {Address: "b@x.example", Final: true, Reason: "Not you (550 5.7.1)"}}},
		{name: "content refused", answers: map[string]string{"END": "554 5.6.0 Spam"},
			want: []channel.Outcome{{Address: "a@x.example", Final: true, Reason: "Spam (554 5.6.0)"}, {Address: "b@x.example", Final: true, Reason: "Spam (554 5.6.0)"}}},
		{name: "busy after the mail", answers: map[string]string{"END": "451 4.3.0 Later"},
			want: []channel.Outcome{{Address: "a@x.example", Reason: "Later (451 4.3.0)"}, {Address: "b@x.example", Reason: "Later (451 4.3.0)"}}},
		{name: "hangs up at the greeting", answers: map[string]string{"connect": "hangup"}, lost: true},
		{name: "hangs up at MAIL", answers: map[string]string{"MAIL": "hangup"}, lost: true},
		{name: "hangs up at RCPT", answers: map[string]string{"RCPT": "hangup"}, lost: true},
		{name: "hangs up at DATA", answers: map[string]string{"DATA": "hangup"}, lost: true},
		{name: "hangs up after the mail", answers: map[string]string{"END": "hangup"}, lost: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := startPeer(t)
			for k, v := range test.answers {
				p.set(k, v)
			}
			inbox := channel.Inbox{Address: "hello@miska.example", Email: &channel.EmailSettings{SMTP: &p.server}}
			got, err := a.Send(context.Background(), inbox, channel.Built{From: inbox.Address, Recipients: []string{"a@x.example", "b@x.example"}, Bytes: []byte("Subject: x\r\n\r\n.dot\r\n")})
			if (err != nil) != test.lost {
				t.Fatalf("err = %v", err)
			}
			if !test.lost && !sameOutcomes(got, test.want) {
				t.Errorf("outcomes %+v, want %+v", got, test.want)
			}
			if len(p.got()) != test.kept {
				t.Errorf("the server kept %d mails, want %d", len(p.got()), test.kept)
			}
		})
	}
}

func sameOutcomes(a, b []channel.Outcome) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// The way out, end to end: held, built once, sent; a failure is retried with
// the same bytes; a message cancelled in time never leaves.
func TestAMessageLeavesOnceWithTheSameBytes(t *testing.T) {
	t.Parallel()
	w := channeltest.NewWorld(t, testkit.SQLite(t))
	w.Channels.Register(adapter(w))
	p := startPeer(t)
	n := hello()
	n.Email = &channel.EmailSettings{SMTP: &p.server}
	inbox := w.Inbox(n)
	w.Receiver.Out = channel.Outbound{InboxID: inbox.ID, ConversationID: 4711, FromName: "Hanna Zielińska", Subject: "Re: Burek",
		To: []channel.Party{{Name: "Ewa", Address: "ewa@harbour.example"}}, Bcc: []channel.Party{{Address: "secret@miska2.example"}},
		Text: "Boiled rice and chicken.\n.\nSmall portions.", References: []string{"first@harbour.example", "second@harbour.example"}}
	w.Start()
	ctx := context.Background()
	send := func(message int64) {
		err := w.DB.Within(ctx, func(ctx context.Context) error {
			_, err := w.Channels.Enqueue(ctx, channel.Dispatch{WorkspaceID: inbox.WorkspaceID, InboxID: inbox.ID, ConversationID: 4711, MessageID: message,
				Recipients: []string{"ewa@harbour.example", "secret@miska2.example"}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	state := func(message int64) channel.Delivery {
		all, err := w.Channels.Deliveries(ctx, inbox.WorkspaceID, []int64{message})
		if err != nil {
			t.Fatal(err)
		}
		return all[message]
	}
	send(1)
	w.Eventually("sent", func() bool { return state(1).State == channel.Sent })
	mail := p.got()[0]
	for _, want := range []string{"In-Reply-To: <second@harbour.example>", "<first@harbour.example>", "Reply-To:", "+r", "multipart/alternative", "text/plain", "text/html", "Message-ID: <r.", "Boiled rice"} {
		if !strings.Contains(mail, want) {
			t.Errorf("the mail lacks %q:\n%s", want, mail)
		}
	}
	for _, never := range []string{"secret@miska2.example", "Auto-Submitted"} {
		if strings.Contains(mail, never) {
			t.Errorf("the mail tells %q", never)
		}
	}

	p.set("ewa@harbour.example", "550 5.1.1 No such mailbox")
	send(2)
	w.Eventually("failed", func() bool { return state(2).State == channel.Failed })
	d := state(2)
	if len(d.Recipients) != 2 || d.Recipients[0].State != channel.Failed || !strings.Contains(d.Recipients[0].Reason, "No such mailbox") || d.Recipients[1].State != channel.Sent {
		t.Errorf("delivery %+v", d)
	}
	p.set("ewa@harbour.example", "250 ok")
	if err := w.Channels.Retry(ctx, inbox.WorkspaceID, d.OutboundID); err != nil {
		t.Fatal(err)
	}
	w.Eventually("sent after the retry", func() bool { return state(2).State == channel.Sent })
	mails := p.got()
	if len(mails) != 3 || mails[1] != mails[2] {
		t.Errorf("%d mails; the retry must send the same bytes", len(mails))
	}
}

// What comes from nobody goes out as the inbox's where a server insists on a
// sender; a refusal of that one is the server's last word.
func TestAMailFromNobodyLeavesThroughAServerThatWantsASender(t *testing.T) {
	t.Parallel()
	w := channeltest.NewWorld(t, testkit.SQLite(t))
	p := startPeer(t)
	inbox := channel.Inbox{Address: "hello@miska.example", Email: &channel.EmailSettings{SMTP: &p.server}}
	send := func() channel.Outcome {
		t.Helper()
		outcomes, err := adapter(w).Send(context.Background(), inbox, channel.Built{Recipients: []string{"ewa@harbour.example"}, Bytes: sample(1)})
		if err != nil || len(outcomes) != 1 {
			t.Fatalf("%+v, %v", outcomes, err)
		}
		return outcomes[0]
	}
	if o := send(); !o.Sent {
		t.Errorf("to a server that takes it: %+v", o)
	}
	p.set("MAIL FROM:<>", "550 5.7.60 sender denied")
	if o := send(); !o.Sent || len(p.got()) != 2 {
		t.Errorf("to one that wants a sender: %+v", o)
	}
	p.set("MAIL FROM:<hello@miska.example>", "550 5.7.60 sender denied")
	if o := send(); o.Sent || !o.Final {
		t.Errorf("to one that refuses both: %+v", o)
	}
}
