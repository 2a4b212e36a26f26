package formpage

import (
	"context"
	"net/http"

	"rapport/internal/channel"
	"rapport/internal/platform/fault"
)

// News knows who gets what is sent to many; outreach fulfils it.
type News interface {
	// Sender is whose news a proof leads out of; NotFound when it is none.
	Sender(ctx context.Context, proof string) (company, language string, err error)
	// Unsubscribe takes the one whom a proof names out of it.
	Unsubscribe(ctx context.Context, proof string) error
}

// maxRefusal is more than any request to be taken out needs.
const maxRefusal = 4 << 10

// WayOut serves the pages below root where people leave the news of a company.
// Only a POST that says so takes anybody out (RFC 8058), whether the page's own
// button or a mail program sends it: programs that follow every link in a mail
// change nothing.
func WayOut(root string, news News) http.Handler {
	p := &wayOut{news: news}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+root+"{proof}", func(w http.ResponseWriter, r *http.Request) { p.show(w, r, false) })
	mux.HandleFunc("POST "+root+"{proof}", p.take)
	mux.HandleFunc(root, func(w http.ResponseWriter, r *http.Request) { p.gone(w, r) })
	return mux
}

type wayOut struct {
	pages
	news News
}

func (p *wayOut) show(w http.ResponseWriter, r *http.Request, left bool) {
	company, _, err := p.news.Sender(r.Context(), r.PathValue("proof"))
	if p.answered(w, r, err) {
		return
	}
	v := viewOf(channel.FormPage{Company: company, Language: accepted(r), Form: channel.FormSettings{Language: "auto"}}, frame{path: r.URL.Path, lang: frameOf(r).lang})
	v.Leave, v.Left = !left, left
	if left {
		v.Languages = nil // the page in another language would ask again
	}
	v.HeadTitle = v.Say("leave") + " \u00b7 " + company
	p.answer(w, r, http.StatusOK, channel.FormPage{}, v)
}

func (p *wayOut) take(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxRefusal)
	if r.PostFormValue("List-Unsubscribe") != "One-Click" {
		p.show(w, r, false)
		return
	}
	if p.answered(w, r, p.news.Unsubscribe(r.Context(), r.PathValue("proof"))) {
		return
	}
	p.show(w, r, true)
}

// answered says what is wrong, if anything is.
func (p *wayOut) answered(w http.ResponseWriter, r *http.Request, err error) bool {
	switch {
	case fault.Is(err, fault.NotFound):
		p.gone(w, r)
	case err != nil:
		p.failed(w, r, "unsubscribe", err)
	}
	return err != nil
}

func (p *wayOut) gone(w http.ResponseWriter, r *http.Request) {
	v := viewOf(channel.FormPage{Language: accepted(r)}, frame{})
	v.Lost, v.HeadTitle, v.Languages = true, v.Say("lost"), nil
	p.answer(w, r, http.StatusNotFound, channel.FormPage{}, v)
}
