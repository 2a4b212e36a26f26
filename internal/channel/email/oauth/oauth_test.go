package oauth_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/internal/channel"
	"rapport/internal/channel/email/oauth"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
	"rapport/internal/platform/outbound"
	"rapport/internal/platform/secret"
	"rapport/internal/testkit"
	"rapport/internal/testkit/hostile"
)

const (
	workspace = 7
	address   = "hello@miska.example"
	redirect  = "https://help.miska.example/settings/oauth"
)

var hanna = oauth.Who{AgentID: 1, SessionID: 11}

// office is a company that connects mailboxes at a provider of its own.
type office struct {
	*oauth.Authorizations
	t        *testing.T
	d        *db.DB
	clock    *clock.Fake
	provider *hostile.OAuth
	key      *secret.Key

	jobs *job.Queue

	mu          sync.Mutex
	given, lost []string
	needed      map[int64]bool // by an inbox
}

func newOffice(t *testing.T, d *db.DB) *office {
	o := &office{t: t, d: d, clock: clock.NewFake(time.Now()), provider: hostile.StartOAuth(t), key: secret.Generate(), needed: map[int64]bool{}}
	o.jobs = job.NewQueue(d, o.clock)
	o.Authorizations = o.node()
	o.Schedule(o.jobs)
	return o
}

// node is one more process on the same database.
func (o *office) node() *oauth.Authorizations {
	note := func(to *[]string) func(context.Context, oauth.Authorization) error {
		return func(_ context.Context, v oauth.Authorization) error {
			o.mu.Lock()
			defer o.mu.Unlock()
			*to = append(*to, v.Reason)
			return nil
		}
	}
	return oauth.New(oauth.Deps{Store: o.d, Box: o.key.Box("oauth"), Guard: outbound.New(testkit.Loopback, nil), Clock: o.clock,
		Redirect: func() string { return redirect }, Given: note(&o.given), Lost: note(&o.lost),
		Needed: func(_ context.Context, _, id int64) (bool, error) {
			o.mu.Lock()
			defer o.mu.Unlock()
			return o.needed[id], nil
		}})
}

func (o *office) asking() oauth.Asking {
	return oauth.Asking{WorkspaceID: workspace, Who: hanna, Address: address, ClientID: o.provider.ClientID, ClientSecret: o.provider.Secret,
		Own: oauth.Endpoints{AuthorizeURL: o.provider.AuthorizeURL(), TokenURL: o.provider.TokenURL(), RevokeURL: o.provider.RevokeURL(), Scope: "mail offline_access", IMAPHost: "127.0.0.1", SMTPHost: "smtp.miska.example"}}
}

// visit sets out and says yes at the provider.
func (o *office) visit(q oauth.Asking) (oauth.Authorization, oauth.Answer) {
	o.t.Helper()
	v, page, err := o.Begin(o.t.Context(), q)
	testkit.Require(o.t, err)
	back := o.provider.Visit(page, address)
	if !strings.HasPrefix(back.String(), redirect+"?") {
		o.t.Fatalf("sent back to %s", back)
	}
	return v, oauth.Answer{State: back.Query().Get("state"), Code: back.Query().Get("code"), Refusal: back.Query().Get("error")}
}

func (o *office) connect() oauth.Authorization {
	o.t.Helper()
	_, answer := o.visit(o.asking())
	v, err := o.Complete(o.t.Context(), workspace, hanna, answer)
	testkit.Require(o.t, err)
	return v
}

func (o *office) token(id int64, refused string) (string, error) {
	return o.Token(o.t.Context(), workspace, id, "127.0.0.1", refused)
}

// TestMAIL28ATokenIsRenewedBeforeItEndsAndWhenItIsRefused: with a renewal token
// that works once, for weeks, and over a provider that is away.
func TestMAIL28ATokenIsRenewedBeforeItEndsAndWhenItIsRefused(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		v := o.connect()
		if len(o.given) != 1 || v.State != oauth.Given || v.Address != address {
			t.Fatalf("after signing in: %+v, told %d times", v, len(o.given))
		}
		first, err := o.token(v.ID, "")
		if err != nil || !o.provider.Opens(address, first) || o.provider.Renewed() != 0 {
			t.Fatalf("the first token: %v, renewed %d times", err, o.provider.Renewed())
		}
		for week := range 20 {
			o.clock.Advance(59*time.Minute + 30*time.Second)
			if next, err := o.token(v.ID, ""); err != nil || !o.provider.Opens(address, next) || o.provider.Renewed() != week+1 {
				t.Fatalf("shortly before its end, %d: %v, renewed %d times", week, err, o.provider.Renewed())
			}
		}
		before, _ := o.token(v.ID, "")
		o.provider.Expire()
		next, err := o.token(v.ID, before)
		if err != nil || next == before || !o.provider.Opens(address, next) || o.provider.Renewed() != 21 {
			t.Fatalf("after a server has refused it: %v, renewed %d times", err, o.provider.Renewed())
		}
		if again, err := o.token(v.ID, before); err != nil || again != next || o.provider.Renewed() != 21 {
			t.Errorf("who was refused the old one as well: %v, renewed %d times", err, o.provider.Renewed())
		}
		if len(o.lost) != 0 {
			t.Errorf("lost: %q", o.lost)
		}
	})
}

// TestMAIL28NodesNeverSpoilEachOthersToken: the provider ends the leave when a
// renewal token comes twice.
func TestMAIL28NodesNeverSpoilEachOthersToken(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		v := o.connect()
		nodes := []*oauth.Authorizations{o.Authorizations, o.node(), o.node()}
		for range 3 {
			o.clock.Advance(time.Hour)
			o.provider.Expire()
			var all sync.WaitGroup
			for i := range 12 {
				all.Go(func() {
					got, err := nodes[i%len(nodes)].Token(t.Context(), workspace, v.ID, "127.0.0.1", "")
					if err != nil || !o.provider.Opens(address, got) {
						t.Errorf("node %d: %v", i%len(nodes), err)
					}
				})
			}
			all.Wait()
		}
		if n := o.provider.Renewed(); n != 3 {
			t.Errorf("renewed %d times, want once an hour", n)
		}
	})
}

// TestMAIL28ARenewalIsNotInterrupted: whoever wanted the token has gone, and the
// provider has changed the renewal token.
func TestMAIL28ARenewalIsNotInterrupted(t *testing.T) {
	t.Parallel()
	o := newOffice(t, testkit.SQLite(t))
	ctx, cancel := context.WithCancel(t.Context())
	o.provider.Renews = cancel
	v := o.connect()
	o.clock.Advance(time.Hour)
	_, _ = o.Token(ctx, workspace, v.ID, "127.0.0.1", "")
	o.clock.Advance(time.Hour)
	if got, err := o.token(v.ID, ""); err != nil || !o.provider.Opens(address, got) {
		t.Errorf("the next one: %v", err)
	}
}

// TestMAIL28ARenewalDoesNotOverwriteANewSignIn: somebody signs in again while
// the provider is asked to renew what it then says has ended.
func TestMAIL28ARenewalDoesNotOverwriteANewSignIn(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		for name, ends := range map[string]bool{"renewed": false, "ended": true} {
			o := newOffice(t, d)
			v := o.connect()
			o.clock.Advance(time.Hour)
			var once sync.Once
			o.provider.Renews = func() {
				once.Do(func() {
					if ends {
						o.provider.Revoke()
					}
					_, answer := o.visit(oauth.Asking{WorkspaceID: workspace, Who: hanna, AuthorizationID: v.ID})
					_, err := o.Complete(t.Context(), workspace, hanna, answer)
					testkit.Require(t, err)
				})
			}
			got, err := o.token(v.ID, "")
			if now, _ := o.Of(t.Context(), workspace, v.ID); err != nil || !o.provider.Opens(address, got) || now.State != oauth.Given || len(o.lost) != 0 {
				t.Errorf("%s: %v, %s, told of %d losses", name, err, now.State, len(o.lost))
			}
		}
	})
}

// TestMAIL28OnlyTheProvidersWordLosesAnAuthorization: as a table.
func TestMAIL28OnlyTheProvidersWordLosesAnAuthorization(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		goWrong func(o *office)
		words   string
		lost    bool
	}{
		"taken back":          {func(o *office) { o.provider.Revoke() }, "no longer lets Rapport into this mailbox", true},
		"secret has expired":  {func(o *office) { o.provider.Secret = "another" }, "no longer accepts the client secret", true},
		"away":                {func(o *office) { o.provider.Down() }, "127.0.0.1 does not answer.", false},
		"breaks off":          {func(o *office) { o.provider.Fail(hostile.Fault{At: hostile.Tokens, With: hostile.Reset}) }, "127.0.0.1 does not answer.", false},
		"overloaded":          {func(o *office) { o.provider.Fail(hostile.Fault{At: hostile.Tokens, With: "503"}) }, "does not answer as it should", false},
		"too many questions":  {func(o *office) { o.provider.Fail(hostile.Fault{At: hostile.Tokens, With: "429"}) }, "does not answer as it should", false},
		"a page in its place": {func(o *office) { o.provider.Fail(hostile.Fault{At: hostile.Tokens, With: "200"}) }, "does not answer", false},
		"moved elsewhere":     {func(o *office) { o.provider.Fail(hostile.Fault{At: hostile.Tokens, With: "307"}) }, "does not answer as it should", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, testkit.SQLite(t))
			v := o.connect()
			o.clock.Advance(time.Hour)
			c.goWrong(o)
			for range 3 {
				_, err := o.token(v.ID, "")
				if !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.MessageOf(err), c.words) || errors.Is(err, channel.ErrReconnect) != c.lost || !errors.Is(err, channel.ErrUnreached) {
					t.Fatalf("%v, want %q", err, c.words)
				}
			}
			if c.lost != (len(o.lost) == 1) || !c.lost && len(o.lost) > 0 {
				t.Errorf("told of %d losses", len(o.lost))
			}
			if c.lost {
				return
			}
			o.provider.Heal()
			o.provider.Down()
			o.provider.Up()
			if got, err := o.token(v.ID, ""); err != nil || !o.provider.Opens(address, got) {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

// TestMAIL28SigningInAgain: the same authorization counts again, with a new
// client secret too, and a wrong one harms nobody else.
func TestMAIL28SigningInAgain(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		v := o.connect()
		o.clock.Advance(time.Hour)
		o.provider.Revoke()
		if _, err := o.token(v.ID, ""); !errors.Is(err, channel.ErrReconnect) {
			t.Fatal(err)
		}
		if now, err := o.Of(t.Context(), workspace, v.ID); err != nil || now.State != oauth.Lost || now.Reason == "" {
			t.Fatalf("%+v, %v", now, err)
		}
		again := oauth.Asking{WorkspaceID: workspace, Who: hanna, AuthorizationID: v.ID}
		wrong := again
		wrong.ClientSecret = "mistyped"
		_, answer := o.visit(wrong)
		if _, err := o.Complete(t.Context(), workspace, hanna, answer); !strings.Contains(fault.MessageOf(err), "does not know this client ID") {
			t.Errorf("with a wrong secret: %v", err)
		}
		w, answer := o.visit(again) // with the one that has worked
		now, err := o.Complete(t.Context(), workspace, hanna, answer)
		if err != nil || w.ID != v.ID || now.ID != v.ID || now.State != oauth.Given || len(o.given) != 2 {
			t.Fatalf("signed in again: %+v, %v, told %d times", now, err, len(o.given))
		}
		o.provider.Secret = "renewed"
		again.ClientSecret = "renewed"
		_, answer = o.visit(again)
		if _, err := o.Complete(t.Context(), workspace, hanna, answer); err != nil {
			t.Fatal(err)
		}
		o.clock.Advance(time.Hour)
		if got, err := o.token(v.ID, ""); err != nil || !o.provider.Opens(address, got) {
			t.Errorf("with the new secret: %v", err)
		}
		apps, err := o.Apps(t.Context(), workspace)
		if err != nil || len(apps) != 1 || apps[0].ClientID != o.provider.ClientID {
			t.Errorf("the company's apps: %+v, %v", apps, err)
		}
		if len(o.lost) != 1 {
			t.Errorf("told of %d losses", len(o.lost))
		}
	})
}

// TestMAIL28AnAttemptIsForWhoBeganItOnce: another teammate, another session,
// another company, a second time, too late, and what nobody began.
func TestMAIL28AnAttemptIsForWhoBeganItOnce(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		_, answer := o.visit(o.asking())
		refused := func(name string, workspaceID int64, who oauth.Who, a oauth.Answer) {
			t.Helper()
			if _, err := o.Complete(t.Context(), workspaceID, who, a); !fault.Is(err, fault.Conflict) || !strings.Contains(fault.MessageOf(err), "no longer open") {
				t.Errorf("%s: %v", name, err)
			}
		}
		refused("another teammate", workspace, oauth.Who{AgentID: 2, SessionID: 11}, answer)
		refused("another session", workspace, oauth.Who{AgentID: 1, SessionID: 12}, answer)
		refused("another company", workspace+1, hanna, answer)
		refused("what nobody began", workspace, hanna, oauth.Answer{State: "aaaa", Code: answer.Code})
		refused("nothing", workspace, hanna, oauth.Answer{Code: answer.Code})
		if _, err := o.Complete(t.Context(), workspace, hanna, answer); err != nil {
			t.Fatalf("after all of them: %v", err)
		}
		refused("a second time", workspace, hanna, answer)
		_, late := o.visit(o.asking())
		o.clock.Advance(15 * time.Minute)
		refused("too late", workspace, hanna, late)
		v, page, err := o.Begin(t.Context(), o.asking())
		testkit.Require(t, err)
		q := mustParse(t, page).Query()
		if _, err := o.Complete(t.Context(), workspace, hanna, oauth.Answer{State: q.Get("state"), Refusal: "access_denied"}); !strings.Contains(fault.MessageOf(err), "did not let Rapport in") {
			t.Errorf("who said no: %v", err)
		}
		if _, err := o.token(v.ID, ""); !errors.Is(err, channel.ErrReconnect) {
			t.Errorf("a token without a leave: %v", err)
		}
		_, stolen := o.visit(o.asking())
		_, mine := o.visit(o.asking())
		if _, err := o.Complete(t.Context(), workspace, hanna, oauth.Answer{State: mine.State, Code: stolen.Code}); err == nil {
			t.Error("a code works with the verifier of another attempt")
		}
	})
}

// TestMAIL28ATokenGoesToItsOwnServersAlone: not to another host, nor to another
// company.
func TestMAIL28ATokenGoesToItsOwnServersAlone(t *testing.T) {
	t.Parallel()
	o := newOffice(t, testkit.SQLite(t))
	v := o.connect()
	for host, want := range map[string]bool{"127.0.0.1": true, "SMTP.miska.example": true, "evil.example": false, "": false} {
		if _, err := o.Token(t.Context(), workspace, v.ID, host, ""); (err == nil) != want {
			t.Errorf("%q: %v", host, err)
		}
	}
	if _, err := o.Token(t.Context(), workspace+1, v.ID, "127.0.0.1", ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("another company: %v", err)
	}
	for _, bad := range []string{"http://accounts.example/x", "javascript:alert(1)", "https://", "https://a@b.example/", "ftp://x.example/", "//x.example/y"} {
		q := o.asking()
		q.Own.AuthorizeURL = bad
		if _, _, err := o.Begin(t.Context(), q); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s as the page to open: %v", bad, err)
		}
		q = o.asking()
		q.Own.TokenURL = bad
		if _, _, err := o.Begin(t.Context(), q); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s as the token server: %v", bad, err)
		}
	}
}

// The pages of Google and Microsoft are asked for what the mail needs.
func TestTheKnownProvidersAreAskedForLastingAccess(t *testing.T) {
	t.Parallel()
	o := newOffice(t, testkit.SQLite(t))
	for key, want := range map[string][]string{
		"google":    {"https://accounts.google.com/o/oauth2/v2/auth?", "access_type=offline", "scope=https%3A%2F%2Fmail.google.com%2F"},
		"microsoft": {"https://login.microsoftonline.com/miska-tenant/oauth2/v2.0/authorize?", "offline_access", "IMAP.AccessAsUser.All", "SMTP.Send"},
	} {
		q := oauth.Asking{WorkspaceID: workspace, Who: hanna, Address: address, Provider: key, ClientID: "id-1", ClientSecret: "s"}
		if key == "microsoft" {
			q.Tenant = "miska-tenant"
		}
		_, page, err := o.Begin(t.Context(), q)
		testkit.Require(t, err)
		for _, part := range append(want, "client_id=id-1", "code_challenge_method=S256", "login_hint=hello%40miska.example", "redirect_uri="+url.QueryEscape(redirect)) {
			if !strings.Contains(page, part) {
				t.Errorf("%s: %s lacks %s", key, page, part)
			}
		}
	}
	if _, _, err := o.Begin(t.Context(), oauth.Asking{WorkspaceID: workspace, Who: hanna, Address: address, Provider: "google"}); !fault.Is(err, fault.Invalid) || fault.FieldsOf(err)[0].Path != "client_id" {
		t.Errorf("without an app that has worked: %v", err)
	}
}

// No secret stands in the log, in an error, in what a caller is given, or open
// in the database: not even when the provider repeats it.
func TestMAIL28SecretsStayInside(t *testing.T) { // alone: it reads the log
	var log bytes.Buffer
	was := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	defer slog.SetDefault(was)
	o := newOffice(t, testkit.SQLite(t))
	v, answer := o.visit(o.asking())
	seen := fmt.Sprint(v)
	bad := answer
	bad.Code = "stolen-code"
	_, err := o.Complete(t.Context(), workspace, hanna, bad)
	seen += fmt.Sprint(err)
	v = o.connect()
	plain, _ := json.Marshal(v)
	o.clock.Advance(time.Hour)
	right := o.provider.Secret
	o.provider.Fail(hostile.Fault{At: hostile.Tokens, With: "503", Times: 1})
	_, away := o.token(v.ID, "")
	o.provider.Secret = "its-own-new-one"
	_, err = o.token(v.ID, "")
	seen += string(plain) + fmt.Sprint(away, err) + log.String()
	for _, table := range []string{"oauth_apps", "oauth_authorizations", "oauth_attempts"} {
		rows, err := db.All(t.Context(), o.d, func(row db.Row) (s string, err error) {
			var secret []byte
			err = row.Scan(&secret)
			return string(secret), err
		}, "SELECT secret FROM "+table)
		testkit.Require(t, err)
		seen += strings.Join(rows, " ")
	}
	for _, secret := range append(o.provider.Secrets(), right, "stolen-code") {
		if secret != "" && strings.Contains(seen, secret) {
			t.Errorf("%q stands in the open: %s", secret, seen)
		}
	}
}

func mustParse(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	testkit.Require(t, err)
	return u
}
