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
)

// Inbox is one door of the company: an address on a channel.
type Inbox struct {
	ID           int64                 `json:"id"`
	Key          string                `json:"key"`
	Name         string                `json:"name"`
	Channel      string                `json:"channel" enum:"email,chat,form"`
	Address      string                `json:"address"`
	Email        OrNull[EmailSettings] `json:"email" doc:"Only for those who may manage inboxes."`
	Chat         OrNull[chatset.Chat]  `json:"chat"`
	Form         OrNull[formset.Form]  `json:"form"`
	ReplyStatus  string                `json:"reply_status" enum:"pending,open,closed"`
	ReopenDays   int                   `json:"reopen_days"`
	Signature    string                `json:"signature"`
	MemberAgents []int64               `json:"member_agent_ids"`
	MemberTeams  []int64               `json:"member_team_ids"`
	State        string                `json:"state" enum:"ok,trouble"`
	StateMessage string                `json:"state_message" words:"yes"`
	LastFetchAt  *time.Time            `json:"last_fetch_at"`
}

type EmailSettings struct {
	Address string             `json:"address"`
	SMTP    OrNull[MailServer] `json:"smtp"`
	IMAP    OrNull[MailBox]    `json:"imap"`
}

// MailServer is how mail leaves. Passwords never come back.
type MailServer struct {
	Host        string `json:"host"`
	Port        int    `json:"port"`
	Security    string `json:"security" enum:"none,starttls,tls"`
	Username    string `json:"username"`
	HasPassword bool   `json:"has_password"`
}

// MailBox is where mail is fetched.
type MailBox struct {
	Host        string `json:"host"`
	Port        int    `json:"port"`
	Security    string `json:"security" enum:"none,starttls,tls"`
	Username    string `json:"username"`
	HasPassword bool   `json:"has_password"`
	Folder      string `json:"folder"`
	History     string `json:"history" enum:"now,all"`
}

type NewEmailSettings struct {
	Address string         `json:"address" maxLength:"320"`
	SMTP    *NewMailServer `json:"smtp,omitempty"`
	IMAP    *NewMailServer `json:"imap,omitempty"`
}

// NewMailServer leaves a stored password as it is when password is absent.
type NewMailServer struct {
	Host        string  `json:"host" maxLength:"255"`
	Port        int     `json:"port" minimum:"0" maximum:"65535"`
	Security    string  `json:"security" enum:"none,starttls,tls"`
	Username    string  `json:"username,omitempty" maxLength:"320"`
	Password    *string `json:"password,omitempty" maxLength:"1000"`
	Folder      string  `json:"folder,omitempty" maxLength:"255"`
	History     string  `json:"history,omitempty" enum:"now,all" doc:"For a mailbox: take mail from now on (now), or all that is there already (all)."`
	HasPassword bool    `json:"has_password,omitempty" doc:"Ignored: what was read may be sent back."`
}

type NewInbox struct {
	Name    string            `json:"name"`
	Channel string            `json:"channel" enum:"email,chat,form"`
	Email   *NewEmailSettings `json:"email,omitempty"`
	Chat    *chatset.NewChat  `json:"chat,omitempty"`
	Form    *formset.NewForm  `json:"form,omitempty"`
}

type InboxChange struct {
	Name        *string           `json:"name,omitempty"`
	Email       *NewEmailSettings `json:"email,omitempty"`
	Chat        *chatset.NewChat  `json:"chat,omitempty"`
	Form        *formset.NewForm  `json:"form,omitempty"`
	ReplyStatus *string           `json:"reply_status,omitempty" enum:"pending,open,closed"`
	ReopenDays  *int              `json:"reopen_days,omitempty" minimum:"0" maximum:"3650"`
	Signature   *string           `json:"signature,omitempty"`
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
	add(s, route{method: "GET", path: "/inboxes", id: "list-inboxes", summary: "The inboxes in my sight", tag: tag}, s.inboxes)
	add(s, route{method: "POST", path: "/inboxes", id: "create-inbox", summary: "Make an inbox", tag: tag, status: 201, makes: true}, s.createInbox)
	add(s, route{method: "POST", path: "/inboxes/test", id: "test-inbox", summary: "Try the settings of an inbox", tag: tag}, s.testInbox)
	add(s, route{method: "POST", path: "/form-previews", id: "preview-form", summary: "A form as its visitors would see it", tag: tag}, s.previewForm)
	add(s, route{method: "GET", path: "/inboxes/{id}", id: "read-inbox", summary: "One inbox", tag: tag}, s.inbox)
	add(s, route{method: "PATCH", path: "/inboxes/{id}", id: "change-inbox", summary: "Change an inbox", tag: tag}, s.changeInbox)
	add(s, route{method: "DELETE", path: "/inboxes/{id}", id: "delete-inbox", summary: "Delete an inbox", tag: tag}, s.deleteInbox)
	add(s, route{method: "POST", path: "/inboxes/{id}/identity-secret", id: "make-identity-secret", summary: "Make the secret that signs who a chat's visitors are", tag: tag, status: 201}, s.makeIdentitySecret)
	add(s, route{method: "GET", path: "/inboxes/{id}/installation", id: "read-installation", summary: "Where a chat's widget was seen", tag: tag}, s.installation)
	add(s, route{method: "GET", path: "/inboxes/{id}/members", id: "read-inbox-members", summary: "Who sees an inbox", tag: tag}, s.inboxMembers)
	add(s, route{method: "PUT", path: "/inboxes/{id}/members", id: "set-inbox-members", summary: "Set who sees an inbox", tag: tag}, s.setInboxMembers)
}

// inboxOf is an inbox as the caller may see it: servers are for those who
// manage them.
func (s *Server) inboxOf(ctx context.Context, v channel.Inbox) (Inbox, error) {
	actor := gate.Actor(ctx)
	members, err := s.Accounts.InboxMembers(ctx, actor.WorkspaceID, v.ID)
	out := Inbox{
		ID: v.ID, Key: v.Key, Name: v.Name, Channel: v.Channel, Address: v.Address, ReplyStatus: v.ReplyStatus, ReopenDays: v.ReopenDays, Signature: v.Signature,
		MemberAgents: filled(members.AgentIDs), MemberTeams: filled(members.TeamIDs), State: v.State, StateMessage: v.StateText, LastFetchAt: timeOrNull(v.LastFetchAt),
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
		out.SMTP.Value = &MailServer{m.Host, m.Port, m.Security, m.Username, m.HasPassword}
	}
	if m := v.Email.IMAP; m != nil {
		out.IMAP.Value = &MailBox{m.Host, m.Port, m.Security, m.Username, m.HasPassword, m.Folder, cmp.Or(m.History, "now")}
	}
	return out
}

// server is what a caller says about a mail server; a password left out keeps
// the stored one.
func (n *NewMailServer) server() *channel.Server {
	if n == nil {
		return nil
	}
	return &channel.Server{Host: n.Host, Port: n.Port, Security: n.Security, Username: n.Username, Password: value(n.Password), Folder: n.Folder, History: n.History}
}

func (n *NewEmailSettings) settings() *channel.EmailSettings {
	if n == nil {
		return nil
	}
	return &channel.EmailSettings{SMTP: n.SMTP.server(), IMAP: n.IMAP.server()}
}

// inboxAnswer turns what a verb returns into an answer.
func (s *Server) inboxAnswer(ctx context.Context) func(channel.Inbox, error) (*Body[Inbox], error) {
	return func(v channel.Inbox, err error) (*Body[Inbox], error) {
		if err != nil {
			return nil, err
		}
		out, err := s.inboxOf(ctx, v)
		return &Body[Inbox]{out}, err
	}
}

func (s *Server) inboxes(ctx context.Context, _ *None) (*Body[Page[Inbox]], error) {
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
	return whole(out), nil
}

func (s *Server) createInbox(ctx context.Context, in *With[NewInbox]) (*Body[Inbox], error) {
	b := in.Body
	return s.inboxAnswer(ctx)(s.Channels.CreateInbox(ctx, gate.Actor(ctx), channel.NewInbox{
		Name: b.Name, Channel: b.Channel, Address: value(b.Email).Address, Email: b.Email.settings(),
		Chat: b.Chat.Change(), Form: b.Form.Settings(), MailInboxID: cmp.Or(value(b.Chat.MailInbox()), value(b.Form.MailInbox())),
	}))
}

func (s *Server) inbox(ctx context.Context, in *ByID) (*Body[Inbox], error) {
	return s.inboxAnswer(ctx)(s.Channels.Inbox(ctx, gate.Actor(ctx), in.ID))
}

func (s *Server) changeInbox(ctx context.Context, in *On[InboxChange]) (*Body[Inbox], error) {
	b := in.Body
	c := channel.InboxChange{Name: b.Name, Email: b.Email.settings(), Chat: b.Chat.Change(), Form: b.Form.Settings(),
		MailInboxID: cmp.Or(b.Chat.MailInbox(), b.Form.MailInbox()), ReplyStatus: b.ReplyStatus, ReopenDays: b.ReopenDays, Signature: b.Signature}
	if b.Email != nil {
		c.Address = &b.Email.Address
	}
	return s.inboxAnswer(ctx)(s.Channels.ChangeInbox(ctx, gate.Actor(ctx), in.ID, c))
}

func (s *Server) deleteInbox(ctx context.Context, in *ByID) (*None, error) {
	return nil, s.Channels.DeleteInbox(ctx, gate.Actor(ctx), in.ID)
}

func (s *Server) testInbox(ctx context.Context, in *With[InboxTest]) (*Body[InboxTestResult], error) {
	b := in.Body
	checks, err := s.Channels.TestInbox(ctx, gate.Actor(ctx), value(b.InboxID), channel.NewInbox{
		Name: "test", Channel: "email", Address: b.Email.Address, Email: b.Email.settings(),
	})
	return &Body[InboxTestResult]{InboxTestResult{each(checks, func(c channel.Check) ConnectionCheck { return ConnectionCheck(c) })}}, err
}

func (s *Server) previewForm(ctx context.Context, in *With[formset.FormPreview]) (*Body[formset.FormPreviewPage], error) {
	if err := s.allow(ctx, account.InboxManage); err != nil {
		return nil, err
	}
	b := in.Body
	html, err := s.FormPreview(ctx, gate.Actor(ctx).WorkspaceID, FormPreview{Form: *b.Form.Settings(), Language: b.Language, Theme: b.Theme, Embed: b.Embed})
	return &Body[formset.FormPreviewPage]{formset.FormPreviewPage{HTML: html}}, err
}

// FormPreview is a form that is being made.
type FormPreview struct {
	Form            channel.FormSettings
	Language, Theme string
	Embed           bool
}

func (s *Server) makeIdentitySecret(ctx context.Context, in *ByID) (*Body[chatset.IdentitySecret], error) {
	secret, err := s.Channels.NewIdentitySecret(ctx, gate.Actor(ctx), in.ID)
	return &Body[chatset.IdentitySecret]{chatset.IdentitySecret{Secret: secret}}, err
}

func (s *Server) installation(ctx context.Context, in *ByID) (*Body[chatset.Installation], error) {
	if err := s.Accounts.Allow(ctx, gate.Actor(ctx), account.InboxManage, in.ID); err != nil {
		return nil, err
	}
	v, err := s.Visitors.Installation(ctx, gate.Actor(ctx), in.ID)
	return &Body[chatset.Installation]{chatset.InstallationOf(v)}, err
}

func (s *Server) inboxMembers(ctx context.Context, in *ByID) (*Body[Members], error) {
	actor := gate.Actor(ctx)
	if _, err := s.Channels.Inbox(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	m, err := s.Accounts.InboxMembers(ctx, actor.WorkspaceID, in.ID)
	return &Body[Members]{Members{filled(m.AgentIDs), filled(m.TeamIDs)}}, err
}

func (s *Server) setInboxMembers(ctx context.Context, in *On[NewMembers]) (*Body[Members], error) {
	actor := gate.Actor(ctx)
	if _, err := s.Channels.Inbox(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	if err := s.Accounts.SetInboxMembers(ctx, actor, in.ID, account.InboxMembers(in.Body)); err != nil {
		return nil, err
	}
	return s.inboxMembers(ctx, &in.ByID)
}
