package httpapi

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"rapport/internal/channel"
	"rapport/internal/httpapi/shape"
	"rapport/internal/httpapi/upkeep"
	"rapport/internal/platform/db"
	"rapport/internal/testkit"
)

// signIn gives the session of somebody who speaks a language.
func (w *world) signIn(email, language string) caller {
	w.t.Helper()
	in := caller{w: w}.do("POST", "/session", map[string]any{"email": email, "password": password}).want(200)
	c := caller{w: w, cookie: in.session()}
	c.do("PATCH", "/me", map[string]any{"language": language}).want(200)
	return c
}

func TestPeopleAreAnsweredInTheirLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := w.found()
	key.inbox("Desk")
	olga := w.signIn("olga@harbour.example", "ko")

	t.Run("a refusal", func(t *testing.T) {
		p := olga.do("GET", "/contacts/999999", nil).problem(404)
		if p.Detail != "찾는 것이 여기에 없습니다." || p.Title != "찾을 수 없음" {
			t.Errorf("%+v", p)
		}
	})
	t.Run("fields of a form", func(t *testing.T) {
		p := olga.do("POST", "/agents", map[string]any{"email": "x", "name": "", "role": "agent"}).problem(422)
		if p.Detail != "이름을 입력하세요. 이메일 주소가 아닙니다. name@example.com처럼 쓰세요." || len(p.Errors) != 2 || p.Errors[0].Message != "이름을 입력하세요." {
			t.Errorf("%+v", p)
		}
	})
	t.Run("what the description forbids", func(t *testing.T) {
		p := olga.do("POST", "/teams", map[string]any{"name": "A", "colour": "red"}).problem(422)
		if p.Detail != "요청에 잘못된 부분이 있습니다." || p.Errors[0].Message != "알 수 없는 항목입니다" {
			t.Errorf("%+v", p)
		}
	})
	t.Run("before an operation", func(t *testing.T) {
		forged := olga
		forged.header = http.Header{"X-Rapport": nil}
		if p := forged.do("PATCH", "/me", map[string]any{"theme": "dark"}).problem(403); !strings.Contains(p.Detail, "헤더가 필요합니다") {
			t.Errorf("%+v", p)
		}
	})
	t.Run("the health page", func(t *testing.T) {
		testkit.Require(t, w.d.Within(context.Background(), func(ctx context.Context) error {
			all, err := w.Channels.AllInboxes(ctx, "email")
			if err == nil {
				w.Channels.NoteTrouble(ctx, all[0], "Fetching mail does not work: There is no server called mail.harbour.example. Check the spelling of the server's name.")
			}
			return err
		}))
		var h upkeep.Health
		olga.do("GET", "/health", nil).want(200).into(&h)
		found := map[string]upkeep.HealthCheck{}
		for _, c := range h.Checks {
			found[c.Key] = c
		}
		if c := found["database"]; c.Title != "데이터베이스" || c.Message != "데이터베이스가 응답합니다." {
			t.Errorf("%+v", c)
		}
		if c := found["mailboxes"]; c.Message != "Desk: 메일을 가져오지 못합니다: mail.harbour.example 서버를 찾을 수 없습니다. 서버 이름의 철자를 확인하세요." {
			t.Errorf("%+v", c)
		}
		var inboxes shape.Page[Inbox]
		olga.do("GET", "/inboxes", nil).want(200).into(&inboxes)
		if !strings.HasPrefix(inboxes.Items[0].StateMessage, "메일을 가져오지 못합니다") {
			t.Errorf("%+v", inboxes.Items[0])
		}
		key.do("GET", "/inboxes", nil).want(200).into(&inboxes)
		if !strings.HasPrefix(inboxes.Items[0].StateMessage, "Fetching mail does not work") {
			t.Errorf("what is stored is no longer English: %+v", inboxes.Items[0])
		}
	})
	t.Run("from the next request on", func(t *testing.T) {
		olga.do("PATCH", "/me", map[string]any{"language": "pl"}).want(200)
		if p := olga.do("GET", "/contacts/999999", nil).problem(404); p.Detail != "Nie ma tu nic takiego." {
			t.Errorf("%+v", p)
		}
	})
}

func TestStrangersAndProgramsAreAnsweredAsTheyAsk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.found()
	w.signIn("olga@harbour.example", "ko")
	polish := http.Header{"Accept-Language": {"pl-PL,pl;q=0.9,en;q=0.5"}}
	for _, c := range []struct {
		name   string
		who    caller
		method string
		path   string
		body   any
		status int
		want   string
	}{
		{"a stranger", caller{w: w, header: polish}, "POST", "/session", map[string]any{"email": "olga@harbour.example", "password": "wrong"}, 401, "Adres e-mail, hasło lub kod są nieprawidłowe."},
		{"a stranger in no language of ours", caller{w: w, header: http.Header{"Accept-Language": {"fr"}}}, "GET", "/me", nil, 401, "Sign in first."},
		{"at no operation", caller{w: w, header: polish}, "GET", "/nothing", nil, 404, "Pod tym adresem nic nie ma."},
		{"a program", owner, "GET", "/contacts/999999", nil, 404, "There is no such thing here."},
		{"a program that asks for Polish", caller{w: w, token: owner.token, header: polish}, "GET", "/contacts/999999", nil, 404, "Nie ma tu nic takiego."},
	} {
		t.Run(c.name, func(t *testing.T) {
			if p := c.who.do(c.method, c.path, c.body).problem(c.status); p.Detail != c.want {
				t.Errorf("said %q, want %q", p.Detail, c.want)
			}
		})
	}
}

func TestStoredReasonsAreSaidInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.found().inbox("Desk")
	olga := w.signIn("olga@harbour.example", "pl")
	ctx := context.Background()
	all, err := w.Channels.AllInboxes(ctx, "email")
	testkit.Require(t, err)
	testkit.Require(t, w.Channels.Accept(ctx, []channel.Arrival{{WorkspaceID: all[0].WorkspaceID, InboxID: all[0].ID, SourceKey: "smtp:1", Raw: []byte("x")}}, nil))
	_, err = db.Exec(ctx, w.d, "UPDATE receipts SET state = $1, reason = $2", "quarantined", "The mail is larger than 35 MiB.")
	testkit.Require(t, err)
	var mails shape.Page[upkeep.Mail]
	olga.do("GET", "/mails", nil).want(200).into(&mails)
	if len(mails.Items) != 1 || mails.Items[0].Reason != "Mail jest większy niż 35 MiB." {
		t.Errorf("%+v", mails.Items)
	}
}
