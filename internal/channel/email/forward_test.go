package email

import (
	"context"
	"strings"
	"testing"
	"time"

	"rapport/internal/channel"
	"rapport/internal/channel/channeltest"
	"rapport/internal/platform/rich"
	"rapport/internal/testkit"
)

func TestAForwardShowsWhoWroteWhatItPassesOn(t *testing.T) {
	t.Parallel()
	a := adapter(channeltest.NewWorld(t, testkit.SQLite(t)))
	at := time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)
	out := channel.Outbound{ID: 1, ConversationID: 2, FromName: "Hanna", Subject: "Fwd: Burek", To: []channel.Party{{Address: "lost@courier.example"}},
		Bcc: []channel.Party{{Address: "secret@miska2.example"}}, Text: "Please look", Signature: rich.Plain("Miska"), Forwarded: []channel.Quoted{
			{From: channel.Party{Name: "Ewa <script>", Address: "ewa@harbour.example"}, To: []channel.Party{{Name: "Jan", Address: "jan@harbour.example"}}, At: at, Text: "Still nothing"},
			{From: channel.Party{Address: "ewa@harbour.example"}, At: at, Text: "Where is it?", HTML: "<p>Where is <b>it</b>?</p>"},
		}}
	text, html := bodies(out)
	if want := "Please look\n\n-- \nMiska\n\n---------- Forwarded message ---------\nFrom: Ewa <script> <ewa@harbour.example>\nDate: 2026-11-21 09:30 UTC\nTo: Jan <jan@harbour.example>\n\nStill nothing\n\n" +
		"---------- Forwarded message ---------\nFrom: ewa@harbour.example\nDate: 2026-11-21 09:30 UTC\n\nWhere is it?\n"; text != want {
		t.Errorf("text %q", text)
	}
	if !strings.Contains(html, "<b>it</b>") || strings.Contains(html, "<script>") {
		t.Errorf("html %s", html)
	}
	built, err := a.Build(context.Background(), channel.Inbox{Name: "Miska", Address: "hello@miska.example"}, out)
	if err != nil || strings.Contains(string(built.Bytes), "secret@miska2.example") || len(built.Recipients) != 2 {
		t.Errorf("a blind copy is told, or not sent: %v, %v\n%s", built.Recipients, err, built.Bytes)
	}
}
