package app

import (
	"bytes"
	"context"
	"fmt"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rapport/internal/channel"
	"rapport/internal/channel/email/mailparse"
	"rapport/internal/contact"
	"rapport/internal/conversation"
	"rapport/internal/conversation/acknowledgement"
	"rapport/internal/platform/rich"
)

// acknowledging has the mailbox of a world acknowledge.
func (w *formWorld) acknowledging(inbox channel.Inbox) {
	w.t.Helper()
	_, err := w.Acknowledgements.Change(context.Background(), w.owner, acknowledgement.Settings{InboxID: inbox.ID, On: true, Language: "en"})
	w.must(err)
	w.must(w.Readers.Prepare(context.Background()))
}

func (w *formWorld) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// arrives takes mails in as a door does.
func (w *formWorld) arrives(inbox channel.Inbox, from string, mails ...string) {
	w.t.Helper()
	arrivals := make([]channel.Arrival, len(mails))
	for i, raw := range mails {
		w.from++
		arrivals[i] = channel.Arrival{WorkspaceID: w.owner.WorkspaceID, InboxID: inbox.ID, SourceKey: fmt.Sprint("test:", w.from), From: from, Raw: []byte(strings.ReplaceAll(raw, "\n", "\r\n"))}
	}
	w.must(w.Channels.Accept(context.Background(), arrivals, nil))
}

// rest waits until nothing moves: no job, and nobody behind in the log.
func (w *formWorld) rest() {
	w.t.Helper()
	ctx := context.Background()
	w.settle()
	for moved, err := 1, error(nil); moved > 0; moved, err = w.Log.Sequence(ctx) {
		w.must(err)
	}
	w.must(w.Readers.CatchUp(ctx))
	w.settle()
}

// start is a conversation that an agent begins.
func (w *formWorld) start(address string) conversation.Conversation {
	w.t.Helper()
	c, err := w.Conversations.Start(context.Background(), w.owner, conversation.NewConversation{InboxID: w.mail.ID, Subject: "Your order", NewMessage: conversation.NewMessage{Text: "It has left.", To: []channel.Party{{Address: address}}}})
	w.must(err)
	return c
}

// startTo is start, and its message once it left.
func (w *formWorld) startTo(address string) (conversation.Conversation, conversation.Message) {
	w.t.Helper()
	c := w.start(address)
	w.settle()
	return c, w.said(c.ID)[0]
}

func (w *formWorld) said(id int64) []conversation.Message {
	w.t.Helper()
	list, _, err := w.Conversations.Messages(context.Background(), w.owner, id, conversation.Span{Oldest: true, Limit: 100})
	w.must(err)
	return list
}

func (w *formWorld) messageID(m conversation.Message) string {
	w.t.Helper()
	raw, err := w.Channels.DepartureSource(context.Background(), w.owner, m.OutboundID)
	w.must(err)
	read, err := mail.ReadMessage(strings.NewReader(string(raw)))
	w.must(err)
	return read.Header.Get("Message-ID")
}

// fixtures are the mails of a file: "-- about --", then the mail.
func fixtures(t *testing.T, path string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	mails := map[string]string{}
	for _, part := range strings.Split(string(text), "\n-- ")[1:] {
		about, raw, _ := strings.Cut(part, " --\n")
		mails[about] = raw
	}
	return mails
}

// MAIL-14: a report about a mail of ours shows at that mail who did not get it,
// in the remote server's words; who will not get any is left in peace by machines,
// and may still be written to.
func TestMAIL14ReportsLandAtTheirMessageAndMarkTheirAddress(t *testing.T) {
	ctx := context.Background()
	w := newFormWorld(t)
	w.acknowledging(w.mail)
	reports := fixtures(t, "testdata/reports.txt")
	if len(reports) < 20 {
		t.Fatalf("only %d formats", len(reports))
	}
	n := 0
	for about, raw := range reports {
		parts := strings.Split(about, " | ")
		name, kind, words := parts[0], parts[1], parts[2]
		n++
		address := fmt.Sprintf("ewa%d@peer.example", n)
		c, m := w.startTo(address)
		w.arrives(w.mail, "", strings.NewReplacer("{to}", address, "{id}", w.messageID(m)).Replace(raw))
		w.rest()
		list := w.said(c.ID)
		if len(list) != 2 {
			t.Errorf("%s: %d messages in the conversation, want the mail and the report", name, len(list))
			continue
		}
		d := list[0].Delivery
		want := channel.BouncedBy
		if kind == "complaint" || kind == "delay" {
			want = channel.Sent
		}
		if d.State != want || want == channel.BouncedBy && !strings.Contains(strings.ToLower(d.Reason), strings.ToLower(words)) {
			t.Errorf("%s: the mail is %s because of %q, want %s with %q", name, d.State, d.Reason, want, words)
		}
		marks, err := w.Contacts.Suppressions(ctx, w.owner.WorkspaceID, []string{address})
		w.must(err)
		switch {
		case (kind == "soft" || kind == "delay") && len(marks) != 0:
			t.Errorf("%s: a failure that passes has marked the address: %+v", name, marks)
		case kind == "hard" && (len(marks) != 1 || marks[0].Cause != contact.CauseBounce || marks[0].At.IsZero()),
			kind == "complaint" && (len(marks) != 1 || marks[0].Cause != contact.CauseComplaint):
			t.Errorf("%s: the address is marked with %+v", name, marks)
		}
		if kind != "soft" && len(marks) == 1 && !strings.Contains(strings.ToLower(marks[0].Reason), strings.ToLower(words)) {
			t.Errorf("%s: the mark says %q, want %q", name, marks[0].Reason, words)
		}
		after, _, err := w.Conversations.Get(ctx, w.owner, c.ID)
		if err != nil || after.Status != c.Status {
			t.Errorf("%s: the conversation is %s, %v", name, after.Status, err)
		}
		if _, err := w.Conversations.Reply(ctx, w.owner, c.ID, conversation.NewMessage{Text: "Once more."}); err != nil {
			t.Errorf("%s: a person may not write any more: %v", name, err)
		}
		w.settle()
	}
	if left := len(w.departures()); left != 2*n {
		t.Errorf("%d mails left, want the %d that people wrote", left, 2*n)
	}
}

// MAIL-13: what machines write in somebody's absence is kept in its conversation,
// changes nothing there, and is answered by nobody.
func TestMAIL13AbsencesAreKeptQuietly(t *testing.T) {
	ctx := context.Background()
	w := newFormWorld(t)
	w.acknowledging(w.mail)
	began := map[string]conversation.Conversation{}
	absences := fixtures(t, "../channel/email/mailparse/testdata/absences.txt")
	for name := range absences {
		began[name] = w.start(fmt.Sprintf("ewa%d@harbour.example", len(began)))
	}
	w.settle()
	n := 0
	for name, raw := range absences {
		n++
		c := began[name]
		_, err := w.Conversations.SetStatus(ctx, w.owner, c.ID, conversation.Closed, 0)
		w.must(err)
		ours := w.messageID(w.said(c.ID)[0])
		header := fmt.Sprintf("References: %s\nMessage-ID: <%d@harbour.example>\n", ours, n)
		if !strings.Contains(raw, "In-Reply-To:") {
			header += "In-Reply-To: " + ours + "\n"
		}
		w.arrives(w.mail, "ewa@harbour.example", header+raw)                                                // an answer
		w.arrives(w.mail, "ewa@harbour.example", fmt.Sprintf("Message-ID: <b%d@harbour.example>\n", n)+raw) // and one that answers nothing of ours
	}
	w.rest()
	for name, c := range began {
		list := w.said(c.ID)
		after, _, err := w.Conversations.Get(ctx, w.owner, c.ID)
		w.must(err)
		if len(list) != 2 || list[1].Class != channel.AutoReply || after.Status != conversation.Closed {
			t.Errorf("%s: %d messages, the conversation is %s", name, len(list), after.Status)
		}
	}
	left := slices.DeleteFunc(w.departures(), func(d channel.Departed) bool { return d.Recipients[0] == "hanna@miska.example" }) // of so many answers of a machine an administrator hears
	if len(left) != min(n, 100) {
		t.Errorf("%d mails left, want the %d that a person wrote", len(left), n)
	}
}

// MAIL-15: what is begun through the API is acknowledged to nobody, whatever
// address it names.
func TestMAIL15WhatTheAPIBeginsIsNotAcknowledged(t *testing.T) {
	w := newFormWorld(t)
	w.acknowledging(w.mail)
	for range 20 {
		w.startTo("victim@sea.example")
	}
	w.rest()
	for _, d := range w.departures() {
		if d.From == "" {
			t.Errorf("an automatic mail left to %v", d.Recipients)
		}
	}
	if left := len(w.departures()); left != 20 {
		t.Errorf("%d mails left, want the 20 that a person wrote", left)
	}
}

// MAIL-17: a flood from one sender is kept whole and acknowledged once; who
// writes to another inbox meanwhile is served. PROVE=1 has it be 5,000.
func TestMAIL17AFloodFromOneSender(t *testing.T) {
	ctx := context.Background()
	w := newFormWorld(t)
	w.acknowledging(w.mail)
	other := w.inbox(channel.NewInbox{Name: "Vets", Channel: "email", Address: "vets@miska.example", Email: &channel.EmailSettings{}})
	w.acknowledging(other)
	flood := 200
	if os.Getenv("PROVE") != "" {
		flood = 5000
	}
	for n := 0; n < flood; n += 50 {
		batch := make([]string, min(50, flood-n))
		for i := range batch {
			batch[i] = fmt.Sprintf("From: Flood <flood+%d@sea.example>\nTo: hello@miska.example\nSubject: Number %d\nMessage-ID: <%d@sea.example>\n\nNumber %d.\n", n+i, n+i, n+i, n+i)
		}
		w.arrives(w.mail, "flood@sea.example", batch...)
	}
	w.arrives(other, "ewa@harbour.example", "From: Ewa <ewa@harbour.example>\nTo: vets@miska.example\nSubject: Burek is unwell\nMessage-ID: <1@harbour.example>\n\nHe does not eat.\n")
	w.rest()
	counters, err := w.Channels.Counters(ctx, w.owner.WorkspaceID)
	if err != nil || counters.Applied != int64(flood)+1 || counters.Accepted != counters.Applied {
		t.Errorf("counters %+v, %v: want %d applied", counters, err, flood+1)
	}
	got := map[string]int{}
	for _, d := range w.departures() {
		got[strings.Join(d.Recipients, " ")]++
	}
	if len(got) != 2 || got["ewa@harbour.example"] != 1 {
		t.Errorf("mails left to %v, want one to the flood and one to Ewa", got)
	}
	if parked, err := w.Log.Parked(ctx, w.owner.WorkspaceID); err != nil || len(parked) > 0 {
		t.Errorf("parked %v, %v", parked, err)
	}
}

// The same with the reports of other people's mail systems, each made one about
// a mail of ours. Those that hold no readable id of it cannot be placed.
func TestMAIL14ReportsOfManyMailSystemsLandAtTheirMessage(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/data/email/bounces/lhost-*.eml")
	if len(files) == 0 {
		t.Skip("public test data not here: shared/data/email")
	}
	w := newFormWorld(t)
	type report struct {
		name, raw, about string
		of               int64 // the conversation
	}
	var reports []report
	for n, file := range files {
		raw, err := os.ReadFile(file)
		w.must(err)
		m, err := mailparse.Parse(raw)
		if err != nil || m.Kind != mailparse.KindBounce || m.OriginalMessageID == "" || m.OriginalMessageID == m.MessageID || !bytes.Contains(raw, []byte("<"+m.OriginalMessageID+">")) {
			continue
		}
		reports = append(reports, report{filepath.Base(file), strings.ReplaceAll(string(raw), "\r\n", "\n"), "<" + m.OriginalMessageID + ">", w.start(fmt.Sprintf("ewa%d@peer.example", n)).ID})
	}
	w.settle()
	for _, r := range reports {
		w.arrives(w.mail, "", strings.ReplaceAll(r.raw, r.about, w.messageID(w.said(r.of)[0])))
	}
	w.rest()
	placed, landed := len(reports), 0
	for _, r := range reports {
		d := w.said(r.of)[0].Delivery
		if d.State == channel.BouncedBy && d.Reason != "" {
			landed++
		} else {
			t.Logf("%s: the mail is %s because of %q", r.name, d.State, d.Reason)
		}
	}
	t.Logf("%d of %d reports landed at their message", landed, placed)
	if placed < 50 || landed*100 < placed*97 {
		t.Errorf("%d of %d reports landed at their message, want 97 in a hundred", landed, placed)
	}
}

// THR-09, as it leaves: the mail is marked as a machine's, comes from nobody,
// goes to the sender alone, and says nothing that an unproven sender said.
func TestTHR09AnAcknowledgementAsItLeaves(t *testing.T) {
	ctx := context.Background()
	w := newFormWorld(t)
	w.acknowledging(w.mail)
	signature, template := rich.Plain("Miska, for {{customer.first_name}}"), rich.Plain("Dear {{customer.name|you}},\n{{message}}")
	_, err := w.Channels.ChangeInbox(ctx, w.owner, w.mail.ID, channel.InboxChange{Signature: &signature, Template: &template})
	w.must(err)
	w.arrives(w.mail, "ewa@harbour.example", "From: Pills at evil.example <ewa@harbour.example>\nReply-To: victim@sea.example\nTo: hello@miska.example, jan@lake.example\nCc: ola@hill.example\nSubject: Pills\nMessage-ID: <1@harbour.example>\n\nCheap pills.\n")
	w.rest()
	left := w.departures()
	if len(left) != 1 || fmt.Sprint(left[0].Recipients) != "[ewa@harbour.example]" || left[0].From != "" {
		t.Fatalf("left: %+v", left)
	}
	raw, err := w.Channels.DepartureSource(ctx, w.owner, left[0].ID)
	w.must(err)
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	w.must(err)
	for name, want := range map[string]string{"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All", "Precedence": "auto_reply", "To": "<ewa@harbour.example>", "Cc": "", "Bcc": "",
		"In-Reply-To": "<1@harbour.example>", "Subject": "We have received your message #1"} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for _, words := range []string{"ills", "evil", "victim", "jan@", "ola@", "{{", "Dear"} {
		if strings.Contains(string(raw), words) {
			t.Errorf("it says %q:\n%s", words, raw)
		}
	}
}
