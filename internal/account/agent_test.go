package account_test

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/rich"
)

func TestInvitations(t *testing.T) {
	eachWorld(t, func(w *world) {
		team, err := w.room.CreateTeam(w.ctx(), w.owner, "Returns", nil)
		w.must(err)
		ask := account.Invite{Email: "Minji@Miska.example", Name: " Minji ", Role: account.Member, TeamIDs: []int64{team.ID}, InboxIDs: []int64{41}}
		first, err := w.room.Invite(w.ctx(), w.owner, ask)
		if w.must(err); !first.Mailed || first.Agent.State != account.Invited || first.Agent.Name != "Minji" || !slices.Equal(first.Agent.TeamIDs, []int64{team.ID}) {
			w.t.Fatalf("%+v", first)
		}
		if l := w.mail.sent[0]; l.data["inviter"] == "" || l.data["language"] == "" {
			w.t.Fatalf("the letter does not know who invites, or in which language: %v", l.data)
		}
		w.mail.without = true
		ask.Role = account.Light
		second, err := w.room.Invite(w.ctx(), w.owner, ask)
		if w.must(err); second.Mailed || second.Agent.ID != first.Agent.ID || second.Agent.Role != account.Light {
			w.t.Fatalf("%+v", second)
		}
		_, _, err = w.room.InvitationTo(w.ctx(), first.Token)
		w.wantKind(err, fault.NotFound)
		third, err := w.room.InviteAgain(w.ctx(), w.owner, first.Agent.ID)
		w.must(err)
		a, at, err := w.room.InvitationTo(w.ctx(), third.Token)
		if w.must(err); a.Email != "Minji@Miska.example" || at.Name != "Miska" {
			w.t.Fatal(a, at)
		}
		_, err = w.room.AcceptInvitation(w.ctx(), account.Acceptance{Token: third.Token, Password: "minji minji"})
		w.must(err)

		var won atomic.Int64
		var wg sync.WaitGroup
		again, err := w.room.Invite(w.ctx(), w.owner, account.Invite{Email: "ola@miska.example", Name: "Ola", Role: account.Admin})
		w.must(err)
		for range 4 {
			wg.Go(func() {
				if _, err := w.room.AcceptInvitation(w.ctx(), account.Acceptance{Token: again.Token, Name: "Ola N.", Password: "four green birds fly"}); err == nil {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			w.t.Fatalf("one link let %d in", won.Load())
		}
		_, err = w.room.Invite(w.ctx(), w.owner, ask)
		w.wantKind(err, fault.Conflict)
		_, err = w.room.InviteAgain(w.ctx(), w.owner, first.Agent.ID)
		w.wantKind(err, fault.Conflict)
	})
}

func TestAnInvitationExpires(t *testing.T) {
	eachWorld(t, func(w *world) {
		inv, err := w.room.Invite(w.ctx(), w.owner, account.Invite{Email: "a@b.test", Name: "A", Role: account.Light})
		w.must(err)
		w.clock.Advance(7 * 24 * time.Hour)
		_, err = w.room.AcceptInvitation(w.ctx(), account.Acceptance{Token: inv.Token, Password: "four green birds fly"})
		w.wantKind(err, fault.NotFound)
	})
}

func TestAnInvitationSaysAllThatIsWrong(t *testing.T) {
	eachWorld(t, func(w *world) {
		_, err := w.room.Invite(w.ctx(), w.owner, account.Invite{Email: "x", Name: "", Role: "boss"})
		w.wantKind(err, fault.Invalid)
		if f := fault.FieldsOf(err); len(f) != 3 {
			w.t.Fatalf("fields %v", f)
		}
		_, err = w.room.Invite(w.ctx(), w.owner, account.Invite{Email: "a@b.test", Name: "A", Role: account.Light, TeamIDs: []int64{12345}})
		w.wantKind(err, fault.Invalid)
		if _, err := w.room.AgentByEmail(w.ctx(), w.owner.WorkspaceID, "a@b.test"); err == nil {
			w.t.Fatal("a refused invitation left an agent behind")
		}
	})
}

func TestWhoMayManageWhom(t *testing.T) {
	eachWorld(t, func(w *world) {
		admin := w.join("adam", account.Admin).Actor
		member := w.join("minji", account.Member).Actor
		light := w.join("leo", account.Light).Actor
		role := func(r account.Role) account.AgentChange { return account.AgentChange{Role: &r} }
		for _, c := range []struct {
			name   string
			actor  account.Actor
			target int64
			to     account.Role
			want   fault.Kind // Internal: it works
		}{
			{"light", light, light.AgentID, account.Admin, fault.Forbidden},
			{"agent", member, member.AgentID, account.Admin, fault.Forbidden},
			{"admin makes an owner", admin, member.AgentID, account.Owner, fault.Forbidden},
			{"admin makes itself an owner", admin, admin.AgentID, account.Owner, fault.Forbidden},
			{"admin touches an owner", admin, w.owner.AgentID, account.Light, fault.Forbidden},
			{"admin makes an admin", admin, light.AgentID, account.Admin, fault.Internal},
			{"somebody of elsewhere", account.Actor{Kind: account.KindAgent, WorkspaceID: 1, Role: account.Owner}, light.AgentID, account.Admin, fault.NotFound},
			{"the last owner", w.owner, w.owner.AgentID, account.Admin, fault.Conflict},
			{"owner makes an owner", w.owner, member.AgentID, account.Owner, fault.Internal},
			{"one of two owners", w.owner, w.owner.AgentID, account.Admin, fault.Internal},
		} {
			_, err := w.room.UpdateAgent(w.ctx(), c.actor, c.target, role(c.to))
			if c.want == fault.Internal && err != nil || c.want != fault.Internal && !fault.Is(err, c.want) {
				w.t.Errorf("%s: %v", c.name, err)
			}
		}
		_, err := w.room.Invite(w.ctx(), admin, account.Invite{Email: "a@b.test", Name: "A", Role: account.Owner})
		w.wantKind(err, fault.Forbidden)
		w.wantKind(w.room.Deactivate(w.ctx(), admin, member.AgentID, account.HandTo{}), fault.Forbidden)
		boss := account.Actor{Kind: account.KindAgent, WorkspaceID: w.owner.WorkspaceID, AgentID: member.AgentID, Role: account.Owner}
		w.wantKind(w.room.Deactivate(w.ctx(), boss, boss.AgentID, account.HandTo{}), fault.Conflict)
	})
}

func TestTwoOwnersCannotLeaveAtOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		second := w.join("ola", account.Admin).Actor
		to := account.Owner
		_, err := w.room.UpdateAgent(w.ctx(), w.owner, second.AgentID, account.AgentChange{Role: &to})
		w.must(err)
		var wg sync.WaitGroup
		var left atomic.Int64
		for _, id := range []int64{w.owner.AgentID, second.AgentID} {
			wg.Go(func() {
				if w.room.Deactivate(w.ctx(), w.owner, id, account.HandTo{}) == nil {
					left.Add(1)
				}
			})
		}
		wg.Wait()
		if left.Load() != 1 {
			w.t.Fatalf("%d owners left, want 1", left.Load())
		}
	})
}

func TestDeactivation(t *testing.T) {
	eachWorld(t, func(w *world) {
		in := w.join("minji", account.Member)
		leo := w.join("leo", account.Light)
		_, key, err := w.room.CreateKey(w.ctx(), in.Actor, "script", time.Time{})
		w.must(err)
		_, err = w.room.AuthenticateKey(w.ctx(), key)
		w.must(err)
		if n, err := w.room.OpenWork(w.ctx(), w.owner, in.Actor.AgentID); err != nil || n != 3 {
			w.t.Fatal(n, err)
		}
		for _, to := range []account.HandTo{{AgentID: in.Actor.AgentID}, {AgentID: leo.Actor.AgentID}, {AgentID: 12345}, {TeamID: 12345}} {
			w.wantKind(w.room.Deactivate(w.ctx(), w.owner, in.Actor.AgentID, to), fault.Invalid)
		}
		w.work.fails = fault.New("test", fault.Unavailable, "")
		w.wantKind(w.room.Deactivate(w.ctx(), w.owner, in.Actor.AgentID, account.HandTo{}), fault.Unavailable)
		_, err = w.room.Authenticate(w.ctx(), in.Token)
		w.must(err) // all or nothing
		w.work.fails = nil
		w.must(w.room.Deactivate(w.ctx(), w.owner, in.Actor.AgentID, account.HandTo{AgentID: w.owner.AgentID}))
		if want := []int64{in.Actor.AgentID, w.owner.AgentID, 0}; !slices.Equal(w.work.handed, want) {
			w.t.Fatalf("handed over %v, want %v", w.work.handed, want)
		}
		_, err = w.room.Authenticate(w.ctx(), in.Token)
		w.wantKind(err, fault.Unauthenticated)
		_, err = w.room.AuthenticateKey(w.ctx(), key)
		w.wantKind(err, fault.Unauthenticated)
		scope, err := w.room.Scope(w.ctx(), in.Actor)
		if w.must(err); scope.All || len(scope.Inboxes) > 0 {
			w.t.Fatalf("scope %+v", scope)
		}
		a, err := w.room.Reactivate(w.ctx(), w.owner, in.Actor.AgentID)
		if w.must(err); a.State != account.Active {
			w.t.Fatal(a.State)
		}
		_, err = w.room.AuthenticateKey(w.ctx(), key)
		w.wantKind(err, fault.Unauthenticated)
		_, err = w.signIn("minji@miska.example", "minji rides a red bicycle", "")
		w.must(err)
	})
}

func TestAChangedRoleCountsAtOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		in := w.join("minji", account.Member)
		before, err := w.room.Authenticate(w.ctx(), in.Token)
		w.must(err)
		to := account.Admin
		_, err = w.room.UpdateAgent(w.ctx(), w.owner, in.Actor.AgentID, account.AgentChange{Role: &to})
		w.must(err)
		after, err := w.room.Authenticate(w.ctx(), in.Token)
		if w.must(err); before.Role != account.Member || after.Role != account.Admin {
			w.t.Fatalf("before %s, after %s", before.Role, after.Role)
		}
		scope, err := w.room.Scope(w.ctx(), before) // an actor of yesterday sees what it may today
		if w.must(err); !scope.All {
			w.t.Fatalf("scope %+v", scope)
		}
	})
}

func TestProfile(t *testing.T) {
	eachWorld(t, func(w *world) {
		in := w.join("minji", account.Light)
		name, language, zone, signature, theme, photo := "김민지", "ko", "Asia/Seoul", rich.Plain("Miska\r\n  Seoul "), "dark", int64(77)
		a, err := w.room.UpdateProfile(w.ctx(), in.Actor, account.ProfileChange{Name: &name, Language: &language, TimeZone: &zone, Signature: &signature, Theme: &theme, PhotoID: &photo})
		if w.must(err); a.Name != "김민지" || a.Language != "ko" || a.TimeZone != "Asia/Seoul" || a.Signature != rich.Plain("Miska\n  Seoul") || a.Theme != "dark" || a.PhotoID != 77 {
			w.t.Fatalf("%+v", a)
		}
		if w.album.held[in.Actor.AgentID] != 77 {
			w.t.Fatalf("held photos %v", w.album.held)
		}
		if now, err := w.room.Authenticate(w.ctx(), in.Token); err != nil || now.Language != "ko" {
			w.t.Fatalf("asks as %+v, %v: in Korean from now on", now, err)
		}
		bad, worse := "\x00", rich.Text{Plain: "\x00"}
		_, err = w.room.UpdateProfile(w.ctx(), in.Actor, account.ProfileChange{Name: &bad, Language: &bad, TimeZone: &bad, Signature: &worse, Theme: &bad})
		w.wantKind(err, fault.Invalid)
		if f := fault.FieldsOf(err); len(f) != 5 {
			w.t.Fatalf("fields %v", f)
		}
		again, err := w.room.UpdateProfile(w.ctx(), in.Actor, account.ProfileChange{})
		if w.must(err); again.Name != a.Name || again.PhotoID != 77 {
			w.t.Fatalf("%+v", again)
		}
		none := int64(0)
		again, err = w.room.UpdateProfile(w.ctx(), in.Actor, account.ProfileChange{PhotoID: &none})
		if w.must(err); again.PhotoID != 0 || len(w.album.held) != 0 {
			w.t.Fatalf("photo %d, held %v", again.PhotoID, w.album.held)
		}
		_, err = w.room.UpdateProfile(w.ctx(), account.Actor{}, account.ProfileChange{})
		w.wantKind(err, fault.NotFound)
	})
}

func TestWorkspaceSettings(t *testing.T) {
	eachWorld(t, func(w *world) {
		name, language, inbox := "Miska Pets", "pl", int64(9)
		got, err := w.room.UpdateWorkspace(w.ctx(), w.owner, account.WorkspaceChange{Name: &name, Language: &language, SystemInboxID: &inbox})
		if w.must(err); got.Name != name || got.Language != "pl" || got.SystemInboxID != 9 {
			w.t.Fatalf("%+v", got)
		}
		in := w.join("minji", account.Member)
		_, err = w.room.UpdateWorkspace(w.ctx(), in.Actor, account.WorkspaceChange{Name: &name})
		w.wantKind(err, fault.Forbidden)
		if a, err := w.room.Agent(w.ctx(), in.Actor.WorkspaceID, in.Actor.AgentID); err != nil || a.Language != "pl" {
			w.t.Fatal(a.Language, err)
		}
	})
}

func TestKeys(t *testing.T) {
	eachWorld(t, func(w *world) {
		in := w.join("minji", account.Member)
		k, plain, err := w.room.CreateKey(w.ctx(), in.Actor, "shop", w.clock.Now().Add(time.Hour))
		w.must(err)
		actor, err := w.room.AuthenticateKey(w.ctx(), plain)
		if w.must(err); actor.AgentID != in.Actor.AgentID || actor.Role != account.Member || actor.SessionID != 0 {
			w.t.Fatalf("%+v", actor)
		}
		w.room.Close()
		keys, err := w.room.Keys(w.ctx(), in.Actor)
		if w.must(err); len(keys) != 1 || keys[0].Prefix != plain[:8] || keys[0].LastUsedAt != w.clock.Now() {
			w.t.Fatalf("%+v", keys)
		}
		_, _, err = w.room.CreateKey(w.ctx(), in.Actor, "late", w.clock.Now())
		w.wantKind(err, fault.Invalid)
		w.wantKind(w.room.RevokeKey(w.ctx(), w.owner, k.ID), fault.NotFound)
		w.clock.Advance(time.Hour)
		_, err = w.room.AuthenticateKey(w.ctx(), plain)
		w.wantKind(err, fault.Unauthenticated)

		k, plain, err = w.room.CreateKey(w.ctx(), in.Actor, "forever", time.Time{})
		w.must(err)
		_, err = w.room.AuthenticateKey(w.ctx(), plain)
		w.must(err)
		w.must(w.room.RevokeKey(w.ctx(), in.Actor, k.ID))
		_, err = w.room.AuthenticateKey(w.ctx(), plain)
		w.wantKind(err, fault.Unauthenticated)
	})
}

func TestTeamsAndWhatTheySee(t *testing.T) {
	eachWorld(t, func(w *world) {
		minji, leo := w.join("minji", account.Member).Actor, w.join("leo", account.Light).Actor
		scope := func(a account.Actor) account.Scope {
			w.t.Helper()
			s, err := w.room.Scope(w.ctx(), a)
			w.must(err)
			return s
		}
		s0 := scope(minji)
		team, err := w.room.CreateTeam(w.ctx(), w.owner, "Returns", []int64{minji.AgentID, minji.AgentID})
		if w.must(err); team.Key != "returns" || !slices.Equal(team.AgentIDs, []int64{minji.AgentID}) {
			w.t.Fatalf("%+v", team)
		}
		_, err = w.room.CreateTeam(w.ctx(), w.owner, "RETURNS", nil)
		w.wantKind(err, fault.Conflict)
		_, err = w.room.CreateTeam(w.ctx(), w.owner, "Others", []int64{12345})
		w.wantKind(err, fault.Invalid)
		_, err = w.room.CreateTeam(w.ctx(), minji, "Mine", nil)
		w.wantKind(err, fault.Forbidden)

		w.must(w.room.SetInboxMembers(w.ctx(), w.owner, 9, account.InboxMembers{TeamIDs: []int64{team.ID}, AgentIDs: []int64{leo.AgentID, leo.AgentID}}))
		w.must(w.room.SetInboxMembers(w.ctx(), w.owner, 4, account.InboxMembers{TeamIDs: []int64{team.ID}, AgentIDs: []int64{minji.AgentID}}))
		w.wantKind(w.room.SetInboxMembers(w.ctx(), w.owner, 4, account.InboxMembers{TeamIDs: []int64{12345}}), fault.Invalid)
		s1 := scope(minji)
		if !slices.Equal(s1.Inboxes, []int64{4, 9}) || s1.All || s1.Version <= s0.Version {
			w.t.Fatalf("%+v after %+v", s1, s0)
		}
		if got := scope(w.owner); !got.All {
			w.t.Fatalf("owner %+v", got)
		}
		w.must(w.room.Allow(w.ctx(), minji, account.Reply, 9))
		w.wantKind(w.room.Allow(w.ctx(), minji, account.Reply, 5), fault.NotFound)
		w.wantKind(w.room.Allow(w.ctx(), leo, account.Reply, 9), fault.Forbidden)
		ids, err := w.room.Audience(w.ctx(), w.owner.WorkspaceID, 4)
		if want := []int64{w.owner.AgentID, minji.AgentID}; err != nil || !slices.Equal(ids, want) {
			w.t.Fatalf("audience %v, want %v, %v", ids, want, err)
		}

		name, nobody := "Refunds", []int64{}
		team, err = w.room.UpdateTeam(w.ctx(), w.owner, team.ID, account.TeamChange{Name: &name, AgentIDs: &nobody})
		if w.must(err); team.Name != "Refunds" || team.Key != "returns" || len(team.AgentIDs) != 0 {
			w.t.Fatalf("%+v", team)
		}
		s2 := scope(minji)
		if !slices.Equal(s2.Inboxes, []int64{4}) || s2.Version <= s1.Version {
			w.t.Fatalf("%+v after %+v", s2, s1)
		}
		w.must(w.room.DeleteTeam(w.ctx(), w.owner, team.ID))
		m, err := w.room.InboxMembers(w.ctx(), w.owner.WorkspaceID, 9)
		if w.must(err); len(m.TeamIDs) != 0 || !slices.Equal(m.AgentIDs, []int64{leo.AgentID}) {
			w.t.Fatalf("%+v", m)
		}
		w.must(w.room.ForgetInbox(w.ctx(), w.owner, 9))
		if got := scope(leo); len(got.Inboxes) != 0 {
			w.t.Fatalf("leo sees %+v", got)
		}
		w.wantKind(w.room.DeleteTeam(w.ctx(), w.owner, team.ID), fault.NotFound)
		var kinds []string
		for _, e := range w.events() {
			kinds = append(kinds, e.Kind)
		}
		for _, kind := range []string{account.EventTeamChanged, account.EventGrantChanged, account.EventAgentChanged, account.EventSessionStarted} {
			if !slices.Contains(kinds, kind) {
				w.t.Errorf("no %s among %v", kind, kinds)
			}
		}
	})
}

func TestAnotherNodeLearnsWithinSeconds(t *testing.T) {
	eachWorld(t, func(w *world) {
		in := w.join("minji", account.Member)
		other := account.New(w.d, w.log, sealer{}, w.clock)
		_, err := other.Authenticate(w.ctx(), in.Token)
		w.must(err)
		w.must(w.room.Deactivate(w.ctx(), w.owner, in.Actor.AgentID, account.HandTo{}))
		w.clock.Advance(5 * time.Second)
		_, err = other.Authenticate(w.ctx(), in.Token)
		w.wantKind(err, fault.Unauthenticated)
	})
}
