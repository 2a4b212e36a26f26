package account

import (
	"context"
	"strings"
	"time"

	"rapport/internal/platform/fault"
	"rapport/internal/platform/token"
)

const (
	setupPrefix = "rsu_"
	setupTime   = 24 * time.Hour
)

// Setup is what the first workspace and its owner need.
type Setup struct {
	Token     string // of the setup link
	Workspace string
	Name      string // of the owner
	Email     string
	Password  string
	Language  string // en when empty
	Client    Client
}

// SetupLink reports whether the first workspace is still needed and makes the
// token of a link that may set it up once, within 24 hours. A start prints it,
// so that nobody else gets there first.
func (r *Room) SetupLink(ctx context.Context) (plain string, needed bool, err error) {
	const op = "account.SetupLink"
	if needed, err = r.setupNeeded(ctx); err != nil || !needed {
		return "", false, fault.Wrap(op, err)
	}
	plain, hash := token.New(setupPrefix)
	err = r.store.insertLink(ctx, link{hash: hash, kind: linkSetup, expiresAt: r.clock.Now().Add(setupTime)})
	return plain, true, fault.Wrap(op, err)
}

// SetupState reports whether the first workspace is still needed and whether
// this token may set it up.
func (r *Room) SetupState(ctx context.Context, plain string) (needed, valid bool, err error) {
	const op = "account.SetupState"
	if needed, err = r.setupNeeded(ctx); err != nil || !needed {
		return false, false, fault.Wrap(op, err)
	}
	_, err = r.link(ctx, op, linkSetup, setupPrefix, plain)
	if fault.Is(err, fault.NotFound) {
		return true, false, nil
	}
	return true, err == nil, err
}

// Setup makes the first workspace and its owner and signs the owner in. It is
// refused with Conflict once there is one.
func (r *Room) Setup(ctx context.Context, in Setup) (SignedIn, error) {
	const op = "account.Setup"
	f := form{op: op}
	f.password("password", in.Password, in.Email, in.Name, in.Workspace)
	owner := f.founder(&in)
	if err := f.err(); err != nil {
		return SignedIn{}, err
	}
	needed, valid, err := r.SetupState(ctx, in.Token)
	if err != nil {
		return SignedIn{}, fault.Wrap(op, err)
	}
	if !needed {
		return SignedIn{}, alreadySetUp(op)
	}
	if !valid {
		return SignedIn{}, fault.New(op, fault.NotFound, "This setup link has expired. Restart Rapport: it prints a new one.")
	}
	if owner.password, err = r.hasher.Hash(ctx, in.Password); err != nil {
		return SignedIn{}, fault.Wrap(op, err)
	}
	var out SignedIn
	err = r.store.within(ctx, func(ctx context.Context) error {
		owner := owner // the function may run twice
		if err := r.found(ctx, op, in, &owner); err != nil {
			return err
		}
		out, err = r.startSession(ctx, owner, in.Client)
		return err
	})
	return out, fault.Wrap(op, err)
}

// Founded is what SetupDirect has made.
type Founded struct {
	WorkspaceID int64
	AgentID     int64
	Token       string // an API key of the owner, given once
}

// SetupDirect is Setup without a link, for whoever runs commands on the
// machine and so needs none; Token and Client are not used. Without a name the
// owner is called like the first part of the address.
func (r *Room) SetupDirect(ctx context.Context, in Setup) (Founded, error) {
	const op = "account.SetupDirect"
	f := form{op: op}
	if in.Name == "" {
		in.Name, _, _ = strings.Cut(in.Email, "@")
	}
	f.passwordLength("password", in.Password)
	owner := f.founder(&in)
	if err := f.err(); err != nil {
		return Founded{}, err
	}
	needed, err := r.setupNeeded(ctx)
	if err == nil && !needed {
		err = alreadySetUp(op)
	}
	if err == nil {
		owner.password, err = r.hasher.Hash(ctx, in.Password)
	}
	if err != nil {
		return Founded{}, fault.Wrap(op, err)
	}
	var out Founded
	err = r.store.within(ctx, func(ctx context.Context) error {
		owner := owner
		if err := r.found(ctx, op, in, &owner); err != nil {
			return err
		}
		actor := Actor{Kind: KindAgent, WorkspaceID: owner.workspaceID, AgentID: owner.agentID, Role: Owner}
		_, plain, err := r.addKey(ctx, actor, "setup", time.Time{})
		out = Founded{owner.workspaceID, owner.agentID, plain}
		return err
	})
	return out, fault.Wrap(op, err)
}

// founder checks everything but the password and returns the owner's login.
func (f *form) founder(in *Setup) login {
	var l login
	in.Workspace = f.name("workspace", in.Workspace)
	in.Name = f.name("name", in.Name)
	l.email, l.emailKey = f.email("email", in.Email)
	if in.Language == "" {
		in.Language = "en"
	}
	f.language("language", in.Language)
	l.role, l.state, l.language = Owner, Active, in.Language
	return l
}

func (r *Room) setupNeeded(ctx context.Context) (bool, error) {
	done, err := r.store.setupDone(ctx)
	return !done, err
}

func alreadySetUp(op string) error {
	return fault.New(op, fault.Conflict, "Rapport is already set up here. Sign in, or ask an owner for an invitation; `rapport user reset-password` helps when a password is lost.")
}

// found writes the first workspace and its owner in the transaction of ctx and
// completes owner with their ids.
func (r *Room) found(ctx context.Context, op string, in Setup, owner *login) error {
	now := r.clock.Now()
	for _, id := range []*int64{&owner.workspaceID, &owner.id, &owner.agentID} {
		var err error
		if *id, err = r.store.newID(ctx); err != nil {
			return err
		}
	}
	first, err := r.store.markSetUp(ctx, owner.workspaceID)
	if err != nil {
		return err
	}
	if !first {
		return alreadySetUp(op)
	}
	w := Workspace{ID: owner.workspaceID, Name: in.Workspace, Language: in.Language, CreatedAt: now}
	a := newAgent(w, owner.agentID, in.Name, Owner, Active, now)
	if err := r.store.insertWorkspace(ctx, w); err != nil {
		return err
	}
	if err := r.store.insertLogin(ctx, *owner, now); err != nil {
		return err
	}
	if err := r.store.insertAgent(ctx, a, owner.id); err != nil {
		return err
	}
	actor := System(w.ID)
	if err := r.announce(ctx, actor, EventWorkspaceChanged, details{}); err != nil {
		return err
	}
	return r.announce(ctx, actor, EventAgentChanged, details{AgentID: a.ID, What: "joined"})
}
