package chat_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/internal/channel"
	"rapport/internal/channel/channeltest"
	"rapport/internal/channel/chat"
	"rapport/internal/channel/hours"
	"rapport/internal/platform/fault"
	"rapport/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func ptr[T any](v T) *T { return &v }

func TestChatIsAChannel(t *testing.T) {
	broken := func(c channel.ChatChange) channel.NewInbox {
		return channel.NewInbox{Name: "Shop", Channel: chat.Name, Chat: &c}
	}
	channeltest.Run(t, func(*testing.T, *channeltest.World) channeltest.Subject {
		return channeltest.Subject{
			Adapter: chat.Adapter{},
			Inbox:   channel.NewInbox{Name: "Shop", Channel: chat.Name},
			Sample: func(n int) []byte {
				return fmt.Appendf(nil, `{"visitor":"v%d","client_id":"c%d","name":"Ewa","text":"Is it in stock? %d"}`, n%3, n, n)
			},
			Poison: []byte(`{"visitor":"v1","client_id":"c1","text":"`),
			Broken: []channel.NewInbox{
				broken(channel.ChatChange{Brand: ptr("red")}),
				broken(channel.ChatChange{Position: ptr("left")}),
				broken(channel.ChatChange{Language: ptr("klingon!")}),
				broken(channel.ChatChange{Greeting: &map[string]string{"en": strings.Repeat("a", 301)}}),
				broken(channel.ChatChange{Greeting: &map[string]string{"<b>": "Hello"}}),
				broken(channel.ChatChange{AllowedOrigins: &[]string{"https://shop.example", "*"}}),
				broken(channel.ChatChange{AllowedOrigins: &[]string{"null"}}),
				broken(channel.ChatChange{Hours: &hours.Hours{TimeZone: "Mars/Olympus"}}),
				broken(channel.ChatChange{Hours: &hours.Hours{TimeZone: "Local"}}),
				broken(channel.ChatChange{Hours: &hours.Hours{TimeZone: "Europe/Warsaw", Days: []hours.Day{{Day: 1, From: "18:00", To: "09:00"}}}}),
				broken(channel.ChatChange{Hours: &hours.Hours{TimeZone: "Europe/Warsaw", Days: []hours.Day{{Day: 8, From: "09:00", To: "18:00"}}}}),
				broken(channel.ChatChange{Hours: &hours.Hours{TimeZone: "Europe/Warsaw", Days: []hours.Day{{Day: 1, From: "9:00", To: "24:01"}}}}),
			},
		}
	})
}

func TestSettingsAreTidiedAndKept(t *testing.T) {
	d := testkit.SQLite(t)
	w := channeltest.NewWorld(t, d)
	w.Channels.Register(chat.Adapter{})
	ctx := context.Background()
	inbox := w.Inbox(channel.NewInbox{Name: "Shop", Channel: chat.Name, Chat: &channel.ChatChange{Brand: ptr(" #0B6470 "), Greeting: &map[string]string{"PL": " Cześć! ", "ko": ""},
		AllowedOrigins: &[]string{"HTTPS://Shop.example:443/", "https://shop.example"}}})
	c := inbox.Chat
	if c.Brand != "#0b6470" || len(c.AllowedOrigins) != 1 || c.AllowedOrigins[0] != "https://shop.example" || fmt.Sprint(c.Greeting) != "map[pl:Cześć!]" || !c.ShowTeam {
		t.Errorf("%+v", c)
	}
	secret, err := w.Channels.NewIdentitySecret(ctx, w.Owner, inbox.ID)
	if err != nil || len(secret) < 32 {
		t.Fatal(secret, err)
	}
	changed, err := w.Channels.ChangeInbox(ctx, w.Owner, inbox.ID, channel.InboxChange{Chat: &channel.ChatChange{ShowTeam: ptr(false)}})
	if err != nil || changed.Chat.ShowTeam || changed.Chat.Brand != "#0b6470" || changed.Address != inbox.Address {
		t.Fatalf("%+v, %v", changed, err)
	}
	read, err := w.Channels.InboxAt(ctx, inbox.Address)
	if err != nil || !read.Chat.HasIdentitySecret || read.Chat.IdentitySecret != "" {
		t.Fatalf("%+v, %v", read, err)
	}
	if got, err := w.Channels.IdentitySecret(read); err != nil || got != secret {
		t.Errorf("the secret is %q, %v", got, err)
	}
	again, err := w.Channels.NewIdentitySecret(ctx, w.Owner, inbox.ID)
	if err != nil || again == secret {
		t.Errorf("the secret stayed: %v", err)
	}
	mail, err := w.Channels.ChangeInbox(ctx, w.Owner, inbox.ID, channel.InboxChange{MailInboxID: &inbox.ID})
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("mail through a chat: %+v, %v", mail.MailInboxID, err)
	}
}

func TestHours(t *testing.T) {
	t.Parallel()
	week := func(days ...int) (out []hours.Day) {
		for _, d := range days {
			out = append(out, hours.Day{Day: d, From: "09:00", To: "18:00"})
		}
		return out
	}
	always := []hours.Day{}
	for d := 1; d <= 7; d++ {
		always = append(always, hours.Day{Day: d, From: "00:00", To: "24:00"})
	}
	night := []hours.Day{{Day: 5, From: "22:00", To: "24:00"}, {Day: 6, From: "00:00", To: "06:00"}}
	for _, c := range []struct {
		zone          string
		days          []hours.Day
		now           string
		open          bool
		opens, closes string
	}{
		{"", nil, "2026-11-21T03:00:00Z", true, "", ""},
		{"Europe/Warsaw", week(1, 2, 3, 4, 5), "2026-11-20T08:30:00Z", true, "", "2026-11-20T17:00:00Z"},  // a Friday
		{"Europe/Warsaw", week(1, 2, 3, 4, 5), "2026-11-20T17:00:00Z", false, "2026-11-23T08:00:00Z", ""}, // its end: Monday
		{"Asia/Seoul", week(6), "2026-11-20T23:59:00Z", false, "2026-11-21T00:00:00Z", ""},                // Saturday there, still Friday in UTC
		{"Asia/Seoul", week(6), "2026-11-21T00:00:00Z", true, "", "2026-11-21T09:00:00Z"},
		{"Europe/Warsaw", week(7), "2026-10-25T07:30:00Z", false, "2026-10-25T08:00:00Z", ""}, // the clocks went back that night
		{"Europe/Warsaw", week(7), "2026-03-29T06:59:00Z", false, "2026-03-29T07:00:00Z", ""}, // and forward
		{"Europe/London", always, "2026-11-21T12:00:00Z", true, "", ""},
		{"UTC", night, "2026-11-20T23:30:00Z", true, "", "2026-11-21T06:00:00Z"},
		{"UTC", week(5), "2026-11-20T18:00:00Z", false, "2026-11-27T09:00:00Z", ""},
	} {
		now, _ := time.Parse(time.RFC3339, c.now)
		got := hours.Hours{TimeZone: c.zone, Days: c.days}.At(now)
		stamp := func(t time.Time) string {
			if t.IsZero() {
				return ""
			}
			return t.Format(time.RFC3339)
		}
		if got.Open != c.open || stamp(got.OpensAt) != c.opens || stamp(got.ClosesAt) != c.closes {
			t.Errorf("%s at %s: %v, opens %s, closes %s", c.zone, c.now, got.Open, stamp(got.OpensAt), stamp(got.ClosesAt))
		}
	}
}
