package account

import (
	"context"
	"strings"

	"rapport/internal/platform/fault"
	"rapport/internal/platform/rich"
)

// ProfileChange holds what an agent changes about itself; nil leaves a field
// as it is.
type ProfileChange struct {
	Name *string
	// PublicName is what visitors of a chat see; "" is the name.
	PublicName *string
	PhotoID    *int64 // blob just uploaded as a photo, never an id that a request names; 0 takes the photo away
	Language   *string
	TimeZone   *string
	Signature  *rich.Text // its HTML counts, if it has any
	Theme      *string
}

// UpdateProfile changes the agent that acts.
func (r *Room) UpdateProfile(ctx context.Context, actor Actor, c ProfileChange) (Agent, error) {
	const op = "account.UpdateProfile"
	if err := may(actor, ProfileEdit); err != nil {
		return Agent{}, fault.Wrap(op, err)
	}
	if err := c.check(op); err != nil {
		return Agent{}, err
	}
	var a Agent
	err := r.store.within(ctx, func(ctx context.Context) (err error) {
		if err = r.store.lockWorkspace(ctx, actor.WorkspaceID); err != nil { // an admin may change the agent at the same time
			return err
		}
		if a, err = r.Agent(ctx, actor.WorkspaceID, actor.AgentID); err != nil {
			return err
		}
		set(&a.Name, c.Name)
		set(&a.PublicName, c.PublicName)
		if c.PhotoID != nil && *c.PhotoID != a.PhotoID {
			if err := r.changePhoto(ctx, &a, *c.PhotoID); err != nil {
				return err
			}
		}
		set(&a.Language, c.Language)
		set(&a.TimeZone, c.TimeZone)
		if c.Signature != nil {
			if err := rich.Keep(ctx, r.pictures, rich.Owner{WorkspaceID: a.WorkspaceID, Table: signatures, ID: a.ID}, actor.Uploader(), "signature", []rich.Text{a.Signature}, []rich.Text{*c.Signature}); err != nil {
				return err
			}
			a.Signature = *c.Signature
		}
		set(&a.Theme, c.Theme)
		if err := r.store.updateAgent(ctx, a); err != nil {
			return err
		}
		r.refresh(ctx)
		return r.announce(ctx, actor, EventAgentChanged, details{AgentID: a.ID, What: "profile"})
	})
	return a, fault.Wrap(op, err)
}

// signatures is the owner of the pictures in what agents sign with.
const signatures = "agents.signature"

// changePhoto holds the new photo's blob and lets go of the old one's.
func (r *Room) changePhoto(ctx context.Context, a *Agent, photoID int64) error {
	const owner = "agents"
	if err := r.pictures.Release(ctx, a.WorkspaceID, owner, a.ID); err != nil {
		return err
	}
	a.PhotoID = photoID
	if photoID == 0 {
		return nil
	}
	return r.pictures.Ref(ctx, a.WorkspaceID, photoID, owner, a.ID)
}

func (c *ProfileChange) check(op string) error {
	f := form{op: op}
	if c.Name != nil {
		*c.Name = f.name("name", *c.Name)
	}
	if c.PublicName != nil && strings.TrimSpace(*c.PublicName) == "" {
		*c.PublicName = ""
	} else if c.PublicName != nil {
		*c.PublicName = f.name("public_name", *c.PublicName)
	}
	if c.Language != nil {
		f.language("language", *c.Language)
	}
	if c.TimeZone != nil {
		f.timeZone("time_zone", *c.TimeZone)
	}
	if c.Signature != nil {
		*c.Signature = f.signature("signature", *c.Signature)
	}
	if c.Theme != nil {
		f.oneOf("theme", *c.Theme, "Choose a theme: system, light or dark.", "system", "light", "dark")
	}
	return f.err()
}
