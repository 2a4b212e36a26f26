package formpage

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"rapport/internal/channel"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/words"
)

// Forms knows the forms and takes what is sent; channel/form fulfils it.
type Forms interface {
	// Open is a form as a visitor sees it; NotFound when there is none.
	Open(ctx context.Context, key, language string) (channel.FormPage, error)
	// Submit takes what was typed, or says what to mend.
	Submit(ctx context.Context, p channel.FormPage, post channel.FormPost) (channel.FormVerdict, error)
	// Taken reports whether a reference was given for this form.
	Taken(ctx context.Context, p channel.FormPage, reference string) (bool, error)
}

// Root is where the pages are.
const Root = "/forms/"

// How much is read at the same time: submissions of one address, and files of
// all, which lie on the disk meanwhile.
const (
	atOnce  = 6
	spooled = 200
)

type pages struct {
	forms  Forms
	client func(*http.Request) string
	spool  chan struct{} // has a place for each file
	mu     sync.Mutex
	busy   map[string]int
}

// Handler serves the pages of forms, below Root. client tells the address that
// a request comes from.
func Handler(forms Forms, client func(*http.Request) string) http.Handler {
	return newPages(forms, client, spooled).routes()
}

func newPages(forms Forms, client func(*http.Request) string, files int) *pages {
	return &pages{forms: forms, client: client, spool: make(chan struct{}, files), busy: map[string]int{}}
}

func (p *pages) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Root+"page.css", serveSheet)
	mux.HandleFunc("GET "+Root+"{key}", p.show)
	mux.HandleFunc("POST "+Root+"{key}", p.take)
	mux.HandleFunc("GET "+Root+"{key}/sent/{reference}", p.sent)
	mux.HandleFunc("GET "+Root, func(w http.ResponseWriter, r *http.Request) {
		p.gone(w, r, channel.FormPage{Language: accepted(r)}, "")
	})
	return mux
}

func serveSheet(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin") // a preview's frame has no origin
	w.Write(sheet)
}

func accepted(r *http.Request) string {
	for _, tag := range tags {
		if r.URL.Query().Get("lang") == tag {
			return tag
		}
	}
	return words.Accepted(r.Header.Get("Accept-Language"))
}

func frameOf(r *http.Request) frame {
	f := frame{path: Root + r.PathValue("key"), embed: r.URL.Query().Get("embed") == "1"}
	if r.URL.Query().Get("lang") == accepted(r) {
		f.lang = accepted(r)
	}
	return f
}

// open finds the form of a request; false when it has been answered.
func (p *pages) open(w http.ResponseWriter, r *http.Request) (channel.FormPage, bool) {
	form, err := p.forms.Open(r.Context(), r.PathValue("key"), accepted(r))
	if fault.Is(err, fault.NotFound) {
		p.gone(w, r, channel.FormPage{Language: accepted(r)}, "")
		return form, false
	}
	if err != nil {
		p.failed(w, r, "open", err)
		return form, false
	}
	return form, true
}

func (p *pages) show(w http.ResponseWriter, r *http.Request) {
	if form, ok := p.open(w, r); ok {
		p.answer(w, r, http.StatusOK, form, viewOf(form, frameOf(r)))
	}
}

// take reads and hands over one submission. Whatever is wrong, what was typed
// is shown again.
func (p *pages) take(w http.ResponseWriter, r *http.Request) {
	form, ok := p.open(w, r)
	if !ok {
		return
	}
	v := viewOf(form, frameOf(r))
	client := p.client(r)
	if !p.enter(client) {
		w.Header().Set("Retry-After", "5")
		p.again(w, r, http.StatusTooManyRequests, form, v, channel.FormPost{}, channel.FormVerdict{Token: form.Token}, "busy")
		return
	}
	defer p.leave(client)
	in, err := read(w, r, p.spool)
	defer in.close()
	in.post.Language, in.post.IP = form.Language, client
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		p.again(w, r, http.StatusRequestEntityTooLarge, form, v, in.post, channel.FormVerdict{Token: in.post.Token}, "large")
		return
	case errors.Is(err, errCrowded):
		w.Header().Set("Retry-After", "30")
		p.again(w, r, http.StatusServiceUnavailable, form, v, in.post, channel.FormVerdict{Token: in.post.Token}, "broken")
		return
	case errors.Is(err, errDamaged):
		p.again(w, r, http.StatusBadRequest, form, v, in.post, channel.FormVerdict{Token: in.post.Token}, "damaged")
		return
	case err != nil:
		p.failed(w, r, "read", err)
		return
	}
	verdict, err := p.forms.Submit(r.Context(), form, in.post)
	switch {
	case err != nil && r.Context().Err() == nil:
		slog.ErrorContext(r.Context(), "form page failed", "step", "submit", "error", err)
		p.again(w, r, http.StatusServiceUnavailable, form, v, in.post, channel.FormVerdict{Token: in.post.Token}, "broken")
	case err != nil:
	case verdict.Reference != "":
		f := frameOf(r)
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, f.address(f.path+"/sent/"+verdict.Reference, f.lang), http.StatusSeeOther)
	case verdict.Limited:
		w.Header().Set("Retry-After", "300")
		p.again(w, r, http.StatusTooManyRequests, form, v, in.post, verdict, "")
	default:
		p.again(w, r, http.StatusUnprocessableEntity, form, v, in.post, verdict, "")
	}
}

// again shows the form with what was typed and what to mend. about is a text of
// ours about the whole.
func (p *pages) again(w http.ResponseWriter, r *http.Request, status int, form channel.FormPage, v view, post channel.FormPost, verdict channel.FormVerdict, about string) {
	v.fill(post, verdict.Problems)
	if about != "" {
		v.Problems, v.General = true, append(v.General, v.Say(about))
	}
	if v.Token = verdict.Token; v.Token == "" {
		v.Token = form.Token
	}
	p.answer(w, r, status, form, v)
}

func (p *pages) sent(w http.ResponseWriter, r *http.Request) {
	form, ok := p.open(w, r)
	if !ok {
		return
	}
	reference := r.PathValue("reference")
	taken, err := p.forms.Taken(r.Context(), form, reference)
	if err != nil {
		p.failed(w, r, "sent", err)
		return
	}
	v := viewOf(form, frameOf(r))
	if !taken {
		p.gone(w, r, form, v.Again)
		return
	}
	v.Sent, v.Reference, v.HeadTitle = true, reference, v.Say("sent")+" · "+form.Company
	for i := range v.Languages {
		v.Languages[i].Address = frame{embed: v.Embed}.address(r.URL.Path, v.Languages[i].Tag)
	}
	p.answer(w, r, http.StatusOK, form, v)
}

// gone says that there is nothing here, with a way to the form if there is one.
func (p *pages) gone(w http.ResponseWriter, r *http.Request, form channel.FormPage, toForm string) {
	v := viewOf(form, frameOf(r))
	v.Gone, v.HeadTitle, v.Again, v.Languages = true, v.Say("gone"), toForm, nil
	p.answer(w, r, http.StatusNotFound, form, v)
}

func (p *pages) failed(w http.ResponseWriter, r *http.Request, what string, err error) {
	if r.Context().Err() == nil {
		slog.ErrorContext(r.Context(), "form page failed", "step", what, "error", err)
	}
	http.Error(w, words.In(accepted(r), "Something went wrong on the server. The log has the details under the request's id."), http.StatusInternalServerError)
}

// answer writes a page. A frame may show it on the sites that the form names.
func (p *pages) answer(w http.ResponseWriter, r *http.Request, status int, form channel.FormPage, v view) {
	var b bytes.Buffer
	if err := v.write(&b); err != nil {
		p.failed(w, r, "write", err)
		return
	}
	frames := "'none'"
	if v.Embed && len(form.Form.AllowedOrigins) > 0 {
		frames = "'self' " + strings.Join(form.Form.AllowedOrigins, " ")
	} else {
		w.Header().Set("X-Frame-Options", "DENY")
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self' "+styleHash(v.Colours)+"; form-action 'self'; base-uri 'none'; frame-ancestors "+frames)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	w.WriteHeader(status)
	w.Write(b.Bytes())
}

func (p *pages) enter(client string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.busy[client] >= atOnce {
		return false
	}
	p.busy[client]++
	return true
}

func (p *pages) leave(client string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.busy[client]--; p.busy[client] == 0 {
		delete(p.busy, client)
	}
}
