package oauth_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/internal/channel/email/oauth"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
	"rapport/internal/testkit"
	"rapport/internal/testkit/hostile"
)

const day = 24 * time.Hour

// needs says whether an inbox needs an authorization.
func (o *office) needs(id int64, yes bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.needed[id] = yes
}

// tidies runs what happens every hour.
func (o *office) tidies() {
	o.t.Helper()
	testkit.Require(o.t, o.Tidy(o.t.Context()))
}

func (o *office) count(from string) int64 {
	o.t.Helper()
	n, err := db.One(o.t.Context(), o.d, db.Int64, "SELECT COUNT(*) FROM "+from)
	testkit.Require(o.t, err)
	return n
}

// works does what is queued, over all its tries, until nothing is.
func (o *office) works() {
	o.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { o.jobs.Run(ctx, true); close(done) }()
	defer func() { stop(); <-done }()
	for deadline := time.Now().Add(2 * time.Minute); o.count("jobs") > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			o.t.Fatal("the work never ended")
		}
		o.clock.Advance(time.Minute)
	}
}

func (o *office) opens(v oauth.Authorization) bool {
	o.t.Helper()
	token, err := o.token(v.ID, "")
	return err == nil && o.provider.Opens(address, token)
}

// TestMAIL28WhatNobodyNeedsIsTakenBackAtTheProvider: once no inbox needs it, and
// not while one does, nor while somebody is about to make an inbox.
func TestMAIL28WhatNobodyNeedsIsTakenBackAtTheProvider(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		v := o.connect()
		o.tidies() // the inbox is being made
		o.needs(v.ID, true)
		o.clock.Advance(3 * day)
		o.tidies()
		if !o.opens(v) || o.count("jobs") != 0 {
			t.Fatal("an authorization that an inbox needs was taken away")
		}
		token, err := o.token(v.ID, "")
		testkit.Require(t, err)
		o.needs(v.ID, false)
		o.tidies()
		if _, err := o.Of(t.Context(), workspace, v.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("it is still there: %v", err)
		}
		args, err := db.All(t.Context(), d, db.String, "SELECT args FROM jobs")
		testkit.Require(t, err)
		for _, secret := range o.provider.Secrets() {
			if secret != "" && strings.Contains(fmt.Sprint(args), secret) {
				t.Errorf("%q stands in the open in %s", secret, args)
			}
		}
		o.works()
		if o.provider.Opens(address, token) || o.provider.HandedBack() != 1 {
			t.Errorf("the provider still lets us in, asked %d times", o.provider.HandedBack())
		}
		o.tidies()
		if o.count("jobs") != 0 || o.count("oauth_apps") != 1 {
			t.Errorf("afterwards %d jobs, %d apps: one that has worked is kept", o.count("jobs"), o.count("oauth_apps"))
		}
	})
}

// TestMAIL28SignInsThatWereNeverFinishedAreForgotten: with the app that was typed
// for them, and not while a person is at the provider.
func TestMAIL28SignInsThatWereNeverFinishedAreForgotten(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		begun, _ := o.visit(o.asking())
		o.clock.Advance(day - time.Minute)
		o.tidies()
		if o.count("oauth_attempts") != 0 || o.count("oauth_authorizations") != 1 {
			t.Errorf("after a time: %d attempts, %d authorizations", o.count("oauth_attempts"), o.count("oauth_authorizations"))
		}
		_, answer := o.visit(oauth.Asking{WorkspaceID: workspace, Who: hanna, AuthorizationID: begun.ID, ClientSecret: o.provider.Secret})
		o.clock.Advance(10 * time.Minute)
		o.tidies()
		v, err := o.Complete(t.Context(), workspace, hanna, answer)
		if err != nil || v.ID != begun.ID {
			t.Fatalf("who was at the provider: %+v, %v", v, err)
		}
		o.needs(v.ID, true)
		other := o.asking()
		other.ClientID = "another-app"
		o.visitPage(other)
		o.clock.Advance(day + time.Minute)
		o.tidies()
		if o.count("oauth_attempts") != 0 || o.count("oauth_authorizations") != 1 || o.count("oauth_apps") != 1 || o.count("jobs") != 0 || !o.opens(v) {
			t.Errorf("a day later: %d attempts, %d authorizations, %d apps, %d jobs", o.count("oauth_attempts"), o.count("oauth_authorizations"), o.count("oauth_apps"), o.count("jobs"))
		}
	})
}

// visitPage sets out and never comes back.
func (o *office) visitPage(q oauth.Asking) {
	o.t.Helper()
	_, _, err := o.Begin(o.t.Context(), q)
	testkit.Require(o.t, err)
}

// TestMAIL28TakingBackIsBestEffort: what passes is tried again; what does not is
// left alone; nothing of it waits for a person.
func TestMAIL28TakingBackIsBestEffort(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		goWrong func(o *office)
		taken   bool
		asked   int // 0: any number
	}{
		"breaks off once":     {func(o *office) { o.provider.Fail(hostile.Fault{At: hostile.Revocation, With: hostile.Reset, Times: 1}) }, true, 2},
		"overloaded":          {func(o *office) { o.provider.Fail(hostile.Fault{At: hostile.Revocation, With: "503", Times: 3}) }, true, 4},
		"too many":            {func(o *office) { o.provider.Fail(hostile.Fault{At: hostile.Revocation, With: "429", Times: 1}) }, true, 2},
		"gone there":          {func(o *office) { o.provider.Revoke() }, false, 1},
		"not there":           {func(o *office) { o.provider.Fail(hostile.Fault{At: hostile.Revocation, With: "404", Times: -1}) }, false, 1},
		"moved elsewhere":     {func(o *office) { o.provider.Fail(hostile.Fault{At: hostile.Revocation, With: "307", Times: -1}) }, false, 1},
		"overloaded for ever": {func(o *office) { o.provider.Fail(hostile.Fault{At: hostile.Revocation, With: "503", Times: -1}) }, false, 14},
		"away for ever":       {func(o *office) { o.provider.Down() }, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, testkit.SQLite(t))
			v := o.connect()
			token, err := o.token(v.ID, "")
			testkit.Require(t, err)
			o.clock.Advance(2 * day)
			c.goWrong(o)
			o.tidies()
			if o.count("oauth_authorizations") != 0 {
				t.Error("the authorization waits for the provider")
			}
			o.works()
			if name == "gone there" {
				return
			}
			if o.provider.Opens(address, token) == c.taken || c.asked != 0 && o.provider.HandedBack() != c.asked {
				t.Errorf("taken back %v, asked %d times, want %v, %d", !o.provider.Opens(address, token), o.provider.HandedBack(), c.taken, c.asked)
			}
		})
	}
}

// TestMAIL28ATokenIsTakenBackAtItsProviderAlone: at the host of the token server,
// whatever else is written anywhere.
func TestMAIL28ATokenIsTakenBackAtItsProviderAlone(t *testing.T) {
	t.Parallel()
	o, evil := newOffice(t, testkit.SQLite(t)), hostile.StartOAuth(t)
	for _, bad := range []string{evil.RevokeURL(), "https://evil.example/revoke", "http://evil.example/revoke", "javascript:alert(1)", "https://", "/revoke"} {
		q := o.asking()
		q.Own.RevokeURL = bad
		if _, _, err := o.Begin(t.Context(), q); !fault.Is(err, fault.Invalid) || fault.FieldsOf(err)[0].Path != "custom.revoke_url" {
			t.Errorf("%s as the place to take tokens back: %v", bad, err)
		}
	}
	v := o.connect()
	testkit.Require(t, db.Do(t.Context(), o.d, "UPDATE oauth_apps SET revoke_url = $1", evil.RevokeURL()))
	o.clock.Advance(2 * day)
	o.tidies()
	o.works()
	if _, err := o.Of(t.Context(), workspace, v.ID); evil.HandedBack() != 0 || o.provider.HandedBack() != 0 || !fault.Is(err, fault.NotFound) {
		t.Errorf("the token went to somebody else %d times, to its provider %d times; %v", evil.HandedBack(), o.provider.HandedBack(), err)
	}
}

// TestMAIL28SigningInAnewTakesBackOnlyWhatIsOver: a provider takes back all of an
// app for a mailbox, so while one lives by it nothing is given back.
func TestMAIL28SigningInAnewTakesBackOnlyWhatIsOver(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		v := o.connect()
		_, answer := o.visit(oauth.Asking{WorkspaceID: workspace, Who: hanna, AuthorizationID: v.ID})
		_, err := o.Complete(t.Context(), workspace, hanna, answer)
		testkit.Require(t, err)
		if o.count("jobs") != 0 || !o.opens(v) {
			t.Error("the same app and mailbox were taken back")
		}
		second := o.connect() // another sign-in for the same mailbox
		o.needs(second.ID, true)
		o.clock.Advance(2 * day)
		o.tidies()
		if o.count("oauth_authorizations") != 1 || o.count("jobs") != 0 || !o.opens(second) {
			t.Error("what another sign-in lives by was taken back")
		}
		o.provider.ClientID, o.provider.Secret = "a-new-app", "of the new app"
		_, answer = o.visit(oauth.Asking{WorkspaceID: workspace, Who: hanna, AuthorizationID: second.ID, ClientID: o.provider.ClientID, ClientSecret: o.provider.Secret})
		_, err = o.Complete(t.Context(), workspace, hanna, answer)
		testkit.Require(t, err)
		if o.count("jobs") != 1 {
			t.Errorf("%d leaves of the app of before are given back", o.count("jobs"))
		}
	})
}

// Microsoft takes no tokens back; Google does, where it gives them.
func TestWhereKnownProvidersTakeTokensBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t, testkit.SQLite(t))
	for key, want := range map[string]string{"google": "https://oauth2.googleapis.com/revoke", "microsoft": ""} {
		v, _, err := o.Begin(t.Context(), oauth.Asking{WorkspaceID: workspace, Who: hanna, Address: address, Provider: key, ClientID: "id-1", ClientSecret: "s"})
		testkit.Require(t, err)
		if v.App.RevokeURL != want {
			t.Errorf("%s: %q", key, v.App.RevokeURL)
		}
	}
}
