package email

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"rapport/internal/channel"
	"rapport/internal/platform/fault"
)

// Tokens open mailboxes whose provider wants OAuth (oauth.Authorizations).
type Tokens interface {
	// Token returns what opens a mailbox at a server; refused is one that the
	// server did not take, or "".
	Token(ctx context.Context, workspaceID, id int64, host, refused string) (string, error)
}

// withToken tries a server, with a token if it is one for OAuth, and once more
// with a new token when it refuses the first.
func withToken(ctx context.Context, tokens Tokens, workspaceID int64, s channel.Server, try func(channel.Server) error) (err error) {
	if s.AuthorizationID == 0 {
		return try(s)
	}
	if tokens == nil {
		return failed(authorizing, fault.New("email.withToken", fault.Unavailable, ""))
	}
	for range 2 {
		if s.Token, err = tokens.Token(ctx, workspaceID, s.AuthorizationID, s.Host, s.Token); err != nil {
			return failed(authorizing, err)
		}
		if err = try(s); !refusesToken(err) {
			return err
		}
	}
	return err
}

// refusesToken tells a server that does not take a token from one that fails.
func refusesToken(err error) bool {
	var words *imap.Error
	var refusal *smtp.SMTPError
	switch {
	case stageOf(err) != signingIn:
		return false
	case errors.As(err, &words):
		return !serverBusy(err)
	case errors.As(err, &refusal):
		return !refusal.Temporary()
	}
	return false
}

// errNoOAuth: the server takes no tokens.
var errNoOAuth = errors.New("the server offers neither XOAUTH2 nor OAUTHBEARER")

// bearer signs in with a token: as Google and Microsoft have it (XOAUTH2), or as
// the standard has it (RFC 7628).
type bearer struct {
	server    channel.Server
	mechanism string
}

// bearerFor is the way in that a server offers, XOAUTH2 first: it is the one that
// providers look after.
func bearerFor(s channel.Server, offers func(mechanism string) bool) (sasl.Client, error) {
	for _, mechanism := range []string{"XOAUTH2", sasl.OAuthBearer} {
		if offers(mechanism) {
			return bearer{s, mechanism}, nil
		}
	}
	return nil, errNoOAuth
}

var gs2 = strings.NewReplacer("=", "=3D", ",", "=2C")

// Start implements sasl.Client.
func (b bearer) Start() (mechanism string, first []byte, err error) {
	if b.mechanism == sasl.OAuthBearer {
		return b.mechanism, fmt.Appendf(nil, "n,a=%s,\x01host=%s\x01port=%d\x01auth=Bearer %s\x01\x01", gs2.Replace(b.server.Username), b.server.Host, b.server.Port, b.server.Token), nil
	}
	return b.mechanism, fmt.Appendf(nil, "user=%s\x01auth=Bearer %s\x01\x01", b.server.Username, b.server.Token), nil
}

// Next implements sasl.Client: a server that asks on has refused, and says so
// after an answer that means nothing. An empty one would do for Google, but the
// IMAP client writes it in a way that Dovecot does not take.
func (b bearer) Next([]byte) ([]byte, error) { return []byte{1}, nil }

// explainToken finds the words for a server that no token could be had for, or
// that takes none.
func explainToken(s channel.Server, err error) (text, hint string) {
	switch words := fault.MessageOf(err); {
	case errors.Is(err, channel.ErrReconnect):
		return words, "Sign in again under Settings, Inboxes."
	case errors.Is(err, channel.ErrUnreached):
		return "The sign-in could not be renewed: " + words, "Rapport goes on trying."
	case words != "":
		return words, ""
	}
	return s.Host + " cannot be signed in to at the moment.", "Rapport goes on trying."
}
