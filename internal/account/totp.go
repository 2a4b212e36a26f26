package account

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"rapport/internal/platform/fault"
	"rapport/internal/platform/token"
)

const (
	totpTable     = "logins" // sealed secrets are bound to it and the login's id
	totpStep      = 30       // seconds
	recoveryCodes = 10
)

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
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "Rapport", AccountName: l.email, SecretSize: 20, Rand: rand.Reader})
	if err != nil {
		return TOTPStart{}, fault.Wrap(op, err)
	}
	sealed, err := r.secrets.Seal(totpTable, l.id, []byte(key.Secret()))
	if err == nil {
		err = r.store.setPendingTOTP(ctx, l.id, sealed)
	}
	return TOTPStart{key.Secret(), key.URL()}, fault.Wrap(op, err)
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
	step, ok := matchStep(secret, code, r.clock.Now(), 0)
	if !ok {
		return nil, fault.InvalidField(op, "code", "The code is not right. Check the clock of your phone and enter the newest code.")
	}
	plain, hashes := newRecoveryCodes()
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
		r.changed(ctx)
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
	if step, ok := matchStep(secret, code, r.clock.Now(), last); ok {
		err = r.store.advanceTOTP(ctx, loginID, step)
	} else {
		err = r.store.useRecoveryCode(ctx, loginID, token.Hash(foldCode(code)))
	}
	if fault.Is(err, fault.NotFound) {
		return refused(op)
	}
	return err
}

// matchStep finds the time step, after last and at most one away from now,
// whose code this is.
func matchStep(secret, code string, now time.Time, last int64) (step int64, ok bool) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	current := now.Unix() / totpStep
	for candidate := current - 1; candidate <= current+1; candidate++ {
		want, err := totp.GenerateCode(secret, time.Unix(candidate*totpStep, 0))
		if err == nil && token.Equal(code, want) && candidate > last {
			step, ok = candidate, true
		}
	}
	return step, ok
}

// newRecoveryCodes makes codes of 80 bits, written in groups of four.
func newRecoveryCodes() (plain, hashes []string) {
	for range recoveryCodes {
		b := make([]byte, 10)
		rand.Read(b)
		c := strings.ToLower(base32.StdEncoding.EncodeToString(b))
		plain = append(plain, c[:4]+"-"+c[4:8]+"-"+c[8:12]+"-"+c[12:])
		hashes = append(hashes, token.Hash(c))
	}
	return plain, hashes
}

// foldCode is a recovery code as it is hashed, however it was typed.
func foldCode(code string) string {
	return strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(strings.TrimSpace(code)))
}
