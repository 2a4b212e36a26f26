package formpage

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rapport/internal/platform/fault"
)

// list is who gets the news of a company, by their proofs.
type list map[string]bool

func (l list) Sender(_ context.Context, proof string) (string, string, error) {
	if _, known := l[proof]; !known {
		return "", "", fault.New("test", fault.NotFound, "")
	}
	return "Miska & <Co>", "pl", nil
}

func (l list) Unsubscribe(ctx context.Context, proof string) error {
	_, _, err := l.Sender(ctx, proof)
	if err == nil {
		l[proof] = false
	}
	return err
}

func TestTheWayOutAsksOnceInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	for tag, button := range map[string]string{"en": "Unsubscribe", "ko": "수신 거부", "pl": "Wypisz mnie"} {
		l := list{"mine": true}
		pages := WayOut("/unsubscribe/", l)
		ask := func(method, path, body string) *httptest.ResponseRecorder {
			r, a := httptest.NewRequest(method, path, strings.NewReader(body)), httptest.NewRecorder()
			r.Header.Set("Accept-Language", tag)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			pages.ServeHTTP(a, r)
			return a
		}
		page := ask("GET", "/unsubscribe/mine", "")
		for _, part := range []string{`<html lang="` + tag + `"`, ">" + button + "</button>", "Miska &amp; &lt;Co&gt;", `method="post" action="/unsubscribe/mine"`, `content="noindex"`} {
			if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), part) {
				t.Errorf("%s: %d, want %s in %s", tag, page.Code, part, page.Body)
			}
		}
		if policy := page.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") || page.Header().Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", tag, page.Header())
		}
		if ask("POST", "/unsubscribe/mine", ""); !l["mine"] {
			t.Errorf("%s: an empty request took somebody out", tag)
		}
		done := ask("POST", "/unsubscribe/mine?lang="+tag, "List-Unsubscribe=One-Click")
		if done.Code != http.StatusOK || l["mine"] || strings.Contains(done.Body.String(), "<button") {
			t.Errorf("%s: %d, %v, %s", tag, done.Code, l, done.Body)
		}
		for _, method := range []string{"GET", "POST"} {
			if a := ask(method, "/unsubscribe/other", "List-Unsubscribe=One-Click"); a.Code != http.StatusNotFound || strings.Contains(a.Body.String(), "Miska") {
				t.Errorf("%s: %s of what is not known: %d %s", tag, method, a.Code, a.Body)
			}
		}
	}
}
