package app

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/channel/email/oauth"
	"rapport/internal/httpapi/mailset"
)

// redirectPath is the screen that a person comes back to from a provider.
const redirectPath = "/settings/oauth"

func (a *App) authorizations() *oauth.Authorizations {
	return oauth.New(oauth.Deps{Store: a.DB, Box: a.Key.Box("oauth"), Guard: a.Guard, Clock: a.clock, Redirect: func() string { return a.URL() + redirectPath },
		Given: func(ctx context.Context, v oauth.Authorization) error {
			return a.Channels.Reconnected(ctx, v.WorkspaceID, v.ID)
		},
		Lost: a.tellOfLoss, Needed: a.Channels.NeedsAuthorization})
}

// tellOfLoss shows on its inboxes that a provider no longer lets us in, and
// writes to the administrators, in the transaction in which that is found out.
// The letter leaves through another inbox: where there is none, the screens say
// it alone.
func (a *App) tellOfLoss(ctx context.Context, v oauth.Authorization) error {
	if err := a.Channels.Lost(ctx, v.WorkspaceID, v.ID, v.Reason); err != nil {
		return err
	}
	used, err := a.Channels.Authorized(ctx, v.WorkspaceID, v.ID)
	if err != nil || len(used) == 0 {
		return err
	}
	all, err := a.Channels.Inboxes(ctx, account.System(v.WorkspaceID))
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, channel.Inbox.CanSend) {
		slog.Warn("no other inbox can carry the letter about a lost sign-in", "workspace", v.WorkspaceID, "inbox", used[0].ID)
		return nil
	}
	w, err := a.Accounts.Workspace(ctx, v.WorkspaceID)
	if err != nil {
		return err
	}
	_, err = a.tell(ctx, w, lossNotice(v, used[0].ID))
	return err
}

// mute reports whether a workspace has lost the sign-in of all its inboxes that
// send, so that nothing can tell its administrators but the screens.
func (a *App) mute(ctx context.Context, workspaceID int64) (bool, error) {
	all, err := a.Channels.Inboxes(ctx, account.System(workspaceID))
	lost := slices.ContainsFunc(all, func(i channel.Inbox) bool { return i.State == "reconnect" })
	return lost && !slices.ContainsFunc(all, channel.Inbox.CanSend), err
}

// lossNotice is the letter in English, in sentences that platform/words knows.
func lossNotice(v oauth.Authorization, inboxID int64) notice {
	return notice{Title: fmt.Sprintf("%s must be connected again.", v.Address), Path: fmt.Sprintf("/settings/inboxes/%d", inboxID),
		Text: strings.Join([]string{v.Reason,
			"New mail waits there, and answers wait here: nothing is lost, and all of it goes on when the inbox is connected again. Open the inbox and press Reconnect.",
			"There is no further mail about this."}, "\n\n")}
}

// signIns are the sign-ins at mail providers as the API has them.
type signIns struct{ *App }

var _ mailset.SignIns = signIns{}

func (s signIns) Apps(ctx context.Context, actor account.Actor) (mailset.SignInApps, error) {
	list, err := s.Authorizations.Apps(ctx, actor.WorkspaceID)
	out := mailset.SignInApps{RedirectURL: s.Authorizations.Redirect(), Items: make([]mailset.SignInApp, len(list))}
	for i, app := range list {
		out.Items[i] = mailset.SignInApp{Provider: providerOf(app), Name: app.Name(), ClientID: app.ClientID}
	}
	return out, err
}

const customProvider = "custom"

func providerOf(app oauth.App) string {
	if app.Provider == "" {
		return customProvider
	}
	return app.Provider
}

func who(actor account.Actor) oauth.Who {
	return oauth.Who{AgentID: actor.AgentID, SessionID: actor.SessionID}
}

func (s signIns) Begin(ctx context.Context, actor account.Actor, n mailset.NewAuthorization) (mailset.BegunAuthorization, error) {
	q := oauth.Asking{WorkspaceID: actor.WorkspaceID, Who: who(actor), AuthorizationID: n.AuthorizationID, Address: channel.Fold(n.Address),
		Provider: n.Provider, Tenant: n.Tenant, ClientID: n.ClientID, ClientSecret: n.ClientSecret}
	if n.Provider == customProvider {
		q.Provider = ""
	}
	if c := n.Custom; c != nil {
		q.Own = oauth.Endpoints(*c)
	}
	v, page, err := s.Authorizations.Begin(ctx, q)
	return mailset.BegunAuthorization{AuthorizationID: v.ID, URL: page}, err
}

func (s signIns) Complete(ctx context.Context, actor account.Actor, a mailset.AuthorizationAnswer) (mailset.Authorization, error) {
	v, err := s.Authorizations.Complete(ctx, actor.WorkspaceID, who(actor), oauth.Answer{State: a.State, Code: a.Code, Refusal: a.Error})
	if err != nil {
		return mailset.Authorization{}, err
	}
	return s.shown(ctx, v)
}

func (s signIns) Authorization(ctx context.Context, actor account.Actor, id int64) (mailset.Authorization, error) {
	v, err := s.Authorizations.Of(ctx, actor.WorkspaceID, id)
	if err != nil {
		return mailset.Authorization{}, err
	}
	return s.shown(ctx, v)
}

func (s signIns) shown(ctx context.Context, v oauth.Authorization) (mailset.Authorization, error) {
	out := mailset.Authorization{ID: v.ID, Provider: providerOf(v.App), Name: v.App.Name(), Address: v.Address, IMAPHost: v.App.IMAPHost, SMTPHost: v.App.SMTPHost,
		State: string(v.State), Reason: v.Reason}
	used, err := s.Channels.Authorized(ctx, v.WorkspaceID, v.ID)
	if len(used) > 0 {
		out.InboxID = &used[0].ID
	}
	return out, err
}
