package account

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"rapport/internal/platform/fault"
)

// Team is a group of agents that takes work and sees inboxes together.
type Team struct {
	WorkspaceID int64
	ID          int64
	Key         string // stable and unique in the workspace, for export and import
	Name        string
	AgentIDs    []int64 // sorted
}

// member is an agent's place in a team.
type member struct{ teamID, agentID int64 }

// Teams lists a workspace's teams by name.
func (r *Room) Teams(ctx context.Context, workspaceID int64) ([]Team, error) {
	const op = "account.Teams"
	teams, members, err := r.store.teams(ctx, workspaceID)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	at := make(map[int64]int, len(teams))
	for i, t := range teams {
		at[t.ID] = i
	}
	for _, m := range members {
		if i, ok := at[m.teamID]; ok {
			teams[i].AgentIDs = append(teams[i].AgentIDs, m.agentID)
		}
	}
	return teams, nil
}

// Team returns one team of a workspace.
func (r *Room) Team(ctx context.Context, workspaceID, id int64) (Team, error) {
	const op = "account.Team"
	t, err := r.store.team(ctx, workspaceID, id)
	if err != nil {
		return Team{}, fault.Wrap(op, err)
	}
	t.AgentIDs, err = r.store.agentsOf(ctx, workspaceID, id)
	return t, fault.Wrap(op, err)
}

// CreateTeam makes a team. Its name must be free.
func (r *Room) CreateTeam(ctx context.Context, actor Actor, name string, agentIDs []int64) (Team, error) {
	const op = "account.CreateTeam"
	return r.saveTeam(ctx, op, actor, func(ctx context.Context) (Team, error) {
		id, err := r.store.newID(ctx)
		if err != nil {
			return Team{}, err
		}
		t := Team{WorkspaceID: actor.WorkspaceID, ID: id, Name: name}
		taken, err := r.store.teamKeys(ctx, t.WorkspaceID)
		if err != nil {
			return Team{}, err
		}
		t.Key = freeKey(slug(name, "team"), taken)
		return t, r.store.insertTeam(ctx, t, r.clock.Now())
	}, &name, &agentIDs)
}

// TeamChange holds what is to change; nil leaves a field as it is.
type TeamChange struct {
	Name     *string
	AgentIDs *[]int64
}

// UpdateTeam changes a team's name or members.
func (r *Room) UpdateTeam(ctx context.Context, actor Actor, id int64, c TeamChange) (Team, error) {
	const op = "account.UpdateTeam"
	return r.saveTeam(ctx, op, actor, func(ctx context.Context) (Team, error) {
		t, err := r.store.team(ctx, actor.WorkspaceID, id)
		if err != nil || c.Name == nil {
			return t, err
		}
		t.Name = *c.Name
		return t, r.store.updateTeam(ctx, t)
	}, c.Name, c.AgentIDs)
}

// saveTeam is what making and changing a team have in common: write does the
// difference inside the transaction.
func (r *Room) saveTeam(ctx context.Context, op string, actor Actor, write func(context.Context) (Team, error), name *string, agentIDs *[]int64) (Team, error) {
	if err := may(actor, TeamManage); err != nil {
		return Team{}, fault.Wrap(op, err)
	}
	f := form{op: op}
	if name != nil {
		*name = f.name("name", *name)
	}
	if err := f.err(); err != nil {
		return Team{}, err
	}
	var t Team
	err := r.store.within(ctx, func(ctx context.Context) (err error) {
		if err = r.store.lockAccess(ctx, actor.WorkspaceID); err != nil {
			return err
		}
		if t, err = write(ctx); fault.Is(err, fault.Conflict) {
			return fault.As(op, fault.Conflict, "Another team has this name. Choose a different one.", err)
		} else if err != nil {
			return err
		}
		if agentIDs != nil {
			if err := r.setMembers(ctx, op, t, *agentIDs); err != nil {
				return err
			}
		}
		r.refresh(ctx)
		if err := r.announce(ctx, actor, EventTeamChanged, details{TeamID: t.ID}); err != nil {
			return err
		}
		t, err = r.Team(ctx, t.WorkspaceID, t.ID)
		return err
	})
	return t, fault.Wrap(op, err)
}

// DeleteTeam takes a team away with its memberships and grants.
func (r *Room) DeleteTeam(ctx context.Context, actor Actor, id int64) error {
	const op = "account.DeleteTeam"
	return r.change(ctx, op, actor, TeamManage, func(ctx context.Context) error {
		if err := r.store.lockAccess(ctx, actor.WorkspaceID); err != nil {
			return err
		}
		if err := r.store.deleteTeam(ctx, actor.WorkspaceID, id); err != nil {
			return err
		}
		r.refresh(ctx)
		return r.announce(ctx, actor, EventTeamChanged, details{TeamID: id, Deleted: true})
	})
}

// setMembers replaces a team's members, in the transaction of ctx.
func (r *Room) setMembers(ctx context.Context, op string, t Team, agentIDs []int64) error {
	if err := r.knownAgents(ctx, op, t.WorkspaceID, agentIDs); err != nil {
		return err
	}
	return r.store.setMembers(ctx, t.WorkspaceID, t.ID, distinct(agentIDs))
}

// joinTeams replaces the teams of an agent, in the transaction of ctx.
func (r *Room) joinTeams(ctx context.Context, op string, a Agent, teamIDs []int64) error {
	if err := r.knownTeams(ctx, op, a.WorkspaceID, teamIDs); err != nil {
		return err
	}
	return r.store.setTeamsOf(ctx, a.WorkspaceID, a.ID, distinct(teamIDs))
}

func (r *Room) knownAgents(ctx context.Context, op string, workspaceID int64, ids []int64) error {
	n, err := r.store.countAgents(ctx, workspaceID, ids)
	if err == nil && n != len(distinct(ids)) {
		return fault.InvalidField(op, "agent_ids", "One of these agents does not exist. Load the list again.")
	}
	return err
}

func (r *Room) knownTeams(ctx context.Context, op string, workspaceID int64, ids []int64) error {
	n, err := r.store.countTeams(ctx, workspaceID, ids)
	if err == nil && n != len(distinct(ids)) {
		return fault.InvalidField(op, "team_ids", "One of these teams does not exist. Load the list again.")
	}
	return err
}

// distinct is ids sorted, each once.
func distinct(ids []int64) []int64 {
	out := slices.Clone(ids)
	slices.Sort(out)
	return slices.Compact(out)
}

// slug is a key made of a name: small letters and digits of any script, with
// dashes between words.
func slug(name, otherwise string) string {
	words := strings.FieldsFunc(foldName(name), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	if len(words) == 0 {
		return otherwise
	}
	return strings.Join(words, "-")
}

// freeKey adds a number to key until nobody has it.
func freeKey(key string, taken []string) string {
	for n, free := 2, key; ; n++ {
		if !slices.Contains(taken, free) {
			return free
		}
		free = key + "-" + strconv.Itoa(n)
	}
}
