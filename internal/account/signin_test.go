package account_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"rapport/internal/account"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
	"rapport/internal/testkit"
)

func TestSetupByLinkWorksOnce(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		link, needed, err := w.room.SetupLink(w.ctx())
		if err != nil || !needed {
			t.Fatal(needed, err)
		}
		in := account.Setup{Token: link, Workspace: "Miska", Name: "Hanna", Email: "Hanna@Miska.example", Password: ownerPassword}
		if needed, valid, err := w.room.SetupState(w.ctx(), link+"x"); err != nil || !needed || valid {
			t.Fatal(needed, valid, err)
		}
		wrong := in
		wrong.Token, wrong.Email, wrong.Password = "", "nobody", "short"
		_, err = w.room.Setup(w.ctx(), wrong)
		if w.wantKind(err, fault.Invalid); len(fault.FieldsOf(err)) != 2 {
			t.Fatalf("fields: %v", fault.FieldsOf(err))
		}
		wrong = in
		wrong.Token = ""
		_, err = w.room.Setup(w.ctx(), wrong)
		w.wantKind(err, fault.NotFound)

		var won atomic.Int64
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if _, err := w.room.Setup(w.ctx(), in); err == nil {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Fatalf("%d set up, want 1", won.Load())
		}
		_, err = w.room.Setup(w.ctx(), in)
		w.wantKind(err, fault.Conflict)
		_, err = w.room.SetupDirect(w.ctx(), account.Setup{Workspace: "Two", Email: "b@b.test", Password: ownerPassword})
		w.wantKind(err, fault.Conflict)
		if _, needed, err := w.room.SetupLink(w.ctx()); err != nil || needed {
			t.Fatal(needed, err)
		}
		if _, err := w.signIn("hanna@miska.example", ownerPassword, ""); err != nil {
			t.Fatal(err)
		}
	})
}

func TestSetupLinkExpires(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		link, _, err := w.room.SetupLink(w.ctx())
		w.must(err)
		w.clock.Advance(24 * time.Hour)
		if needed, valid, err := w.room.SetupState(w.ctx(), link); err != nil || !needed || valid {
			t.Fatal(needed, valid, err)
		}
		w.must(w.room.Sweep(w.ctx()))
	})
}

func TestSignInAndOut(t *testing.T) {
	eachWorld(t, func(w *world) {
		in, err := w.signIn("  HANNA@miska.EXAMPLE ", ownerPassword, "")
		w.must(err)
		got, err := w.room.Authenticate(w.ctx(), in.Token)
		if w.must(err); got != in.Actor || got.AgentID != w.owner.AgentID || got.Role != account.Owner {
			w.t.Fatalf("actor %+v", got)
		}
		sessions, err := w.room.Sessions(w.ctx(), got)
		if w.must(err); len(sessions) != 1 || sessions[0].IP != "192.0.2.7" || sessions[0].UserAgent != "Firefox" || sessions[0].ID != got.SessionID {
			w.t.Fatalf("sessions %+v", sessions)
		}
		w.must(w.room.SignOut(w.ctx(), got))
		_, err = w.room.Authenticate(w.ctx(), in.Token)
		w.wantKind(err, fault.Unauthenticated)
		for _, token := range []string{"", "ras_", in.Token + "x", strings.ToUpper(in.Token), "' OR 1=1 --"} {
			_, err = w.room.Authenticate(w.ctx(), token)
			w.wantKind(err, fault.Unauthenticated)
			_, err = w.room.AuthenticateKey(w.ctx(), token)
			w.wantKind(err, fault.Unauthenticated)
		}
	})
}

func TestRefusalsDoNotTellWhatWasWrong(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.join("minji", account.Member)
		w.must(w.room.Deactivate(w.ctx(), w.owner, w.agentID("minji"), account.HandTo{}))
		_, err := w.room.Invite(w.ctx(), w.owner, account.Invite{Email: "new@miska.example", Name: "New", Role: account.Light})
		w.must(err)
		words := map[string]bool{}
		for _, try := range [][2]string{
			{"hanna@miska.example", "wrong password"},
			{"nobody@miska.example", ownerPassword},
			{"not an address", ownerPassword},
			{"minji@miska.example", "minji rides a red bicycle"},
			{"new@miska.example", ""},
			{"hanna@miska.example", ""},
			{"hanna@miska.example", strings.Repeat("x", 100_000)},
		} {
			_, err := w.signIn(try[0], try[1], "")
			w.wantKind(err, fault.Unauthenticated)
			words[fault.MessageOf(err)] = true
		}
		if len(words) != 1 {
			w.t.Fatalf("different words: %v", words)
		}
	})
}

func (w *world) agentID(name string) int64 {
	w.t.Helper()
	a, err := w.room.AgentByEmail(w.ctx(), w.owner.WorkspaceID, name+"@miska.example")
	w.must(err)
	return a.ID
}

func TestOnlyAnActiveAgentIsAuthenticated(t *testing.T) {
	eachWorld(t, func(w *world) {
		in := w.join("minji", account.Member)
		_, key, err := w.room.CreateKey(w.ctx(), in.Actor, "script", time.Time{})
		w.must(err)
		_, err = db.Exec(w.ctx(), w.d, "UPDATE agents SET state = 'deactivated' WHERE id = $1", in.Actor.AgentID)
		w.must(err)
		_, err = w.room.Authenticate(w.ctx(), in.Token)
		w.wantKind(err, fault.Unauthenticated)
		_, err = w.room.AuthenticateKey(w.ctx(), key)
		w.wantKind(err, fault.Unauthenticated)
	})
}

func TestGuessingIsSlowedDown(t *testing.T) {
	eachWorld(t, func(w *world) {
		var wg sync.WaitGroup
		var refused, limited atomic.Int64
		for range 12 {
			wg.Go(func() {
				switch _, err := w.signIn("hanna@miska.example", "wrong password", ""); fault.KindOf(err) {
				case fault.Unauthenticated:
					refused.Add(1)
				case fault.Limited:
					limited.Add(1)
				}
			})
		}
		wg.Wait()
		if refused.Load() != 5 || limited.Load() != 7 {
			w.t.Fatalf("%d guesses were judged and %d refused, want 5 and 7", refused.Load(), limited.Load())
		}
		_, err := w.signIn("hanna@miska.example", ownerPassword, "")
		if w.wantKind(err, fault.Limited); fault.MessageOf(err) != "Too many attempts. Try again in 30 seconds." {
			w.t.Fatal(err)
		}
		w.clock.Advance(30 * time.Second)
		_, err = w.signIn("hanna@miska.example", "wrong password", "")
		w.wantKind(err, fault.Unauthenticated)
		w.clock.Advance(30 * time.Second)
		_, err = w.signIn("hanna@miska.example", ownerPassword, "")
		w.wantKind(err, fault.Limited)
		w.clock.Advance(30 * time.Second)
		for range 25 { // being right starts afresh and costs the network nothing
			_, err = w.signIn("hanna@miska.example", ownerPassword, "")
			w.must(err)
		}
	})
}

func TestANetworkIsSlowedDownAcrossAddresses(t *testing.T) {
	eachWorld(t, func(w *world) {
		for i := range 30 {
			_, err := w.signIn(fmt.Sprintf("a%d@miska.example", i), "wrong password", "")
			w.wantKind(err, fault.Unauthenticated)
		}
		_, err := w.signIn("hanna@miska.example", ownerPassword, "")
		w.wantKind(err, fault.Limited)
		_, err = w.room.SignIn(w.ctx(), account.SignIn{Email: "hanna@miska.example", Password: ownerPassword, Client: account.Client{IP: "198.51.100.1"}})
		w.must(err)
	})
}

func TestSessionsEndByThemselves(t *testing.T) {
	eachWorld(t, func(w *world) {
		idle, err := w.signIn("hanna@miska.example", ownerPassword, "")
		w.must(err)
		used, err := w.signIn("hanna@miska.example", ownerPassword, "")
		w.must(err)
		for range 9 {
			w.clock.Advance(10 * 24 * time.Hour)
			_, err := w.room.Authenticate(w.ctx(), used.Token)
			w.must(err)
			w.room.Close() // the note of when it was seen is written
		}
		_, err = w.room.Authenticate(w.ctx(), idle.Token)
		w.wantKind(err, fault.Unauthenticated)
		w.clock.Advance(time.Hour)
		_, err = w.room.Authenticate(w.ctx(), used.Token)
		w.wantKind(err, fault.Unauthenticated)
		w.must(w.room.Sweep(w.ctx()))
		left, err := db.One(w.ctx(), w.d, db.Int64, "SELECT COUNT(*) FROM sessions")
		if w.must(err); left != 0 {
			w.t.Fatalf("%d sessions left", left)
		}
	})
}

func TestWhenSomebodyWasSeen(t *testing.T) {
	eachWorld(t, func(w *world) {
		in, err := w.signIn("hanna@miska.example", ownerPassword, "")
		w.must(err)
		seen := func() time.Time {
			_, err := w.room.Authenticate(w.ctx(), in.Token)
			w.must(err)
			w.room.Close()
			s, err := w.room.Sessions(w.ctx(), in.Actor)
			w.must(err)
			return s[0].LastSeenAt
		}
		first := w.clock.Now()
		w.clock.Advance(59 * time.Second)
		if got := seen(); got != first {
			w.t.Fatalf("seen at %v within a minute", got)
		}
		w.clock.Advance(6 * time.Second)
		if got := seen(); got != w.clock.Now() {
			w.t.Fatalf("seen at %v, want now", got)
		}
		a, err := w.room.Agent(w.ctx(), w.owner.WorkspaceID, w.owner.AgentID)
		if w.must(err); a.LastSeenAt != w.clock.Now() {
			w.t.Fatalf("the agent was seen at %v", a.LastSeenAt)
		}
	})
}

func TestChangingThePasswordEndsOtherSessions(t *testing.T) {
	eachWorld(t, func(w *world) {
		mine, err := w.signIn("hanna@miska.example", ownerPassword, "")
		w.must(err)
		other, err := w.signIn("hanna@miska.example", ownerPassword, "")
		w.must(err)
		_, err = w.room.Authenticate(w.ctx(), other.Token) // now it is in memory
		w.must(err)
		w.wantKind(w.room.ChangePassword(w.ctx(), mine.Actor, "wrong password", "four green birds fly"), fault.Invalid)
		w.wantKind(w.room.ChangePassword(w.ctx(), mine.Actor, ownerPassword, "short"), fault.Invalid)
		w.must(w.room.ChangePassword(w.ctx(), mine.Actor, ownerPassword, "four green birds fly"))
		_, err = w.room.Authenticate(w.ctx(), mine.Token)
		w.must(err)
		_, err = w.room.Authenticate(w.ctx(), other.Token)
		w.wantKind(err, fault.Unauthenticated)
		_, err = w.signIn("hanna@miska.example", ownerPassword, "")
		w.wantKind(err, fault.Unauthenticated)
		_, err = w.signIn("hanna@miska.example", "four green birds fly", "")
		w.must(err)
	})
}

func TestForgottenPassword(t *testing.T) {
	eachWorld(t, func(w *world) {
		in, err := w.signIn("hanna@miska.example", ownerPassword, "")
		w.must(err)
		w.room.ForgotPassword(w.ctx(), "nobody@miska.example", account.Client{IP: "192.0.2.7"})
		if len(w.mail.sent) != 0 {
			w.t.Fatalf("mail to nobody: %v", w.mail.sent)
		}
		for range 5 { // the third is the last for a while, and each replaces the one before
			w.room.ForgotPassword(w.ctx(), "Hanna@miska.example", account.Client{IP: "192.0.2.7"})
		}
		if n := len(w.mail.sent); n != 3 {
			w.t.Fatalf("%d letters, want 3", n)
		}
		old, link := w.mail.sent[1].data["token"], w.mail.sent[2].data["token"]
		w.wantKind(w.room.ResetPassword(w.ctx(), old, "four green birds fly"), fault.NotFound)
		w.wantKind(w.room.ResetPassword(w.ctx(), "", "four green birds fly"), fault.NotFound)
		w.wantKind(w.room.ResetPassword(w.ctx(), link, "short"), fault.Invalid)
		var won atomic.Int64
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if w.room.ResetPassword(w.ctx(), link, "four green birds fly") == nil {
					won.Add(1)
				}
			})
		}
		if wg.Wait(); won.Load() != 1 {
			w.t.Fatalf("one link set %d passwords", won.Load())
		}
		_, err = w.room.Authenticate(w.ctx(), in.Token)
		w.wantKind(err, fault.Unauthenticated)
		_, err = w.signIn("hanna@miska.example", "four green birds fly", "")
		w.must(err)

		w.clock.Advance(24 * time.Hour)
		w.room.ForgotPassword(w.ctx(), "hanna@miska.example", account.Client{IP: "192.0.2.7"})
		w.clock.Advance(time.Hour)
		late := w.mail.sent[3].data["token"]
		w.wantKind(w.room.ResetPassword(w.ctx(), late, "five green birds fly"), fault.NotFound)
	})
}

func TestResetOnTheMachineAlsoHelpsWithoutThePhone(t *testing.T) {
	eachWorld(t, func(w *world) {
		in, err := w.signIn("hanna@miska.example", ownerPassword, "")
		w.must(err)
		w.enableTOTP(in.Actor)
		w.wantKind(w.room.ResetPasswordDirect(w.ctx(), "nobody@miska.example", "four green birds fly"), fault.NotFound)
		w.must(w.room.ResetPasswordDirect(w.ctx(), "hanna@miska.example", "four green birds fly"))
		_, err = w.room.Authenticate(w.ctx(), in.Token)
		w.wantKind(err, fault.Unauthenticated)
		_, err = w.signIn("hanna@miska.example", "four green birds fly", "")
		w.must(err)
		key, err := w.room.CreateToken(w.ctx(), "hanna@miska.example", "backup")
		w.must(err)
		_, err = w.room.AuthenticateKey(w.ctx(), key)
		w.must(err)
	})
}

func (w *world) enableTOTP(actor account.Actor) (secret string, recovery []string) {
	w.t.Helper()
	start, err := w.room.BeginTOTP(w.ctx(), actor)
	w.must(err)
	_, err = w.room.ConfirmTOTP(w.ctx(), actor, "000000x")
	w.wantKind(err, fault.Invalid)
	recovery, err = w.room.ConfirmTOTP(w.ctx(), actor, w.code(start.Secret))
	w.must(err)
	return start.Secret, recovery
}

func (w *world) code(secret string) string {
	w.t.Helper()
	code, err := totp.GenerateCode(secret, w.clock.Now())
	w.must(err)
	return code
}

func TestTheSecondStep(t *testing.T) {
	eachWorld(t, func(w *world) {
		in, err := w.signIn("hanna@miska.example", ownerPassword, "")
		w.must(err)
		secret, recovery := w.enableTOTP(in.Actor)
		_, err = w.signIn("hanna@miska.example", "wrong password", "")
		if errors.Is(err, account.ErrCodeNeeded) {
			w.t.Fatal("a wrong password was told apart")
		}
		for range 9 { // asking for the code is no failure
			_, err = w.signIn("hanna@miska.example", ownerPassword, "")
			if w.wantKind(err, fault.Unauthenticated); !errors.Is(err, account.ErrCodeNeeded) {
				w.t.Fatal(err)
			}
		}
		_, err = w.signIn("hanna@miska.example", ownerPassword, w.code(secret))
		w.wantKind(err, fault.Unauthenticated) // used by ConfirmTOTP
		w.clock.Advance(time.Minute)
		code := w.code(secret)
		_, err = w.signIn("hanna@miska.example", "wrong password", code)
		w.wantKind(err, fault.Unauthenticated)
		_, err = w.signIn("hanna@miska.example", ownerPassword, code)
		w.must(err)
		_, err = w.signIn("hanna@miska.example", ownerPassword, code)
		if w.wantKind(err, fault.Unauthenticated); errors.Is(err, account.ErrCodeNeeded) {
			w.t.Fatal("a wrong code is said to be missing")
		}
		if len(recovery) != 10 {
			w.t.Fatalf("%d recovery codes", len(recovery))
		}
		_, err = w.signIn("hanna@miska.example", ownerPassword, strings.ToUpper(recovery[0]))
		w.must(err)
		_, err = w.signIn("hanna@miska.example", ownerPassword, recovery[0])
		w.wantKind(err, fault.Unauthenticated)

		_, err = w.room.BeginTOTP(w.ctx(), in.Actor)
		w.wantKind(err, fault.Conflict)
		w.wantKind(w.room.DisableTOTP(w.ctx(), in.Actor, code), fault.Invalid)
		w.clock.Advance(time.Minute)
		w.must(w.room.DisableTOTP(w.ctx(), in.Actor, w.code(secret)))
		_, err = w.signIn("hanna@miska.example", ownerPassword, "")
		w.must(err)
	})
}

func TestASecretMovedToAnotherLoginDoesNotOpen(t *testing.T) {
	eachWorld(t, func(w *world) {
		in, err := w.signIn("hanna@miska.example", ownerPassword, "")
		w.must(err)
		w.enableTOTP(in.Actor)
		w.join("minji", account.Member)
		_, err = db.Exec(w.ctx(), w.d, "UPDATE logins SET totp_secret = (SELECT totp_secret FROM logins WHERE email_key = 'hanna@miska.example')")
		w.must(err)
		_, err = w.signIn("minji@miska.example", "minji rides a red bicycle", "123456")
		w.wantKind(err, fault.Internal)
	})
}

func TestNothingSecretIsStored(t *testing.T) {
	eachWorld(t, func(w *world) {
		in, err := w.signIn("hanna@miska.example", ownerPassword, "")
		w.must(err)
		_, key, err := w.room.CreateKey(w.ctx(), in.Actor, "script", time.Time{})
		w.must(err)
		inv, err := w.room.Invite(w.ctx(), w.owner, account.Invite{Email: "b@miska.example", Name: "Bea", Role: account.Light})
		w.must(err)
		for _, q := range []string{
			"SELECT hash || user_agent || ip FROM sessions", "SELECT hash || name || prefix FROM api_keys",
			"SELECT hash FROM account_links", "SELECT password FROM logins", "SELECT key FROM attempts",
		} {
			rows, err := db.All(w.ctx(), w.d, db.String, q)
			w.must(err)
			for _, row := range rows {
				for _, secret := range []string{in.Token, key, inv.Token, ownerPassword, "hanna"} {
					if strings.Contains(row, secret) {
						w.t.Errorf("%s shows %q", q, secret)
					}
				}
			}
		}
		for _, e := range w.events() {
			if s := string(e.Data); strings.ContainsAny(s, "@") || strings.Contains(s, "Hanna") || strings.Contains(s, "Bea") {
				w.t.Errorf("event %s holds %s", e.Kind, s)
			}
		}
	})
}

func TestAGivenUpRequestHashesNothing(t *testing.T) {
	eachWorld(t, func(w *world) {
		ctx, cancel := context.WithCancel(w.ctx())
		cancel()
		_, err := w.room.SignIn(ctx, account.SignIn{Email: "hanna@miska.example", Password: ownerPassword})
		w.wantKind(err, fault.Unavailable)
	})
}
