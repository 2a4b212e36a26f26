package demo

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

func TestTheShopHasTheChatOnItsPage(t *testing.T) {
	t.Parallel()
	key, failure := "st_abc", error(nil)
	shop := ShopPage{URL: "http://localhost:8080", SiteKey: func(context.Context) (string, error) { return key, failure }}
	get := func(method, address string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		shop.ServeHTTP(w, httptest.NewRequest(method, address, nil))
		return w
	}
	page := get("GET", "http://localhost:8080/demo/shop")
	if body := page.Body.String(); page.Code != http.StatusOK || !strings.Contains(body, `<script async src="http://localhost:8080/widget.js" data-site="st_abc"></script>`) {
		t.Errorf("answered %d %s", page.Code, body)
	} else if strings.Contains(body, " style=") || strings.Contains(body, "<style") || strings.Count(body, "<script") != 1 {
		t.Error("something on the page stands against its policy")
	}
	if policy := page.Header().Get("Content-Security-Policy"); strings.Contains(policy, "unsafe") || strings.Contains(policy, "'self'") || !strings.Contains(policy, "connect-src http://localhost:8080 ws://localhost:8080;") {
		t.Errorf("policy %q", policy)
	}
	for _, c := range []struct {
		method, address string
		status          int
	}{
		{"GET", "http://localhost:8080/demo/shop/page.css", 200},
		{"GET", "http://localhost:8080/demo/shop/page.html", 404},
		{"GET", "http://127.0.0.1:8080/demo/shop", 302}, // another site than the chat knows
		{"POST", "http://localhost:8080/demo/shop", 405},
	} {
		if w := get(c.method, c.address); w.Code != c.status {
			t.Errorf("%s %s: %d, want %d", c.method, c.address, w.Code, c.status)
		}
	}
	key = ""
	if body := get("GET", "http://localhost:8080/demo/shop").Body.String(); strings.Contains(body, "<script") || !strings.Contains(body, "has been deleted") {
		t.Errorf("without a chat: %s", body)
	}
	failure = errors.New("no database")
	if w := get("GET", "http://localhost:8080/demo/shop"); w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "database") {
		t.Errorf("a fault: %d %s", w.Code, w.Body)
	}
}

// What the documentation asks a site to allow is what the shop's page allows.
func TestThePolicyIsTheDocumentedOne(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../docs/channels/chat.md")
	if err != nil {
		t.Fatal(err)
	}
	policy := ShopPolicy("https://support.example")
	for _, directive := range []string{"script-src https://support.example", "connect-src https://support.example wss://support.example", "img-src https://support.example", "trusted-types rapport"} {
		if !strings.Contains(string(text), directive) {
			t.Errorf("docs/channels/chat.md does not say %q", directive)
		}
		if !strings.Contains(policy, directive) {
			t.Errorf("the shop allows %q, not %q", policy, directive)
		}
	}
}
