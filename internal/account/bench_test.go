package account_test

import (
	"context"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/event"
	"rapport/internal/testkit"
)

func benchRoom(b *testing.B) (*account.Room, account.Founded) {
	b.Helper()
	d := testkit.SQLite(b)
	room := account.New(d, event.New(d, clock.System, silent{}), sealer{}, clock.System)
	b.Cleanup(room.Close)
	found, err := room.SetupDirect(context.Background(), account.Setup{Workspace: "Miska", Email: "hanna@miska.example", Password: ownerPassword})
	if err != nil {
		b.Fatal(err)
	}
	return room, found
}

func BenchmarkAuthenticateKey(b *testing.B) {
	room, found := benchRoom(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := room.AuthenticateKey(context.Background(), found.Token); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScope(b *testing.B) {
	room, found := benchRoom(b)
	actor := account.Actor{Kind: account.KindAgent, WorkspaceID: found.WorkspaceID, AgentID: found.AgentID, Role: account.Owner}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := room.Scope(context.Background(), actor); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRefusal shows that an unknown address costs what a wrong password
// costs. Its clock runs a day ahead each time, so nothing is slowed down.
func BenchmarkRefusal(b *testing.B) {
	for _, c := range []struct{ name, email string }{{"known", "hanna@miska.example"}, {"unknown", "nobody@miska.example"}} {
		b.Run(c.name, func(b *testing.B) {
			d, now := testkit.SQLite(b), clock.NewFake(time.Now())
			room := account.New(d, event.New(d, now, silent{}), sealer{}, now)
			if _, err := room.SetupDirect(context.Background(), account.Setup{Workspace: "Miska", Email: "hanna@miska.example", Password: ownerPassword}); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				now.Advance(25 * time.Hour)
				if _, err := room.SignIn(context.Background(), account.SignIn{Email: c.email, Password: "wrong password"}); err == nil {
					b.Fatal("signed in")
				}
			}
		})
	}
}
