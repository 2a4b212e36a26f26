package demo

import (
	"context"
	"fmt"

	"rapport/internal/account"
	"rapport/internal/automation"
)

// Texts are the snippets and macros of the company, and of those who own some.
type Texts struct {
	Snippets []struct {
		Name, Folder, Language, Text, Owner string
		Approved                            bool
	} `json:"snippets"`
	Macros []struct {
		Name, Folder, Owner string
		Actions             []struct {
			automation.Action
			Team string `json:"team"`
		}
	} `json:"macros"`
}

// write makes the snippets and macros.
func (l *loader) write(ctx context.Context) error {
	for _, s := range l.world.Texts.Snippets {
		made, err := l.Automation.CreateSnippet(ctx, l.writer(s.Owner), automation.NewSnippet{Heading: automation.Heading{Name: s.Name, Folder: s.Folder, Shared: s.Owner == ""}, Text: s.Text, Language: s.Language, Approved: s.Approved})
		if err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		if s.Owner == "" {
			l.snippets = append(l.snippets, made.ID)
		}
	}
	for _, m := range l.world.Texts.Macros {
		actions := make([]automation.Action, len(m.Actions))
		for i, a := range m.Actions {
			actions[i] = a.Action
			actions[i].TeamID = l.teams[a.Team]
		}
		if _, err := l.Automation.CreateMacro(ctx, l.writer(m.Owner), automation.NewMacro{Heading: automation.Heading{Name: m.Name, Folder: m.Folder, Shared: m.Owner == ""}, Actions: actions}); err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
	}
	return nil
}

// writer is whom a text belongs to; what all share was written by the owner.
func (l *loader) writer(key string) account.Actor {
	if key == "" {
		return l.owner
	}
	return l.actors[key]
}

// useSome counts a use of a snippet at every fifth thing that happens, of the
// first ones more often.
func (l *loader) useSome(ctx context.Context, happened int) error {
	if happened%5 != 0 || len(l.snippets) == 0 {
		return nil
	}
	turn := happened / 5
	return l.Automation.UseSnippet(ctx, l.owner, l.snippets[turn%(1+turn%len(l.snippets))])
}
