package account

import (
	"context"

	"rapport/internal/account/proof"
	"rapport/internal/platform/fault"
)

// Sealed secrets are bound to this table and the login's id.
const totpTable = "logins"

// TOTPStart is what an authenticator app needs: the secret to type, or the
// address to show as a QR code.
type TOTPStart struct{ Secret, URI string }

// BeginTOTP makes the secret of a second step, which counts only after
// ConfirmTOTP. Beginning again replaces it. It is Conflict while the step is on.
func (r *Room) BeginTOTP(ctx context.Context, actor Actor) (TOTPStart, error) {
	const op = "account.BeginTOTP"
	l, err := r.own(ctx, actor)
	if err != nil {
		return TOTPStart{}, fault.Wrap(op, err)
	}
	if l.hasTOTP() {
		return TOTPStart{}, fault.New(op, fault.Conflict, "The second step is on already. Turn it off before you set up another app.")
	}
	secret, uri, err := proof.NewSecret(l.email)
	if err != nil {
		return TOTPStart{}, fault.Wrap(op, err)
	}
	sealed, err := r.secrets.Seal(totpTable, l.id, []byte(secret))
	if err == nil {
		err = r.store.setPendingTOTP(ctx, l.id, sealed)
	}
	return TOTPStart{secret, uri}, fault.Wrap(op, err)
}

// ConfirmTOTP turns the second step on when code proves that the app has the
// secret, and returns the recovery codes, which are shown once. The agent's
// other sessions end.
func (r *Room) ConfirmTOTP(ctx context.Context, actor Actor, code string) ([]string, error) {
	const op = "account.ConfirmTOTP"
	l, err := r.own(ctx, actor)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	if len(l.totpPending) == 0 {
		return nil, fault.New(op, fault.Conflict, "Start setting up the second step again.")
	}
	if err := r.attempt(ctx, op, addressGate(l.emailKey)); err != nil {
		return nil, fault.Wrap(op, err)
	}
	secret, err := r.openTOTP(l.id, l.totpPending)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	step, ok := proof.MatchStep(secret, code, r.clock.Now(), 0)
	if !ok {
		return nil, fault.InvalidField(op, "code", "The code is not right. Check the clock of your phone and enter the newest code.")
	}
	plain, hashes := proof.NewRecoveryCodes()
	err = r.store.within(ctx, func(ctx context.Context) error {
		if err := r.store.confirmTOTP(ctx, l.id, l.totpPending, step, hashes); err != nil {
			return err
		}
		if err := r.store.clearTally(ctx, addressGate(l.emailKey).key); err != nil {
			return err
		}
		if err := r.endSessions(ctx, actor, l.id, actor.AgentID, actor.SessionID); err != nil {
			return err
		}
		r.refresh(ctx)
		return r.announce(ctx, actor, EventAgentChanged, details{AgentID: actor.AgentID, What: "totp"})
	})
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	return plain, nil
}

// DisableTOTP turns the second step off; code proves once more that the agent
// has it.
func (r *Room) DisableTOTP(ctx context.Context, actor Actor, code string) error {
	const op = "account.DisableTOTP"
	l, err := r.own(ctx, actor)
	if err != nil || !l.hasTOTP() {
		return fault.Wrap(op, err)
	}
	address := addressGate(l.emailKey)
	if err := r.attempt(ctx, op, address); err != nil {
		return fault.Wrap(op, err)
	}
	secret, err := r.openTOTP(l.id, l.totpSecret)
	if err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, r.store.within(ctx, func(ctx context.Context) error {
		err := r.useCode(ctx, l.id, secret, code)
		if fault.Is(err, fault.Unauthenticated) {
			return fault.InvalidField(op, "code", "The code is not right or has been used. Enter the newest one.")
		}
		if err != nil {
			return err
		}
		if err := r.store.clearTOTP(ctx, l.id); err != nil {
			return err
		}
		if err := r.store.clearTally(ctx, address.key); err != nil {
			return err
		}
		return r.announce(ctx, actor, EventAgentChanged, details{AgentID: actor.AgentID, What: "totp"})
	}))
}

func (r *Room) openTOTP(loginID int64, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	secret, err := r.secrets.Open(totpTable, loginID, sealed)
	return string(secret), err
}

// useCode accepts a code of the app or a recovery code, each once, in the
// transaction of ctx.
func (r *Room) useCode(ctx context.Context, loginID int64, secret, code string) error {
	const op = "account.useCode"
	last, err := r.store.lastTOTP(ctx, loginID)
	if err != nil {
		return err
	}
	if step, ok := proof.MatchStep(secret, code, r.clock.Now(), last); ok {
		err = r.store.advanceTOTP(ctx, loginID, step)
	} else {
		err = r.store.useRecoveryCode(ctx, loginID, proof.HashRecoveryCode(code))
	}
	if fault.Is(err, fault.NotFound) {
		return refused(op)
	}
	return err
}
