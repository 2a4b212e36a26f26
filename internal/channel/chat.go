package channel

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/channel/hours"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/token"
)

// ChatSettings are how a chat looks, where it may stand and when somebody
// answers. The chat's public name is the address of its inbox.
type ChatSettings struct {
	Brand          string            `json:"brand"`    // #rrggbb; empty: ours
	Position       string            `json:"position"` // end or start
	Greeting       map[string]string `json:"greeting"` // by language; what is missing is said in our own words
	Language       string            `json:"language"` // auto, or one
	AllowedOrigins []string          `json:"allowed_origins"`
	Hours          hours.Hours       `json:"hours"`
	AskEmail       bool              `json:"ask_email"`
	ShowTeam       bool              `json:"show_team"`
	ShowLauncher   bool              `json:"show_launcher"`
	Files          bool              `json:"files"`
	// HasIdentitySecret tells that one is stored, sealed; it signs who a
	// visitor is.
	HasIdentitySecret bool   `json:"has_identity_secret"`
	IdentitySecret    string `json:"-"`
}

// ChatDefaults are what a chat begins with.
func ChatDefaults() ChatSettings {
	return ChatSettings{Position: "end", Language: "auto", AskEmail: true, ShowTeam: true, ShowLauncher: true, Files: true}
}

// ChatChange says what to change of a chat's settings; nil leaves a thing as it
// is.
type ChatChange struct {
	Brand          *string
	Position       *string
	Greeting       *map[string]string
	Language       *string
	AllowedOrigins *[]string
	Hours          *hours.Hours
	AskEmail       *bool
	ShowTeam       *bool
	ShowLauncher   *bool
	Files          *bool
}

func (c ChatChange) apply(to ChatSettings) *ChatSettings {
	set(&to.Brand, c.Brand)
	set(&to.Position, c.Position)
	set(&to.Greeting, c.Greeting)
	set(&to.Language, c.Language)
	set(&to.AllowedOrigins, c.AllowedOrigins)
	set(&to.Hours, c.Hours)
	set(&to.AskEmail, c.AskEmail)
	set(&to.ShowTeam, c.ShowTeam)
	set(&to.ShowLauncher, c.ShowLauncher)
	set(&to.Files, c.Files)
	return &to
}

// NewIdentitySecret makes the key with which the company's own server signs who
// a visitor is, and returns it this once. The one before ends. Admins only.
func (r *Room) NewIdentitySecret(ctx context.Context, actor account.Actor, inboxID int64) (string, error) {
	const op = "channel.NewIdentitySecret"
	if err := r.may(ctx, actor, account.InboxManage, inboxID); err != nil {
		return "", err
	}
	secret, _ := token.New("")
	err := r.store.within(ctx, func(ctx context.Context) error {
		inbox, err := r.store.inbox(ctx, actor.WorkspaceID, inboxID)
		if err != nil {
			return err
		}
		if inbox.Chat == nil {
			return fault.New(op, fault.Conflict, "Only a chat has an identity secret.")
		}
		inbox.Chat.IdentitySecret = secret // of a chat it is all that is sealed
		inbox.Version++
		sealed, err := r.seal(inbox)
		if err != nil {
			return err
		}
		if err := r.store.updateInbox(ctx, inbox, sealed); err != nil {
			return err
		}
		return r.appendInboxChanged(ctx, actor.WorkspaceID, inboxID, actor.Event())
	})
	return secret, fault.Wrap(op, err)
}

// IdentitySecret is the key with which the identities of a chat's visitors are
// signed; "" when there is none.
func (r *Room) IdentitySecret(inbox Inbox) (string, error) {
	inbox, err := r.unseal(inbox)
	if err != nil || inbox.Chat == nil {
		return "", fault.Wrap("channel.IdentitySecret", err)
	}
	return inbox.Chat.IdentitySecret, nil
}

// ChatOrigins are the sites that any chat allows, over all workspaces.
func (r *Room) ChatOrigins(ctx context.Context) ([]string, error) {
	all, err := r.store.allInboxes(ctx, "chat")
	var out []string
	for _, inbox := range all {
		out = append(out, inbox.Chat.AllowedOrigins...)
	}
	return out, fault.Wrap("channel.ChatOrigins", err)
}
