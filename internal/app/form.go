package app

import (
	"context"
	"net/http"
	"strings"

	"rapport/internal/app/demo"
	"rapport/internal/channel/email"
	"rapport/internal/channel/form"
	"rapport/internal/httpapi"
	"rapport/internal/httpapi/gate"
	"rapport/internal/webui/formpage"
)

// formPages are the pages of all forms.
func (a *App) formPages() http.Handler {
	return formpage.Handler(a.forms(), func(r *http.Request) string { return gate.Client(r.Context()).IP })
}

// forms is the door of all forms.
func (a *App) forms() *form.Door {
	return form.NewDoor(form.Deps{Channels: a.Channels, Store: a.DB, Key: a.Key, Clock: a.clock, Company: a.company})
}

func (a *App) company(ctx context.Context, workspaceID int64) (name, language string, err error) {
	w, err := a.Accounts.Workspace(ctx, workspaceID)
	return w.Name, w.Language, err
}

// formPreview is the page of a form that is being made.
func (a *App) formPreview(ctx context.Context, workspaceID int64, p httpapi.FormPreview) (string, error) {
	company, _, err := a.company(ctx, workspaceID)
	if err != nil {
		return "", err
	}
	var page strings.Builder
	err = formpage.Preview(&page, form.Show(p.Form, company, p.Language), p.Theme, p.Embed)
	return page.String(), err
}

// pages answers what is no operation: forms, the way out of news, the demo's shop, and the
// application.
func (a *App) pages(application http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(formpage.Root, a.formPages())
	mux.Handle(email.UnsubscribeRoot, formpage.WayOut(email.UnsubscribeRoot, a.Outreach))
	if a.Demo {
		mux.Handle(demo.ShopRoot, a.shop())
		mux.Handle(demo.ShopRoot+"/", a.shop())
	}
	mux.Handle("/", application)
	return mux
}
