package httpapi

import (
	"cmp"
	"context"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/httpapi/chatset"
	"rapport/internal/httpapi/formset"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
)

// Inbox is one door of the company: an address on a channel.
type Inbox struct {
	ID            int64                       `json:"id"`
	Key           string                      `json:"key"`
	Name          string                      `json:"name"`
	Channel       string                      `json:"channel" enum:"email,chat,form"`
	Address       string                      `json:"address"`
	Email         shape.OrNull[EmailSettings] `json:"email" doc:"Only for those who may manage inboxes."`
	Chat          shape.OrNull[chatset.Chat]  `json:"chat"`
	Form          shape.OrNull[formset.Form]  `json:"form"`
	ReplyStatus   string                      `json:"reply_status" enum:"pending,open,closed"`
	ReopenDays    int                         `json:"reopen_days"`
	Signature     string                      `json:"signature" doc:"In plain words, without its pictures."`
	SignatureHTML string                      `json:"signature_html" doc:"Empty when it has no looks."`
	Template      string                      `json:"template" doc:"Around the words of an answer, which stand at {{message}}."`
	TemplateHTML  string                      `json:"template_html"`
	Pictures      []Picture                   `json:"pictures" doc:"What signature_html and template_html show."`
	MemberAgents  []int64                     `json:"member_agent_ids"`
	MemberTeams   []int64                     `json:"member_team_ids"`
	State         string                      `json:"state" enum:"ok,trouble,reconnect" doc:"reconnect: the provider no longer lets Rapport into the mailbox until somebody signs in again."`
	StateMessage  string                      `json:"state_message" words:"yes"`
	LastFetchAt   *time.Time                  `json:"last_fetch_at"`
}

type EmailSettings struct {
	Address string                   `json:"address"`
	SMTP    shape.OrNull[MailServer] `json:"smtp"`
	IMAP    shape.OrNull[MailBox]    `json:"imap"`
}

// MailServer is how mail leaves. Passwords never come back.
type MailServer struct {
	Host          string `json:"host"`
	Port          int    `json:"port"`
	Security      string `json:"security" enum:"none,starttls,tls"`
	Username      string `json:"username"`
	HasPassword   bool   `json:"has_password"`
	Authorization int64  `json:"authorization_id,omitempty" doc:"The sign-in at the provider that stands in place of a password."`
}

// MailBox is where mail is fetched.
type MailBox struct {
	Host          string `json:"host"`
	Port          int    `json:"port"`
	Security      string `json:"security" enum:"none,starttls,tls"`
	Username      string `json:"username"`
	HasPassword   bool   `json:"has_password"`
	Folder        string `json:"folder"`
	History       string `json:"history" enum:"now,all"`
	Authorization int64  `json:"authorization_id,omitempty" doc:"The sign-in at the provider that stands in place of a password."`
}

type NewEmailSettings struct {
	Address string         `json:"address" maxLength:"320"`
	SMTP    *NewMailServer `json:"smtp,omitempty"`
	IMAP    *NewMailServer `json:"imap,omitempty"`
}

// NewMailServer leaves a stored password as it is when password is absent.
type NewMailServer struct {
	Host          string  `json:"host" maxLength:"255"`
	Port          int     `json:"port" minimum:"0" maximum:"65535"`
	Security      string  `json:"security" enum:"none,starttls,tls"`
	Username      string  `json:"username,omitempty" maxLength:"320"`
	Password      *string `json:"password,omitempty" maxLength:"1000"`
	Folder        string  `json:"folder,omitempty" maxLength:"255"`
	History       string  `json:"history,omitempty" enum:"now,all" doc:"For a mailbox: take mail from now on (now), or all that is there already (all)."`
	HasPassword   bool    `json:"has_password,omitempty" doc:"Ignored: what was read may be sent back."`
	Authorization int64   `json:"authorization_id,omitempty" doc:"Signs in with this in place of a password."`
}

type NewInbox struct {
	Name    string            `json:"name"`
	Channel string            `json:"channel" enum:"email,chat,form"`
	Email   *NewEmailSettings `json:"email,omitempty"`
	Chat    *chatset.NewChat  `json:"chat,omitempty"`
	Form    *formset.NewForm  `json:"form,omitempty"`
}

type InboxChange struct {
	Name          *string           `json:"name,omitempty"`
	Email         *NewEmailSettings `json:"email,omitempty"`
	Chat          *chatset.NewChat  `json:"chat,omitempty"`
	Form          *formset.NewForm  `json:"form,omitempty"`
	ReplyStatus   *string           `json:"reply_status,omitempty" enum:"pending,open,closed"`
	ReopenDays    *int              `json:"reopen_days,omitempty" minimum:"0" maximum:"3650"`
	Signature     *string           `json:"signature,omitempty" doc:"Counts when there is no signature_html."`
	SignatureHTML *string           `json:"signature_html,omitempty" doc:"With pictures that the caller has uploaded as attachments: <img src=\"cid:file-7@rapport\"> is attachment 7."`
	Template      *string           `json:"template,omitempty"`
	TemplateHTML  *string           `json:"template_html,omitempty"`
}

type Members struct {
	AgentIDs []int64 `json:"agent_ids" maxItems:"10000"`
	TeamIDs  []int64 `json:"team_ids" maxItems:"10000"`
}

type NewMembers struct {
	AgentIDs []int64 `json:"agent_ids,omitempty" maxItems:"10000"`
	TeamIDs  []int64 `json:"team_ids,omitempty" maxItems:"10000"`
}

type InboxTest struct {
	Email   NewEmailSettings `json:"email"`
	InboxID *int64           `json:"inbox_id,omitempty" doc:"Keeps the stored passwords of this inbox."`
}

type InboxTestResult struct {
	Checks []ConnectionCheck `json:"checks"`
}

type ConnectionCheck struct {
	Name    string `json:"name" enum:"smtp,imap,address"`
	State   string `json:"state" enum:"ok,warning,failed"`
	Message string `json:"message" words:"yes"`
	Hint    string `json:"hint,omitempty" words:"yes"`
}

func (s *Server) inboxRoutes() {
	const tag = "Inboxes"
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/inboxes", ID: "list-inboxes", Summary: "The inboxes in my sight", Tag: tag}, s.inboxes)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: "/inboxes", ID: "create-inbox", Summary: "Make an inbox", Tag: tag, Status: 201, Makes: true}, s.createInbox)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: "/inboxes/test", ID: "test-inbox", Summary: "Try the settings of an inbox", Tag: tag}, s.testInbox)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: "/form-previews", ID: "preview-form", Summary: "A form as its visitors would see it", Tag: tag}, s.previewForm)
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/inboxes/{id}", ID: "read-inbox", Summary: "One inbox", Tag: tag}, s.inbox)
	operation.Add(s.operations, operation.Route{Method: "PATCH", Path: "/inboxes/{id}", ID: "change-inbox", Summary: "Change an inbox", Tag: tag}, s.changeInbox)
	operation.Add(s.operations, operation.Route{Method: "DELETE", Path: "/inboxes/{id}", ID: "delete-inbox", Summary: "Delete an inbox", Tag: tag}, s.deleteInbox)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: "/inboxes/{id}/identity-secret", ID: "make-identity-secret", Summary: "Make the secret that signs who a chat's visitors are", Tag: tag, Status: 201}, s.makeIdentitySecret)
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/inboxes/{id}/installation", ID: "read-installation", Summary: "Where a chat's widget was seen", Tag: tag}, s.installation)
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/inboxes/{id}/members", ID: "read-inbox-members", Summary: "Who sees an inbox", Tag: tag}, s.inboxMembers)
	operation.Add(s.operations, operation.Route{Method: "PUT", Path: "/inboxes/{id}/members", ID: "set-inbox-members", Summary: "Set who sees an inbox", Tag: tag}, s.setInboxMembers)
}

// inboxOf is an inbox as the caller may see it: servers are for those who
// manage them.
func (s *Server) inboxOf(ctx context.Context, v channel.Inbox) (Inbox, error) {
	actor := gate.Actor(ctx)
	members, err := s.Accounts.InboxMembers(ctx, actor.WorkspaceID, v.ID)
	out := Inbox{
		ID: v.ID, Key: v.Key, Name: v.Name, Channel: v.Channel, Address: v.Address, ReplyStatus: v.ReplyStatus, ReopenDays: v.ReopenDays, Signature: v.Signature.Plain, SignatureHTML: v.Signature.HTML,
		Template: v.Template.Plain, TemplateHTML: v.Template.HTML, Pictures: s.picturesIn(v.WorkspaceID, v.Signature, v.Template),
		MemberAgents: shape.Filled(members.AgentIDs), MemberTeams: shape.Filled(members.TeamIDs), State: v.State, StateMessage: v.StateText, LastFetchAt: shape.TimeOrNull(v.LastFetchAt),
	}
	out.Chat.Value, out.Form.Value = chatset.Of(v), formset.Of(v)
	if v.Email != nil && s.allow(ctx, account.InboxManage) == nil {
		out.Email.Value = emailOf(v)
	}
	return out, err
}

// allow asks whether the caller may do something to the workspace as a whole.
func (s *Server) allow(ctx context.Context, action account.Action) error {
	return s.Accounts.Allow(ctx, gate.Actor(ctx), action, 0)
}

func emailOf(v channel.Inbox) *EmailSettings {
	out := &EmailSettings{Address: v.Address}
	if m := v.Email.SMTP; m != nil {
		out.SMTP.Value = &MailServer{m.Host, m.Port, m.Security, m.Username, m.HasPassword, m.AuthorizationID}
	}
	if m := v.Email.IMAP; m != nil {
		out.IMAP.Value = &MailBox{m.Host, m.Port, m.Security, m.Username, m.HasPassword, m.Folder, cmp.Or(m.History, "now"), m.AuthorizationID}
	}
	return out
}

// server is what a caller says about a mail server; a password left out keeps
// the stored one.
func (n *NewMailServer) server() *channel.Server {
	if n == nil {
		return nil
	}
	return &channel.Server{Host: n.Host, Port: n.Port, Security: n.Security, Username: n.Username, Password: shape.Value(n.Password), Folder: n.Folder, History: n.History, AuthorizationID: n.Authorization}
}

func (n *NewEmailSettings) settings() *channel.EmailSettings {
	if n == nil {
		return nil
	}
	return &channel.EmailSettings{SMTP: n.SMTP.server(), IMAP: n.IMAP.server()}
}

// inboxAnswer turns what a verb returns into an answer.
func (s *Server) inboxAnswer(ctx context.Context) func(channel.Inbox, error) (*shape.Body[Inbox], error) {
	return func(v channel.Inbox, err error) (*shape.Body[Inbox], error) {
		if err != nil {
			return nil, err
		}
		out, err := s.inboxOf(ctx, v)
		return shape.One(out), err
	}
}

func (s *Server) inboxes(ctx context.Context, _ *shape.None) (*shape.Body[shape.Page[Inbox]], error) {
	all, err := s.Channels.Inboxes(ctx, gate.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := make([]Inbox, len(all))
	for i, v := range all {
		if out[i], err = s.inboxOf(ctx, v); err != nil {
			return nil, err
		}
	}
	return shape.Whole(out), nil
}

func (s *Server) createInbox(ctx context.Context, in *shape.With[NewInbox]) (*shape.Body[Inbox], error) {
	b := in.Body
	return s.inboxAnswer(ctx)(s.Channels.CreateInbox(ctx, gate.Actor(ctx), channel.NewInbox{
		Name: b.Name, Channel: b.Channel, Address: shape.Value(b.Email).Address, Email: b.Email.settings(),
		Chat: b.Chat.Change(), Form: b.Form.Settings(), MailInboxID: cmp.Or(shape.Value(b.Chat.MailInbox()), shape.Value(b.Form.MailInbox())),
	}))
}

func (s *Server) inbox(ctx context.Context, in *shape.ByID) (*shape.Body[Inbox], error) {
	return s.inboxAnswer(ctx)(s.Channels.Inbox(ctx, gate.Actor(ctx), in.ID))
}

func (s *Server) changeInbox(ctx context.Context, in *shape.On[InboxChange]) (*shape.Body[Inbox], error) {
	b := in.Body
	c := channel.InboxChange{Name: b.Name, Email: b.Email.settings(), Chat: b.Chat.Change(), Form: b.Form.Settings(),
		MailInboxID: cmp.Or(b.Chat.MailInbox(), b.Form.MailInbox()), ReplyStatus: b.ReplyStatus, ReopenDays: b.ReopenDays, Signature: richOf(b.Signature, b.SignatureHTML), Template: richOf(b.Template, b.TemplateHTML)}
	if b.Email != nil {
		c.Address = &b.Email.Address
	}
	return s.inboxAnswer(ctx)(s.Channels.ChangeInbox(ctx, gate.Actor(ctx), in.ID, c))
}

func (s *Server) deleteInbox(ctx context.Context, in *shape.ByID) (*shape.None, error) {
	return nil, s.Channels.DeleteInbox(ctx, gate.Actor(ctx), in.ID)
}

func (s *Server) testInbox(ctx context.Context, in *shape.With[InboxTest]) (*shape.Body[InboxTestResult], error) {
	b := in.Body
	checks, err := s.Channels.TestInbox(ctx, gate.Actor(ctx), shape.Value(b.InboxID), channel.NewInbox{
		Name: "test", Channel: "email", Address: b.Email.Address, Email: b.Email.settings(),
	})
	return shape.One(InboxTestResult{shape.Each(checks, func(c channel.Check) ConnectionCheck { return ConnectionCheck(c) })}), err
}

func (s *Server) previewForm(ctx context.Context, in *shape.With[formset.FormPreview]) (*shape.Body[formset.FormPreviewPage], error) {
	if err := s.allow(ctx, account.InboxManage); err != nil {
		return nil, err
	}
	b := in.Body
	html, err := s.FormPreview(ctx, gate.Actor(ctx).WorkspaceID, FormPreview{Form: *b.Form.Settings(), Language: b.Language, Theme: b.Theme, Embed: b.Embed})
	return shape.One(formset.FormPreviewPage{HTML: html}), err
}

// FormPreview is a form that is being made.
type FormPreview struct {
	Form            channel.FormSettings
	Language, Theme string
	Embed           bool
}

func (s *Server) makeIdentitySecret(ctx context.Context, in *shape.ByID) (*shape.Body[chatset.IdentitySecret], error) {
	secret, err := s.Channels.NewIdentitySecret(ctx, gate.Actor(ctx), in.ID)
	return shape.One(chatset.IdentitySecret{Secret: secret}), err
}

func (s *Server) installation(ctx context.Context, in *shape.ByID) (*shape.Body[chatset.Installation], error) {
	if err := s.Accounts.Allow(ctx, gate.Actor(ctx), account.InboxManage, in.ID); err != nil {
		return nil, err
	}
	v, err := s.Visitors.Installation(ctx, gate.Actor(ctx), in.ID)
	return shape.One(chatset.InstallationOf(v)), err
}

func (s *Server) inboxMembers(ctx context.Context, in *shape.ByID) (*shape.Body[Members], error) {
	actor := gate.Actor(ctx)
	if _, err := s.Channels.Inbox(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	m, err := s.Accounts.InboxMembers(ctx, actor.WorkspaceID, in.ID)
	return shape.One(Members{shape.Filled(m.AgentIDs), shape.Filled(m.TeamIDs)}), err
}

func (s *Server) setInboxMembers(ctx context.Context, in *shape.On[NewMembers]) (*shape.Body[Members], error) {
	actor := gate.Actor(ctx)
	if _, err := s.Channels.Inbox(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	if err := s.Accounts.SetInboxMembers(ctx, actor, in.ID, account.InboxMembers(in.Body)); err != nil {
		return nil, err
	}
	return s.inboxMembers(ctx, &in.ByID)
}
