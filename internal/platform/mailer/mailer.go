package mailer

import (
	"context"
	"log/slog"
	"time"

	"rapport/internal/platform/fault"
)

// Letter is ready to be sent: subject and bodies hold no more blanks.
type Letter struct {
	Kind    string // "invitation", "password_reset", "notice", "notification"
	To      string // address
	Name    string // of the reader; may be empty
	Locale  string // the language it is written in
	Subject string
	Text    string
	HTML    string
}

// Sender puts a letter into the outgoing mail of the workspace's chosen inbox.
// queued is false when the workspace has no inbox that can send.
type Sender interface {
	SendSystem(ctx context.Context, workspaceID int64, l Letter) (queued bool, err error)
}

// Reader is whom a letter is for.
type Reader struct {
	Address string
	Name    string
	Locale  string // "en", "ko-KR", …; one we do not have means English
}

// Invitation asks somebody to join a workspace.
type Invitation struct {
	Workspace string
	Inviter   string
	Link      string
	Until     time.Time
}

// Reset lets somebody choose a new password.
type Reset struct {
	Workspace string
	Link      string
	Until     time.Time
}

// Notice tells an administrator what needs a look. Title and Text are in the
// reader's language already; a blank line in Text begins a paragraph.
type Notice struct {
	Workspace string
	Title     string
	Text      string
	Link      string // may be empty
}

// Mailer writes letters and hands them on. With a nil Sender nothing is sent.
type Mailer struct{ sender Sender }

// New returns a mailer that sends through s.
func New(s Sender) *Mailer { return &Mailer{s} }

// Invite sends an invitation. Not queued means that the screen has to show the
// link.
func (m *Mailer) Invite(ctx context.Context, workspaceID int64, to Reader, i Invitation) (queued bool, err error) {
	return m.send(ctx, workspaceID, "invitation", to, blanks{
		Workspace: i.Workspace, Inviter: i.Inviter, Link: i.Link, Until: i.Until,
	})
}

// ResetPassword sends the link for a new password. When it is not queued the
// log names the command that helps.
func (m *Mailer) ResetPassword(ctx context.Context, workspaceID int64, to Reader, r Reset) (queued bool, err error) {
	return m.send(ctx, workspaceID, "password_reset", to, blanks{Workspace: r.Workspace, Link: r.Link, Until: r.Until})
}

// Notify sends a notice to an administrator.
func (m *Mailer) Notify(ctx context.Context, workspaceID int64, to Reader, n Notice) (queued bool, err error) {
	return m.send(ctx, workspaceID, "notice", to, blanks{Workspace: n.Workspace, Title: n.Title, Text: n.Text, Link: n.Link})
}

// Tell sends a teammate what concerns them and was not seen.
func (m *Mailer) Tell(ctx context.Context, workspaceID int64, to Reader, n Notice) (queued bool, err error) {
	return m.send(ctx, workspaceID, "notification", to, blanks{Workspace: n.Workspace, Title: n.Title, Text: n.Text, Link: n.Link})
}

// hints say, for the log, what to do about a letter that was not sent.
var hints = map[string]string{
	"invitation":     "copy the invitation's link from the screen, or add an e-mail inbox",
	"password_reset": "set a new password with: rapport user reset-password",
	"notice":         "add an e-mail inbox to get notices by mail",
	"notification":   "add an e-mail inbox so that teammates are told by mail",
}

func (m *Mailer) send(ctx context.Context, workspaceID int64, kind string, to Reader, b blanks) (queued bool, err error) {
	const op = "mailer.send"
	if m.sender != nil {
		l, err := write(kind, to, b)
		if err != nil {
			return false, fault.Wrap(op, err)
		}
		if queued, err = m.sender.SendSystem(ctx, workspaceID, l); err != nil {
			return false, fault.Wrap(op, err)
		}
	}
	if !queued {
		slog.WarnContext(ctx, "system mail not sent: no inbox can send it", "kind", kind, "workspace_id", workspaceID, "hint", hints[kind])
	}
	return queued, nil
}
