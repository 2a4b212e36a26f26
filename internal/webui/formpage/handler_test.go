package formpage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/internal/channel"
	"rapport/internal/channel/channeltest"
	"rapport/internal/channel/form"
	"rapport/internal/platform/clock"
	"rapport/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// world is the pages with a form behind them.
type world struct {
	*channeltest.World
	t     *testing.T
	clock *clock.Fake
	door  *form.Door
	pages http.Handler
	inbox channel.Inbox
	ip    string
}

func newWorld(t *testing.T, settings *channel.FormSettings) *world {
	t.Helper()
	d := testkit.SQLite(t)
	w := &world{World: channeltest.NewWorld(t, d), t: t, ip: "203.0.113.5", clock: clock.NewFake(time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC))}
	w.Channels.Register(form.New(w.Blobs))
	w.inbox = w.Inbox(channel.NewInbox{Name: "Write to us", Channel: "form", Form: settings})
	w.door = form.NewDoor(form.Deps{Channels: w.Channels, Store: d, Key: w.Key, Clock: w.clock,
		Company: func(context.Context, int64) (string, string, error) { return "Miska", "en", nil }})
	w.pages = Handler(w.door, func(*http.Request) string { return w.ip })
	return w
}

func (w *world) path() string { return Root + w.inbox.Address }

// do sends a request and returns the answer.
func (w *world) do(r *http.Request) *httptest.ResponseRecorder {
	a := httptest.NewRecorder()
	w.pages.ServeHTTP(a, r)
	return a
}

func (w *world) get(path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return w.do(r)
}

var tokenIn = regexp.MustCompile(`name="token" value="([^"]*)"`)

// token opens the form, and lets somebody type for a while.
func (w *world) token() string {
	w.t.Helper()
	found := tokenIn.FindStringSubmatch(w.get(w.path()).Body.String())
	if found == nil {
		w.t.Fatal("a page without a token")
	}
	w.clock.Advance(20 * time.Second)
	return found[1]
}

// typed is a form as somebody fills it in.
func (w *world) typed(more ...string) map[string]string {
	w.t.Helper()
	out := map[string]string{"token": w.token(), "website": "", "f.name": "Ewa Marsh", "f.email": "ewa@harbour.example", "f.subject": "The box", "f.message": "One bag is leaking."}
	for i := 0; i < len(more); i += 2 {
		out[more[i]] = more[i+1]
	}
	return out
}

// sent is a request as a browser makes it; files are named by "field/name".
func (w *world) sent(path string, typed map[string]string, files map[string]string) *http.Request {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(typed)) {
		form.WriteField(name, typed[name])
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		field, file, _ := strings.Cut(name, "/")
		part, _ := form.CreateFormFile(field, file)
		io.WriteString(part, files[name])
	}
	form.Close()
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return r
}

func (w *world) post(typed map[string]string) *httptest.ResponseRecorder {
	return w.do(w.sent(w.path(), typed, nil))
}

// want checks the status and that a page says some things.
func want(t *testing.T, a *httptest.ResponseRecorder, status int, parts ...string) string {
	t.Helper()
	body := a.Body.String()
	if a.Code != status {
		t.Fatalf("answered %d, want %d: %.2000s", a.Code, status, body)
	}
	for _, part := range parts {
		if !strings.Contains(body, part) {
			t.Errorf("the page does not say %q:\n%.6000s", part, body[strings.Index(body, "<main"):])
		}
	}
	return body
}

func (w *world) accepted() int64 {
	w.t.Helper()
	c, err := w.Channels.Counters(context.Background(), channeltest.WorkspaceID)
	if err != nil {
		w.t.Fatal(err)
	}
	return c.Accepted
}

func TestAFormIsShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, &channel.FormSettings{Intro: "Before you write: <b>bold</b>", Fields: append(form.Defaults(),
		channel.FormField{Key: "dog", Label: "Your dog's age", Type: "select", Options: []string{"Puppy", "Senior"}, Hint: "In years"},
		channel.FormField{Key: "terms", Label: "I agree", Type: "checkbox", Required: true})})
	a := w.get(w.path())
	body := want(t, a, 200, "Write to us", "Before you write: &lt;b&gt;bold&lt;/b&gt;", `for="f-email">E-mail`, "(optional)", "Your dog&#39;s age", "<option>Puppy</option>", `type="file" multiple`, `autocomplete="email"`, "Send message", "Miska")
	for _, never := range []string{"<script", "onclick", "http://", "https://"} {
		if strings.Contains(body, never) {
			t.Errorf("the page holds %q", never)
		}
	}
	if p := a.Header().Get("Content-Security-Policy"); !strings.HasPrefix(p, "default-src 'none'; style-src 'self' 'sha256-") || !strings.Contains(p, "form-action 'self'") || strings.Contains(p, "unsafe") {
		t.Errorf("policy %q", p)
	}
	if a.Header().Get("Set-Cookie") != "" || a.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", a.Header())
	}
	want(t, w.get(w.path(), "Accept-Language", "ko-KR,en;q=0.5"), 200, `<html lang="ko">`, "문의하기", "이메일", "(선택)", "메시지 보내기")
	want(t, w.get(w.path()+"?lang=pl", "Accept-Language", "ko"), 200, `<html lang="pl">`, "Napisz do nas", "Temat", "?lang=pl")
	want(t, w.get(Root+"fm_nothing", "Accept-Language", "pl"), 404, "Tu niczego nie ma")
	if css := w.get(sheetAddress); css.Code != 200 || !strings.Contains(css.Header().Get("Content-Type"), "text/css") || !strings.Contains(css.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("the style sheet: %d %v", css.Code, css.Header())
	}
}

func TestALanguageThatIsChosenStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, &channel.FormSettings{Language: "ko", Title: "고객센터"})
	body := want(t, w.get(w.path()+"?lang=pl", "Accept-Language", "pl"), 200, `<html lang="ko">`, "고객센터", "이메일")
	if strings.Contains(body, "Polski") {
		t.Error("a language is offered that the form does not speak")
	}
}

func TestTheCatalogueIsWhole(t *testing.T) {
	t.Parallel()
	for _, tag := range tags {
		for key := range texts["en"] {
			if texts[tag][key] == "" {
				t.Errorf("%s lacks %q", tag, key)
			}
		}
		for key := range texts[tag] {
			if texts["en"][key] == "" {
				t.Errorf("%s has %q, which nobody says", tag, key)
			}
		}
	}
	for _, used := range regexp.MustCompile(`Say "(\w+)"`).FindAllStringSubmatch(source, -1) {
		if texts["en"][used[1]] == "" {
			t.Errorf("the page says %q", used[1])
		}
	}
	for n, said := range map[int]string{1: "Jedna rzecz", 2: "2 rzeczy wymagają", 5: "5 rzeczy wymaga ", 12: "12 rzeczy wymaga ", 22: "22 rzeczy wymagają"} {
		if got := summary("pl", n); !strings.HasPrefix(got, said) {
			t.Errorf("%d: %q", n, got)
		}
	}
}

func TestErrorsKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	typed := w.typed("f.email", "ewa@harbour", "f.message", "\n  Dear \"Miska\" & <friends>,\n\ntwo lines")
	a := w.post(typed)
	body := want(t, a, 422, "One thing needs a look.", `href="#f-email"`, `aria-invalid="true"`, `aria-describedby="f-email-problem"`, "This is no whole e-mail address.",
		`value="ewa@harbour"`, `value="Ewa Marsh"`, "\n\n  Dear &#34;Miska&#34; &amp; &lt;friends&gt;,\n\ntwo lines</textarea>", `<title>One thing needs a look.`)
	if tokenIn.FindStringSubmatch(body)[1] != typed["token"] {
		t.Error("the page got another token, though nothing was taken")
	}
	typed["f.email"] = "ewa@harbour.example"
	if a := w.post(typed); a.Code != 303 {
		t.Errorf("mended: %d", a.Code)
	}
	typed = w.typed("f.email", "", "f.message", " ")
	r := w.sent(w.path()+"?lang=ko&embed=1", typed, map[string]string{"f.file/a.txt": "kept by nobody"})
	want(t, w.do(r), 422, "확인이 필요한 곳이 2곳 있습니다.", "답변을 받을 주소를 써 주세요.", "파일을 다시 선택해 주세요", "?embed=1&amp;lang=ko")
}

func TestItIsSentOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, &channel.FormSettings{Thanks: "We are back\non Monday."})
	typed := w.typed()
	a := w.do(w.sent(w.path()+"?embed=1&lang=en", typed, nil))
	there := a.Header().Get("Location")
	reference := regexp.MustCompile(`/sent/([2-9A-Z]{4}-[2-9A-Z]{4})\?embed=1&lang=en$`).FindStringSubmatch(there)
	if a.Code != http.StatusSeeOther || reference == nil {
		t.Fatalf("answered %d, to %q: %s", a.Code, there, a.Body)
	}
	for range 3 { // a reload of the request, by whatever it is repeated
		if again := w.do(w.sent(w.path()+"?embed=1&lang=en", typed, nil)); again.Header().Get("Location") != there {
			t.Errorf("repeated: %d %q", again.Code, again.Header().Get("Location"))
		}
	}
	for range 2 {
		want(t, w.get(there), 200, reference[1], "Thank you. Your message has arrived.", "We are back\non Monday.", "Write another message")
	}
	if n := w.accepted(); n != 1 {
		t.Errorf("%d submissions were kept, want 1", n)
	}
	want(t, w.get(w.path()+"/sent/AAAA-AAAA"), 404, "There is nothing here", "To the form")
	typed["f.message"] = "Something else"
	body := want(t, w.post(typed), 422, "sent already, with other words", "Something else")
	typed["token"] = tokenIn.FindStringSubmatch(body)[1]
	if a := w.post(typed); a.Code != 303 || w.accepted() != 2 {
		t.Errorf("the other words, after a second press: %d, %d kept", a.Code, w.accepted())
	}
}

func TestMachinesAreHeldUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	typed := w.typed()
	w.clock.Advance(-19 * time.Second)
	want(t, w.post(typed), 422, "That was very fast.", "One bag is leaking.")
	w.clock.Advance(5 * time.Second)
	if a := w.post(typed); a.Code != 303 {
		t.Errorf("after a while: %d", a.Code)
	}
	body := want(t, w.post(w.typed("website", "https://pills.example")), 422, "A program may have filled in", "One bag is leaking.")
	if strings.Contains(body, "pills.example") {
		t.Error("the trap keeps what was typed")
	}
	typed = w.typed()
	w.clock.Advance(25 * time.Hour)
	body = want(t, w.post(typed), 422, "open for too long", "One bag is leaking.")
	typed["token"] = tokenIn.FindStringSubmatch(body)[1]
	if a := w.post(typed); a.Code != 303 {
		t.Errorf("pressed again: %d", a.Code)
	}
	for i := range 40 {
		a := w.post(w.typed("f.message", fmt.Sprint("Buy pills ", i)))
		w.clock.Advance(-20 * time.Second)
		if a.Code == http.StatusTooManyRequests {
			want(t, a, 429, "Too many messages", fmt.Sprint("Buy pills ", i))
			if a.Header().Get("Retry-After") == "" {
				t.Error("without a time to wait")
			}
			return
		}
	}
	t.Error("40 in a row were taken")
}

// endless is a file that never fits.
type endless struct{ left int64 }

func (e *endless) Read(b []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := min(int64(len(b)), e.left)
	clear(b[:n])
	e.left -= n
	return int(n), nil
}

func TestHugeAndBrokenRequests(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()) // so that what is left there is its own
	w := newWorld(t, nil)
	t.Run("a file that is too large", func(t *testing.T) {
		typed := w.typed()
		want(t, w.do(w.sent(w.path(), typed, map[string]string{"f.file/film.mp4": strings.Repeat("x", 10<<20+1)})), 422, "too large: at most 10 MB a file", "One bag is leaking.", "film.mp4")
	})
	t.Run("a body without an end", func(t *testing.T) {
		typed := w.typed()
		head := w.sent(w.path(), typed, map[string]string{"f.file/film.mp4": "x"})
		all, _ := io.ReadAll(head.Body)
		r := httptest.NewRequest("POST", w.path(), io.MultiReader(bytes.NewReader(all[:bytes.LastIndex(all, []byte("\r\n--"))]), &endless{left: 200 << 20}))
		r.Header.Set("Content-Type", head.Header.Get("Content-Type"))
		want(t, w.do(r), 413, "Your files are too large.", "One bag is leaking.")
	})
	t.Run("a long text", func(t *testing.T) {
		want(t, w.post(w.typed("f.message", strings.Repeat("가", 300_000))), 422, "This is too long: at most 10000 characters.")
	})
	boundary := "multipart/form-data; boundary=b"
	for name, c := range map[string]struct{ kind, body string }{
		"no multipart":      {"application/x-www-form-urlencoded", "f.email=ewa%40harbour.example"},
		"JSON":              {"application/json", `{"f.email":"x"}`},
		"no boundary":       {"multipart/form-data", "--b--"},
		"nothing":           {boundary, ""},
		"cut in the middle": {boundary, "--b\r\nContent-Disposition: form-data; name=\"f.message\"\r\n\r\nHalf of"},
		"a huge header":     {boundary, "--b\r\nContent-Disposition: " + strings.Repeat("x", 30<<20) + "\r\n\r\nx\r\n--b--"},
		"very many parts":   {boundary, strings.Repeat("--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\nx\r\n", 5000) + "--b--"},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest("POST", w.path(), strings.NewReader(c.body))
			r.Header.Set("Content-Type", c.kind)
			want(t, w.do(r), 400, "Your message arrived damaged.", `name="token" value="`)
		})
	}
	if n := w.accepted(); n != 0 {
		t.Errorf("%d were kept", n)
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), spoolPrefix+"*")); len(left) > 0 {
		t.Errorf("left on the disk: %v", left)
	}
}

// Files lie on the disk while they are read: there are only so many at a time,
// whoever sends them.
func TestTheDiskHoldsSoManyFilesAtATime(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := newPages(w.door, func(*http.Request) string { return w.ip }, 1)
	w.pages = p.routes()
	two := func() *http.Request {
		return w.sent(w.path(), w.typed(), map[string]string{"f.file/a.txt": "one", "f.file/b.txt": "two"})
	}
	want(t, w.do(two()), 503, "what you wrote stays here", "One bag is leaking.")
	if len(p.spool) != 0 || w.accepted() != 0 {
		t.Errorf("%d places are held, %d taken", len(p.spool), w.accepted())
	}
	want(t, w.do(w.sent(w.path(), w.typed(), map[string]string{"f.file/a.txt": "one"})), 303)
	if len(p.spool) != 0 || w.accepted() != 1 {
		t.Errorf("%d places are held, %d taken", len(p.spool), w.accepted())
	}
}

// Files of fields that are not there are kept like others until it is known
// whether they are wanted; a wanted one behind them was not.
func TestFilesOfNoFieldLeaveNoRoom(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	files := map[string]string{"f.file/seventh.txt": "seven"}
	for i := range maxFiles {
		files[fmt.Sprintf("f.absent/%d.txt", i)] = "one"
	}
	want(t, w.do(w.sent(w.path(), w.typed(), files)), 422, "Send at most 5 files.", "One bag is leaking.")
}

func TestHostileWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.Start()
	typed := w.typed("f.name", "Ewa\r\nBcc: victim@sea.example", "f.subject", "</title><script>alert(1)</script>\r\nX-Evil: 1\u202e", "f.message", "<img src=x onerror=alert(1)>\x00\x1b[2J\u2066",
		"f.nobody", "asked", "f.email.x", "y")
	r := w.sent(w.path(), typed, map[string]string{"f.file/\u202egnp.exe": "\x89PNG\r\n\x1a\n", "f.name/x.txt": "x"})
	if a := w.do(r); a.Code != 303 {
		t.Fatalf("%d %s", a.Code, a.Body)
	}
	w.Settled(1)
	in := w.Receiver.Got()[0]
	if in.From.Name != "Ewa Bcc: victim@sea.example" || in.From.Address != "ewa@harbour.example" || in.HTML != "" || strings.Contains(in.Text, "asked") {
		t.Errorf("%+v", in)
	}
	if strings.ContainsAny(in.Subject+in.From.Name+in.Attachments[0].Name, "\r\n\x00\u202e") || strings.ContainsAny(in.Text, "\x00\x1b\u2066\r") || in.Attachments[0].Name != "gnp.exe" || len(in.Attachments) != 1 {
		t.Errorf("%q %q %+v", in.Subject, in.Text, in.Attachments)
	}
	typed["f.email"], typed["token"] = `"><script>alert(1)</script>`, w.token()
	body := want(t, w.post(typed), 422)
	if strings.Contains(body, "<script") || strings.Contains(body, "<img") || !strings.Contains(body, html.EscapeString("<img src=x onerror=alert(1)>")) {
		t.Errorf("the page holds markup that was typed: %s", body)
	}
	for _, lang := range []string{"\"><script>", "en\r\nSet-Cookie: a=b", "xx"} {
		r := httptest.NewRequest("GET", w.path(), nil)
		r.URL.RawQuery = "lang=" + strings.NewReplacer("\r", "%0d", "\n", "%0a", "\"", "%22", "<", "%3c", ">", "%3e", " ", "%20").Replace(lang)
		a := w.do(r)
		if want(t, a, 200); strings.Contains(a.Body.String(), "script>") || a.Header().Get("Set-Cookie") != "" {
			t.Errorf("lang=%q: %v", lang, a.Header())
		}
	}
}

func TestOnlyAllowedSitesShowItInAFrame(t *testing.T) {
	t.Parallel()
	w := newWorld(t, &channel.FormSettings{AllowedOrigins: []string{"https://shop.example", "https://*.miska.example"}})
	bare := newWorld(t, nil)
	const none = "frame-ancestors 'none'"
	for _, c := range []struct {
		name   string
		answer *httptest.ResponseRecorder
		want   string
	}{
		{"in a frame", w.get(w.path() + "?embed=1"), "frame-ancestors 'self' https://shop.example https://*.miska.example"},
		{"alone", w.get(w.path()), none},
		{"errors in a frame", w.do(w.sent(w.path()+"?embed=1", nil, nil)), "frame-ancestors 'self' https://shop.example https://*.miska.example"},
		{"nobody is allowed", bare.get(bare.path() + "?embed=1"), none},
		{"nothing there", w.get(Root + "fm_x?embed=1"), none},
	} {
		policy := c.answer.Header().Get("Content-Security-Policy")
		if !strings.HasSuffix(policy, "; "+c.want) || (c.want == none) != (c.answer.Header().Get("X-Frame-Options") == "DENY") {
			t.Errorf("%s: %q, X-Frame-Options %q", c.name, policy, c.answer.Header().Get("X-Frame-Options"))
		}
	}
	body := w.get(w.path() + "?embed=1").Body.String()
	if strings.Contains(body, "<header") || strings.Contains(body, "<footer") {
		t.Error("a frame repeats what the site has")
	}
}

// failing is a form whose messages cannot be kept.
type failing struct{ Forms }

func (f failing) Submit(context.Context, channel.FormPage, channel.FormPost) (channel.FormVerdict, error) {
	return channel.FormVerdict{}, errors.New("the disk is full")
}

func TestNothingIsLostWhenItCannotBeKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	typed := w.typed()
	w.pages = Handler(failing{w.door}, func(*http.Request) string { return "" })
	body := want(t, w.post(typed), 503, "your message was not kept", "One bag is leaking.", "ewa@harbour.example")
	if tokenIn.FindStringSubmatch(body)[1] != typed["token"] {
		t.Error("another token: what is sent again might be taken twice")
	}
}

func TestAPreviewIsThePageItself(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	p := form.Show(channel.FormSettings{Title: "Napisz", Brand: "#d6336c", Language: "pl"}, "Miska", "en")
	if err := Preview(&b, p, "dark", true); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`<html lang="pl" data-theme="dark">`, "Napisz", "--fill:#d6336c", "Wyślij wiadomość"} {
		if !strings.Contains(b.String(), part) {
			t.Errorf("the preview lacks %q", part)
		}
	}
}
