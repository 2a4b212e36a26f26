package account

import (
	"context"
	"time"

	"rapport/internal/platform/fault"
)

const (
	resetPrefix = "rpw_"
	resetTime   = time.Hour
)

// ChangePassword sets the agent's own password and ends its other sessions. A
// wrong current password is Invalid and counts like a failed sign-in.
func (r *Room) ChangePassword(ctx context.Context, actor Actor, current, next string) error {
	const op = "account.ChangePassword"
	login, err := r.own(ctx, actor)
	if err != nil {
		return fault.Wrap(op, err)
	}
	f := form{op: op}
	f.password("new", next, login.email, login.name)
	if err := f.err(); err != nil {
		return err
	}
	if err := r.checkPassword(ctx, op, login, "current", current); err != nil {
		return err
	}
	hash, err := r.hasher.Hash(ctx, next)
	if err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, r.store.within(ctx, func(ctx context.Context) error {
		return r.setPassword(ctx, actor, login, hash, actor.SessionID)
	}))
}

// own is the login of an agent that acts for itself.
func (r *Room) own(ctx context.Context, actor Actor) (login, error) {
	if err := may(actor, ProfileEdit); err != nil {
		return login{}, err
	}
	return r.store.loginOf(ctx, actor.WorkspaceID, actor.AgentID)
}

// checkPassword asks for the password once more before something weighty.
func (r *Room) checkPassword(ctx context.Context, op string, l login, path, password string) error {
	address := addressGate(l.emailKey)
	if err := r.attempt(ctx, op, address); err != nil {
		return fault.Wrap(op, err)
	}
	ok, err := r.hasher.Verify(ctx, l.password, password)
	if err != nil {
		return fault.Wrap(op, err)
	}
	if !ok {
		return fault.InvalidField(op, path, "This is not your current password.")
	}
	return fault.Wrap(op, r.store.clearTally(ctx, address.key))
}

// setPassword stores a new password and ends what the old one had opened, but
// the session keep, in the transaction of ctx.
func (r *Room) setPassword(ctx context.Context, actor Actor, l login, hash string, keep int64) error {
	if err := r.store.setPassword(ctx, l.id, hash); err != nil {
		return err
	}
	if err := r.store.deleteLinks(ctx, l.agentID, linkReset); err != nil {
		return err
	}
	if err := r.endSessions(ctx, actor, l.id, l.agentID, keep); err != nil {
		return err
	}
	r.refresh(ctx)
	return r.announce(ctx, actor, EventAgentChanged, details{AgentID: l.agentID, What: "password"})
}

// ForgotPassword mails a link that sets a new password, once and within an
// hour, if the address is an active agent's. The caller learns nothing.
func (r *Room) ForgotPassword(ctx context.Context, email string, from Client) {
	const op = "account.ForgotPassword"
	key, _ := foldEmail(email)
	err := r.attempt(ctx, op, resetGates(key, from.IP)...)
	if err == nil {
		err = r.store.within(ctx, func(ctx context.Context) error { return r.sendReset(ctx, key) })
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		r.warn(ctx, "account: a forgotten password could not be helped", "error", err)
	}
}

func (r *Room) sendReset(ctx context.Context, emailKey string) error {
	l, err := r.store.loginByEmail(ctx, emailKey)
	if err != nil || l.state != Active {
		return err
	}
	a, w, err := r.agentAndWorkspace(ctx, l.workspaceID, l.agentID)
	if err != nil {
		return err
	}
	plain, err := r.replaceLink(ctx, linkReset, resetPrefix, a, resetTime)
	if err != nil {
		return err
	}
	sent, err := r.mailer.Send(ctx, w.ID, l.email, LetterReset, letterData(plain, a, w))
	if err == nil && !sent {
		r.warn(ctx, "account: no inbox can send the mail for a forgotten password; `rapport user reset-password` sets a new one", "agent_id", a.ID)
	}
	return err
}

// ResetPassword sets a password by the link of ForgotPassword and ends all
// sessions of the login.
func (r *Room) ResetPassword(ctx context.Context, plain, password string) error {
	const op = "account.ResetPassword"
	l, err := r.link(ctx, op, linkReset, resetPrefix, plain)
	if err != nil {
		return err
	}
	login, err := r.store.loginOf(ctx, l.workspaceID, l.agentID)
	if err != nil {
		return fault.Wrap(op, err)
	}
	f := form{op: op}
	f.password("password", password, login.email, login.name)
	if err := f.err(); err != nil {
		return err
	}
	hash, err := r.hasher.Hash(ctx, password)
	if err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, r.store.within(ctx, func(ctx context.Context) error {
		if err := r.useLink(ctx, op, l); err != nil {
			return err
		}
		if err := r.store.clearTally(ctx, addressGate(login.emailKey).key); err != nil {
			return err
		}
		return r.setPassword(ctx, System(l.workspaceID), login, hash, 0)
	}))
}

// ResetPasswordDirect sets a password for whoever runs commands on the
// machine. It also turns the second step off, since a lost phone is the other
// half of being locked out, and ends all sessions.
func (r *Room) ResetPasswordDirect(ctx context.Context, email, password string) error {
	const op = "account.ResetPasswordDirect"
	f := form{op: op}
	f.passwordLength("password", password)
	if err := f.err(); err != nil {
		return err
	}
	login, err := r.known(ctx, op, email)
	if err != nil {
		return err
	}
	hash, err := r.hasher.Hash(ctx, password)
	if err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, r.store.within(ctx, func(ctx context.Context) error {
		if err := r.store.clearTOTP(ctx, login.id); err != nil {
			return err
		}
		if err := r.store.clearTally(ctx, addressGate(login.emailKey).key); err != nil {
			return err
		}
		return r.setPassword(ctx, System(login.workspaceID), login, hash, 0)
	}))
}

// known finds the login of an active agent for a command on the machine, which
// may know who is there.
func (r *Room) known(ctx context.Context, op, email string) (login, error) {
	key, _ := foldEmail(email)
	l, err := r.store.loginByEmail(ctx, key)
	if fault.Is(err, fault.NotFound) || err == nil && l.state != Active {
		return login{}, fault.Newf(op, fault.NotFound, "No active agent has the address %q.", email)
	}
	return l, fault.Wrap(op, err)
}
