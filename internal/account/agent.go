package account

import (
	"context"
	"time"

	"rapport/internal/platform/fault"
	"rapport/internal/platform/rich"
)

// State is where an agent stands.
type State string

const (
	Invited     State = "invited" // has not chosen a password yet
	Active      State = "active"
	Deactivated State = "deactivated" // cannot sign in; what it did stays
)

// Agent is a person who works in a workspace.
type Agent struct {
	WorkspaceID int64
	ID          int64
	Name        string
	Email       string
	Role        Role
	State       State
	PhotoID     int64 // blob; 0: none
	Language    string
	TimeZone    string
	Signature   rich.Text
	Theme       string
	PublicName  string  // what visitors of a chat see; "": the name
	TeamIDs     []int64 // sorted
	TOTP        bool    // the second step is on
	LastSeenAt  time.Time
	CreatedAt   time.Time
}

func newAgent(w Workspace, id int64, name string, role Role, state State, now time.Time) Agent {
	return Agent{WorkspaceID: w.ID, ID: id, Name: name, Role: role, State: state,
		Language: w.Language, TimeZone: "UTC", Theme: "system", CreatedAt: now}
}

// login is an agent together with its proofs.
type login struct {
	id                      int64
	workspaceID, agentID    int64
	email, emailKey         string
	name, language          string
	role                    Role
	state                   State
	password                string // hash; empty: none chosen
	totpSecret, totpPending []byte // sealed
}

func (l login) hasTOTP() bool { return len(l.totpSecret) > 0 }

// Agents lists a workspace's agents in every state, by name.
func (r *Room) Agents(ctx context.Context, workspaceID int64) ([]Agent, error) {
	const op = "account.Agents"
	agents, members, err := r.store.agents(ctx, workspaceID)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	at := make(map[int64]int, len(agents))
	for i, a := range agents {
		at[a.ID] = i
	}
	for _, m := range members {
		if i, ok := at[m.agentID]; ok {
			agents[i].TeamIDs = append(agents[i].TeamIDs, m.teamID)
		}
	}
	return agents, nil
}

// Agent returns one agent of a workspace.
func (r *Room) Agent(ctx context.Context, workspaceID, id int64) (Agent, error) {
	const op = "account.Agent"
	a, err := r.store.agent(ctx, workspaceID, id)
	if err != nil {
		return Agent{}, fault.Wrap(op, err)
	}
	a.TeamIDs, err = r.store.teamsOf(ctx, workspaceID, id)
	return a, fault.Wrap(op, err)
}

// AgentByEmail finds an agent of a workspace by any spelling of its address.
func (r *Room) AgentByEmail(ctx context.Context, workspaceID int64, email string) (Agent, error) {
	const op = "account.AgentByEmail"
	key, _ := foldEmail(email)
	id, err := r.store.agentByEmail(ctx, workspaceID, key)
	if err != nil {
		return Agent{}, fault.Wrap(op, err)
	}
	return r.Agent(ctx, workspaceID, id)
}

// AgentChange holds what an admin changes; nil leaves a field as it is.
type AgentChange struct {
	Name    *string
	Role    *Role
	TeamIDs *[]int64
}

// UpdateAgent changes another agent. Only an owner makes, changes or demotes
// owners, and the last active owner stays one.
func (r *Room) UpdateAgent(ctx context.Context, actor Actor, id int64, c AgentChange) (Agent, error) {
	const op = "account.UpdateAgent"
	if err := may(actor, AgentManage); err != nil {
		return Agent{}, fault.Wrap(op, err)
	}
	f := form{op: op}
	if c.Name != nil {
		*c.Name = f.name("name", *c.Name)
	}
	if c.Role != nil {
		f.role("role", *c.Role)
	}
	if err := f.err(); err != nil {
		return Agent{}, err
	}
	var a Agent
	err := r.store.within(ctx, func(ctx context.Context) (err error) {
		if a, err = r.manage(ctx, actor, id); err != nil {
			return err
		}
		set(&a.Name, c.Name)
		if c.Role != nil && *c.Role != a.Role {
			if err := r.changeRole(ctx, actor, &a, *c.Role); err != nil {
				return err
			}
		}
		if err := r.store.updateAgent(ctx, a); err != nil {
			return err
		}
		if c.TeamIDs != nil {
			if err := r.joinTeams(ctx, op, a, *c.TeamIDs); err != nil {
				return err
			}
		}
		r.refresh(ctx)
		if err := r.announce(ctx, actor, EventAgentChanged, details{AgentID: id, What: "managed"}); err != nil {
			return err
		}
		a, err = r.Agent(ctx, a.WorkspaceID, a.ID)
		return err
	})
	return a, fault.Wrap(op, err)
}

// manage locks the workspace's access and returns an agent that the actor may
// manage: admins do not touch owners.
func (r *Room) manage(ctx context.Context, actor Actor, id int64) (Agent, error) {
	if err := r.store.lockAccess(ctx, actor.WorkspaceID); err != nil {
		return Agent{}, err
	}
	a, err := r.store.agent(ctx, actor.WorkspaceID, id)
	if err != nil {
		return Agent{}, err
	}
	if a.Role == Owner {
		return a, ownersOnly(actor)
	}
	return a, nil
}

func (r *Room) changeRole(ctx context.Context, actor Actor, a *Agent, to Role) error {
	if to == Owner {
		if err := ownersOnly(actor); err != nil {
			return err
		}
	}
	if err := r.keepAnOwner(ctx, *a); err != nil {
		return err
	}
	a.Role = to
	return nil
}

func ownersOnly(actor Actor) error {
	if err := may(actor, OwnerManage); err != nil {
		return fault.New("account.ownersOnly", fault.Forbidden, "Only an owner can make, change or remove an owner.")
	}
	return nil
}

// keepAnOwner refuses to take away the last active owner. The workspace is
// locked, so two cannot leave at once.
func (r *Room) keepAnOwner(ctx context.Context, leaving Agent) error {
	if leaving.Role != Owner || leaving.State != Active {
		return nil
	}
	n, err := r.store.activeOwners(ctx, leaving.WorkspaceID)
	if err == nil && n < 2 {
		return fault.New("account.keepAnOwner", fault.Conflict, "This is the last owner. Make somebody else an owner first.")
	}
	return err
}
