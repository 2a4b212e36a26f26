package account_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

func TestLists(t *testing.T) {
	eachWorld(t, func(w *world) {
		minji, leo := w.join("minji", account.Member).Actor.AgentID, w.join("leo", account.Light).Actor.AgentID
		b, err := w.room.CreateTeam(w.ctx(), w.owner, "Billing", []int64{leo, minji})
		w.must(err)
		a, err := w.room.CreateTeam(w.ctx(), w.owner, "Art", []int64{minji})
		w.must(err)
		teams, err := w.room.Teams(w.ctx(), w.owner.WorkspaceID)
		if w.must(err); len(teams) != 2 || teams[0].ID != a.ID || !slices.Equal(teams[1].AgentIDs, sorted(minji, leo)) {
			w.t.Fatalf("%+v", teams)
		}
		agents, err := w.room.Agents(w.ctx(), w.owner.WorkspaceID)
		if w.must(err); len(agents) != 3 || agents[0].Name != "Hanna" || agents[1].Name != "leo" || !slices.Equal(agents[2].TeamIDs, sorted(a.ID, b.ID)) {
			w.t.Fatalf("%+v", agents)
		}
		if other, err := w.room.Agents(w.ctx(), 1); err != nil || len(other) != 0 {
			w.t.Fatal(other, err)
		}
		all, err := w.room.Workspaces(w.ctx())
		if w.must(err); len(all) != 1 || all[0].ID != w.owner.WorkspaceID {
			w.t.Fatalf("%+v", all)
		}
		only := []int64{b.ID}
		changed, err := w.room.UpdateAgent(w.ctx(), w.owner, minji, account.AgentChange{TeamIDs: &only})
		if w.must(err); !slices.Equal(changed.TeamIDs, only) {
			w.t.Fatalf("%+v", changed)
		}
		system, err := w.room.Scope(w.ctx(), account.System(w.owner.WorkspaceID))
		if w.must(err); !system.All || system.Version == 0 {
			w.t.Fatalf("%+v", system)
		}
		_, err = w.room.Scope(w.ctx(), account.System(1))
		w.wantKind(err, fault.NotFound)
	})
}

func sorted(ids ...int64) []int64 {
	slices.Sort(ids)
	return ids
}

func TestAScopeInsideATransactionIsNotRemembered(t *testing.T) {
	eachWorld(t, func(w *world) {
		minji := w.join("minji", account.Member).Actor
		boom := fault.New("test", fault.Conflict, "")
		err := w.d.Within(w.ctx(), func(ctx context.Context) error {
			if err := w.room.SetInboxMembers(ctx, w.owner, 9, account.InboxMembers{AgentIDs: []int64{minji.AgentID}}); err != nil {
				return err
			}
			s, err := w.room.Scope(ctx, minji)
			if err != nil || !s.Includes(9) {
				w.t.Errorf("inside: %+v, %v", s, err)
			}
			return boom
		})
		w.wantKind(err, fault.Conflict)
		if s, err := w.room.Scope(w.ctx(), minji); err != nil || s.Includes(9) {
			w.t.Fatalf("after it was rolled back: %+v, %v", s, err)
		}
	})
}

func TestWithTheTokenComesWhatItsAgentSees(t *testing.T) {
	eachWorld(t, func(w *world) {
		minji, leo, ola := w.join("minji", account.Member), w.join("leo", account.Light), w.join("ola", account.Admin)
		team, err := w.room.CreateTeam(w.ctx(), w.owner, "Billing", []int64{leo.Actor.AgentID})
		w.must(err)
		w.must(w.room.SetInboxMembers(w.ctx(), w.owner, 9, account.InboxMembers{AgentIDs: []int64{minji.Actor.AgentID}, TeamIDs: []int64{team.ID}}))
		w.must(w.room.SetInboxMembers(w.ctx(), w.owner, 4, account.InboxMembers{AgentIDs: []int64{minji.Actor.AgentID}}))
		_, key, err := w.room.CreateKey(w.ctx(), minji.Actor, "script", time.Time{})
		w.must(err)
		for name, agent := range map[string]struct {
			ask  func(context.Context, string) (account.Actor, error)
			with string
			want account.Scope
		}{
			"a session of a member":    {w.room.Authenticate, minji.Token, account.Scope{Inboxes: []int64{4, 9}}},
			"a key of a member":        {w.room.AuthenticateKey, key, account.Scope{Inboxes: []int64{4, 9}}},
			"a session by a team":      {w.room.Authenticate, leo.Token, account.Scope{Inboxes: []int64{9}}},
			"a session of who runs it": {w.room.Authenticate, ola.Token, account.Scope{All: true}},
		} {
			w.clock.Advance(time.Minute)
			actor, err := agent.ask(w.ctx(), agent.with)
			w.must(err)
			// What changes behind the room's back shows that Scope does not ask again.
			_, err = db.Exec(w.ctx(), w.d, "UPDATE workspaces SET access_version = access_version + 1 WHERE id = $1", actor.WorkspaceID)
			w.must(err)
			kept, err := w.room.Scope(w.ctx(), actor)
			w.must(err)
			w.clock.Advance(time.Second)
			fresh, err := w.room.Scope(w.ctx(), actor)
			w.must(err)
			if !kept.Equal(agent.want) || !fresh.Equal(agent.want) || kept.Version != fresh.Version-1 {
				w.t.Errorf("%s: %+v, then %+v; want %+v", name, kept, fresh, agent.want)
			}
		}
	})
}

func TestWhoNeverJoinedIsInvitedAgain(t *testing.T) {
	eachWorld(t, func(w *world) {
		ask := account.Invite{Email: "ola@miska.example", Name: "Ola", Role: account.Member}
		inv, err := w.room.Invite(w.ctx(), w.owner, ask)
		w.must(err)
		w.must(w.room.Deactivate(w.ctx(), w.owner, inv.Agent.ID, account.HandTo{}))
		_, err = w.room.AcceptInvitation(w.ctx(), account.Acceptance{Token: inv.Token, Password: "four green birds fly"})
		w.wantKind(err, fault.NotFound)
		_, err = w.room.Invite(w.ctx(), w.owner, ask)
		w.wantKind(err, fault.Conflict)
		a, err := w.room.Reactivate(w.ctx(), w.owner, inv.Agent.ID)
		if w.must(err); a.State != account.Invited {
			w.t.Fatal(a.State)
		}
		inv, err = w.room.InviteAgain(w.ctx(), w.owner, a.ID)
		w.must(err)
		_, err = w.room.AcceptInvitation(w.ctx(), account.Acceptance{Token: inv.Token, Password: "four green birds fly"})
		w.must(err)
	})
}
