package automation

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
)

// Macro is a named sequence of actions.
type Macro struct {
	Entry
	Actions []Action
}

// NewMacro is what a caller gives.
type NewMacro struct {
	Heading
	Actions []Action
}

// Macros are those that actor sees: the shared ones and their own.
func (r *Room) Macros(ctx context.Context, actor account.Actor) ([]Macro, error) {
	const op = "automation.Macros"
	if err := may(actor, account.AutomationRead); err != nil {
		return nil, fault.Wrap(op, err)
	}
	list, err := r.store.macros(ctx, actor.WorkspaceID, actor.AgentID)
	return list, fault.Wrap(op, err)
}

// CreateMacro keeps a new sequence.
func (r *Room) CreateMacro(ctx context.Context, actor account.Actor, n NewMacro) (Macro, error) {
	const op = "automation.CreateMacro"
	return r.keepMacro(ctx, op, actor, n, func(ctx context.Context, n NewMacro) (Entry, func(context.Context, Macro) error, error) {
		e, err := r.begin(ctx, op, macroTable, actor, n.Heading)
		return e, r.store.insertMacro, err
	})
}

// PutMacro replaces a sequence; one that was deleted is there again.
func (r *Room) PutMacro(ctx context.Context, actor account.Actor, id int64, n NewMacro) (Macro, error) {
	const op = "automation.PutMacro"
	return r.keepMacro(ctx, op, actor, n, func(ctx context.Context, n NewMacro) (Entry, func(context.Context, Macro) error, error) {
		e, err := r.store.entry(ctx, macroTable, actor.WorkspaceID, id)
		if err != nil {
			return e, nil, err
		}
		e, err = r.again(op, actor, e, n.Heading)
		return e, r.store.updateMacro, err
	})
}

// keepMacro is what making and changing one have in common: begin does the
// difference inside the transaction.
func (r *Room) keepMacro(ctx context.Context, op string, actor account.Actor, n NewMacro, begin func(context.Context, NewMacro) (Entry, func(context.Context, Macro) error, error)) (Macro, error) {
	if err := may(actor, account.AutomationEdit); err != nil {
		return Macro{}, fault.Wrap(op, err)
	}
	var err error
	if n.Heading, err = n.named(op); err == nil {
		n.Actions, err = tidied(op, n.Actions)
	}
	if err != nil {
		return Macro{}, err
	}
	var m Macro
	err = r.store.within(ctx, func(ctx context.Context) error {
		e, write, err := begin(ctx, n)
		if err != nil {
			return err
		}
		if err := r.known(ctx, op, actor.WorkspaceID, n.Actions); err != nil {
			return err
		}
		m = Macro{e, n.Actions}
		if err := write(ctx, m); err != nil {
			return err
		}
		return r.announce(ctx, actor, EventMacroChanged, details{MacroID: e.ID, AgentID: e.OwnerID})
	})
	return m, fault.Wrap(op, err)
}

// DeleteMacro takes a sequence away.
func (r *Room) DeleteMacro(ctx context.Context, actor account.Actor, id int64) error {
	const op = "automation.DeleteMacro"
	return fault.Wrap(op, r.store.within(ctx, func(ctx context.Context) error {
		e, err := r.drop(ctx, op, macroTable, actor, id)
		if err != nil {
			return err
		}
		return r.announce(ctx, actor, EventMacroChanged, details{MacroID: id, AgentID: e.OwnerID, Deleted: true})
	}))
}
