package mailset

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
	"rapport/internal/platform/fault"
)

// SignIns are the sign-ins at providers that want OAuth; app joins them to the
// mail channel. An actor who asks may manage inboxes.
type SignIns interface {
	// Apps lists what the company has registered, and the address to register
	// it with.
	Apps(ctx context.Context, actor account.Actor) (SignInApps, error)
	Begin(ctx context.Context, actor account.Actor, n NewAuthorization) (BegunAuthorization, error)
	Complete(ctx context.Context, actor account.Actor, a AuthorizationAnswer) (Authorization, error)
	Authorization(ctx context.Context, actor account.Actor, id int64) (Authorization, error)
}

func (s *Server) registerAuthorizations(list *operation.List) {
	const tag = "Inboxes"
	operation.Add(list, operation.Route{Method: "POST", Path: "/mail-authorizations", ID: "begin-mail-authorization", Summary: "Set out to sign in at a mailbox's provider (OAuth)", Tag: tag, Status: 201}, signedIn(s, begin))
	operation.Add(list, operation.Route{Method: "POST", Path: "/mail-authorizations/completion", ID: "complete-mail-authorization", Summary: "Come back from a mailbox's provider", Tag: tag}, signedIn(s, complete))
	operation.Add(list, operation.Route{Method: "GET", Path: "/mail-authorizations/apps", ID: "list-mail-apps", Summary: "The apps of the company at mail providers", Tag: tag}, signedIn(s, listApps))
	operation.Add(list, operation.Route{Method: "GET", Path: "/mail-authorizations/{id}", ID: "read-mail-authorization", Summary: "One sign-in at a mailbox's provider", Tag: tag}, signedIn(s, read))
}

type NewAuthorization struct {
	AuthorizationID int64           `json:"authorization_id,omitempty" doc:"Signs in again for this one; then only client_id and client_secret count beside it."`
	Address         string          `json:"address,omitempty" maxLength:"320"`
	Provider        string          `json:"provider,omitempty" enum:"google,microsoft,custom"`
	Tenant          string          `json:"tenant,omitempty" maxLength:"200" doc:"Of Microsoft: the directory of a company; any when empty."`
	ClientID        string          `json:"client_id,omitempty" maxLength:"500" doc:"Of the company's app at the provider; as stored when empty."`
	ClientSecret    string          `json:"client_secret,omitempty" maxLength:"1000" doc:"As stored when empty. It never comes back."`
	Custom          *CustomProvider `json:"custom,omitempty"`
}

// CustomProvider is one that Rapport does not know. Its tokens go to these mail
// servers alone.
type CustomProvider struct {
	AuthorizeURL string `json:"authorize_url" maxLength:"1000"`
	TokenURL     string `json:"token_url" maxLength:"1000"`
	RevokeURL    string `json:"revoke_url,omitempty" maxLength:"1000" doc:"Where tokens that nobody needs any more are taken back (RFC 7009), on the host of token_url; nowhere when empty."`
	Scope        string `json:"scope" maxLength:"1000"`
	IMAPHost     string `json:"imap_host" maxLength:"255"`
	SMTPHost     string `json:"smtp_host" maxLength:"255"`
}

type BegunAuthorization struct {
	AuthorizationID int64  `json:"authorization_id"`
	URL             string `json:"url" doc:"The provider's page, to be opened in the browser of whoever asked, within 15 minutes."`
}

// AuthorizationAnswer is what the provider has put into the address that the
// browser came back to.
type AuthorizationAnswer struct {
	State string `json:"state" maxLength:"200"`
	Code  string `json:"code,omitempty" maxLength:"4000"`
	Error string `json:"error,omitempty" maxLength:"200"`
}

// Authorization is a sign-in at a provider, without its tokens.
type Authorization struct {
	ID       int64  `json:"id"`
	Provider string `json:"provider" enum:"google,microsoft,custom"`
	Name     string `json:"name" doc:"Whom one signs in with."`
	Address  string `json:"address"`
	IMAPHost string `json:"imap_host"`
	SMTPHost string `json:"smtp_host"`
	State    string `json:"state" enum:"asked,given,lost"`
	Reason   string `json:"reason" words:"yes" doc:"Why it was lost."`
	InboxID  *int64 `json:"inbox_id" doc:"The inbox that uses it."`
}

type SignInApps struct {
	RedirectURL string      `json:"redirect_url" doc:"The address to register an app with."`
	Items       []SignInApp `json:"items"`
}

// SignInApp is what the company has registered at a provider.
type SignInApp struct {
	Provider string `json:"provider" enum:"google,microsoft,custom"`
	Name     string `json:"name"`
	ClientID string `json:"client_id"`
}

// signedIn makes the handler of a verb of SignIns: who asks manages inboxes, and
// there is somebody to ask.
func signedIn[In, Out any](s *Server, verb func(context.Context, SignIns, account.Actor, *In) (Out, error)) func(context.Context, *In) (*shape.Body[Out], error) {
	return func(ctx context.Context, in *In) (*shape.Body[Out], error) {
		actor := gate.Actor(ctx)
		if err := s.Accounts.Allow(ctx, actor, account.InboxManage, 0); err != nil {
			return nil, err
		}
		if s.SignIns == nil {
			return nil, fault.New("mailset.signedIn", fault.Unavailable, "")
		}
		v, err := verb(ctx, s.SignIns, actor, in)
		return shape.One(v), err
	}
}

func begin(ctx context.Context, signIns SignIns, actor account.Actor, in *shape.With[NewAuthorization]) (BegunAuthorization, error) {
	return signIns.Begin(ctx, actor, in.Body)
}

func complete(ctx context.Context, signIns SignIns, actor account.Actor, in *shape.With[AuthorizationAnswer]) (Authorization, error) {
	return signIns.Complete(ctx, actor, in.Body)
}

func listApps(ctx context.Context, signIns SignIns, actor account.Actor, _ *shape.None) (SignInApps, error) {
	return signIns.Apps(ctx, actor)
}

func read(ctx context.Context, signIns SignIns, actor account.Actor, in *shape.ByID) (Authorization, error) {
	return signIns.Authorization(ctx, actor, in.ID)
}
