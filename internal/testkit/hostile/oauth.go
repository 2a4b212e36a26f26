package hostile

import (
	"bufio"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// Steps of an OAuth server.
const (
	Authorize  Step = "authorize"
	Tokens     Step = "token"
	Revocation Step = "revoke"
)

// OAuth is an authorization server (RFC 6749, RFC 7636): it lets an app into
// the mailboxes of whoever says yes, and into nothing without PKCE. Each renewal
// token works once; one that comes twice ends the whole leave, as the strictest
// providers have it. Fail takes status lines such as "503" beside Reset and Hang.
type OAuth struct {
	server
	ClientID, Secret string
	Life             int // of a token, in seconds

	// Renews, when it is set, is called while somebody waits for a new token.
	Renews func()

	leaves  []*leave
	asked   int // how often for tokens
	renewed int
	handed  int        // how often somebody came to give a token back
	last    url.Values // what the token server was asked last
}

// leave is what one person has allowed.
type leave struct {
	user, code, challenge, redirect string
	access, renew                   string
	used                            []string // renewal tokens of before
	ended                           bool
}

// StartOAuth starts a server with one app; it ends with the test.
func StartOAuth(t testing.TB) *OAuth {
	t.Helper()
	s := &OAuth{ClientID: "rapport-at-miska", Secret: "client-" + rand.Text(), Life: 3600}
	s.start(t, s.dialogue)
	return s
}

// AuthorizeURL and TokenURL are the server's two addresses.
func (s *OAuth) AuthorizeURL() string { return "http://" + s.address + "/authorize" }

// TokenURL is where codes and renewal tokens are changed for tokens.
func (s *OAuth) TokenURL() string { return "http://" + s.address + "/token" }

// RevokeURL is where tokens are taken back (RFC 7009). As at Google, a token takes
// with it all that its app was allowed for the mailbox.
func (s *OAuth) RevokeURL() string { return "http://" + s.address + "/revoke" }

// Visit opens the page as a person who says yes for a mailbox, and returns the
// address that the browser is sent back to.
func (s *OAuth) Visit(page, user string) *url.URL {
	s.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Get(page + "&user=" + url.QueryEscape(user))
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	back, err := answer.Location()
	if err != nil {
		s.t.Fatalf("the page of the provider: %s", answer.Status)
	}
	return back
}

// Opens reports whether a token opens the mailbox of user.
func (s *OAuth) Opens(user, token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.leaves {
		if !l.ended && token != "" && l.access == token && l.user == user {
			return true
		}
	}
	return false
}

// Expire ends all tokens; renewal tokens stay good.
func (s *OAuth) Expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.leaves {
		l.access = ""
	}
}

// Revoke takes all leaves back.
func (s *OAuth) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.leaves {
		l.ended = true
	}
}

// HandedBack is how often somebody came to give a token back, with success or
// without.
func (s *OAuth) HandedBack() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.handed
}

// Renewed is how often a token was renewed.
func (s *OAuth) Renewed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.renewed
}

// Asked is how often somebody came for tokens, with success or without.
func (s *OAuth) Asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// Secrets are all secrets that it has given or been told.
func (s *OAuth) Secrets() (all []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all = append(all, s.Secret, s.last.Get("code_verifier"))
	for _, l := range s.leaves {
		all = append(append(all, l.access, l.renew), l.used...)
	}
	return all
}

func (s *OAuth) dialogue(conn net.Conn, r *bufio.Reader) {
	for {
		request, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		request.ParseForm()
		at, work := Authorize, s.authorize
		switch request.URL.Path {
		case "/token":
			at, work = Tokens, s.token
		case "/revoke":
			at, work = Revocation, s.revoke
			s.mu.Lock()
			s.handed++
			s.mu.Unlock()
		}
		answer := httptest.NewRecorder()
		switch with := s.fault(at, ""); with {
		case "":
			work(answer, request)
		case Reset, Hang:
			s.breaks(conn, with)
			return
		default:
			status := 0
			fmt.Sscan(with, &status)
			if status >= 500 { // it says the worst of what it cannot know
				answer.Header().Set("Content-Type", "application/json")
				answer.WriteHeader(status)
				fmt.Fprint(answer, `{"error": "invalid_grant"}`)
			} else {
				answer.WriteHeader(status)
				fmt.Fprint(answer, "<h1>Try again later</h1>")
			}
		}
		result := answer.Result()
		result.ContentLength = int64(answer.Body.Len())
		if result.Write(conn) != nil {
			return
		}
	}
}

func (s *OAuth) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.Form
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || q.Get("client_id") != s.ClientID {
		w.WriteHeader(http.StatusBadRequest) // nobody is sent to where an unknown app says
		return
	}
	answer := url.Values{"state": {q.Get("state")}}
	switch {
	case q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "":
		answer.Set("error", "invalid_request")
	case q.Get("user") == "":
		answer.Set("error", "access_denied")
	default:
		l := &leave{user: q.Get("user"), code: rand.Text(), challenge: q.Get("code_challenge"), redirect: q.Get("redirect_uri")}
		s.mu.Lock()
		s.leaves = append(s.leaves, l)
		s.mu.Unlock()
		answer.Set("code", l.code)
	}
	back.RawQuery = answer.Encode()
	w.Header().Set("Location", back.String())
	w.WriteHeader(http.StatusFound)
}

func (s *OAuth) token(w http.ResponseWriter, r *http.Request) {
	if s.Renews != nil && r.PostForm.Get("grant_type") == "refresh_token" {
		s.Renews()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	q := r.PostForm
	s.last = q
	s.asked++
	w.Header().Set("Content-Type", "application/json")
	refuse := func(status int, code string) {
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(map[string]string{"error": code, "error_description": "said of " + q.Encode()}) // a careless server
	}
	if q.Get("client_id") != s.ClientID || q.Get("client_secret") != s.Secret {
		refuse(http.StatusUnauthorized, "invalid_client")
		return
	}
	for _, l := range s.leaves {
		switch {
		case q.Get("grant_type") == "authorization_code" && l.code != "" && l.code == q.Get("code"):
			sum := sha256.Sum256([]byte(q.Get("code_verifier")))
			l.code = ""
			if base64.RawURLEncoding.EncodeToString(sum[:]) != l.challenge || l.redirect != q.Get("redirect_uri") {
				refuse(http.StatusBadRequest, "invalid_grant")
				return
			}
			s.hand(w, l)
			return
		case q.Get("grant_type") == "refresh_token" && l.renew != "" && l.renew == q.Get("refresh_token") && !l.ended:
			l.used = append(l.used, l.renew)
			s.renewed++
			s.hand(w, l)
			return
		case q.Get("grant_type") == "refresh_token" && slices.Contains(l.used, q.Get("refresh_token")):
			l.ended = true // somebody has stolen it, for all the server knows
		}
	}
	refuse(http.StatusBadRequest, "invalid_grant")
}

func (s *OAuth) revoke(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := r.PostForm
	refuse := func(status int, code string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(map[string]string{"error": code})
	}
	if r.Method != http.MethodPost || q.Get("client_id") != s.ClientID || q.Get("client_secret") != s.Secret {
		refuse(http.StatusUnauthorized, "invalid_client")
		return
	}
	user := ""
	for _, l := range s.leaves {
		if token := q.Get("token"); token != "" && !l.ended && (l.renew == token || l.access == token) {
			user = l.user
		}
	}
	if user == "" {
		refuse(http.StatusBadRequest, "invalid_token")
		return
	}
	for _, l := range s.leaves {
		l.ended = l.ended || l.user == user
	}
}

func (s *OAuth) hand(w http.ResponseWriter, l *leave) {
	l.access, l.renew = "access-"+rand.Text(), "renew-"+rand.Text()
	json.NewEncoder(w).Encode(map[string]any{"access_token": l.access, "refresh_token": l.renew, "token_type": "Bearer", "expires_in": s.Life})
}

// bearerOf reads what a client says to sign in with a token, in either form.
func bearerOf(mechanism, said string) (user, token string) {
	plain, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(said))
	first, rest, _ := strings.Cut(string(plain), "\x01")
	if mechanism == "OAUTHBEARER" {
		_, user, _ = strings.Cut(strings.TrimSuffix(first, ","), "a=")
	} else {
		user = strings.TrimPrefix(first, "user=")
	}
	_, token, _ = strings.Cut(rest, "auth=Bearer ")
	return user, strings.TrimRight(token, "\x01")
}
