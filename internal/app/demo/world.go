// Package demo fills a new data folder with a sample shop: Miska, dog food by
// subscription, with three weeks of work dated back from now. It writes nothing
// into tables: it lives the three weeks again, mail by mail and verb by verb,
// on a clock of its own, so whatever holds for real data holds for the demo.
//
// The same world serves `serve --demo`, tests and screenshots.
package demo

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"sort"
	"time"

	"rapport/internal/channel"
)

//go:embed world/*.json
var files embed.FS

// Team is the company: its inboxes, teams and teammates.
type Team struct {
	Company string `json:"company"`
	Inboxes []struct {
		Key, Name, Address string
		Form               *channel.FormSettings // a form has no address
		Chat               *struct{ Greeting map[string]string }
	} `json:"inboxes"`
	Teams []struct {
		Key, Name string
	} `json:"teams"`
	Agents []Agent `json:"agents"`
}

// Agent is a teammate.
type Agent struct {
	Key       string   `json:"key"`
	Name      string   `json:"name"`
	Email     string   `json:"email"`
	Role      string   `json:"role"`
	Language  string   `json:"language"`
	TimeZone  string   `json:"time_zone"`
	Teams     []string `json:"teams"`
	Signature string   `json:"signature"`
}

// Contact is a customer.
type Contact struct {
	Key      string   `json:"key"`
	Name     string   `json:"name"`
	Emails   []string `json:"emails"`
	Company  string   `json:"company"`
	Language string   `json:"language"`
	TimeZone string   `json:"time_zone"`
	City     string   `json:"city"`
	Since    string   `json:"since"` // 2016-11
	Note     string   `json:"note"`
}

// Conversation is one story.
type Conversation struct {
	Key         string            `json:"key"`
	Subject     string            `json:"subject"`
	Contact     string            `json:"contact"`
	Inbox       string            `json:"inbox"`
	Team        string            `json:"team"`
	Assignee    string            `json:"assignee"`
	Status      string            `json:"status"`
	Priority    string            `json:"priority"`
	Tags        []string          `json:"tags"`
	SnoozedDays float64           `json:"snoozed_days"`
	Spam        bool              `json:"spam"`
	DaysAgo     float64           `json:"days_ago"`
	Messages    []Message         `json:"messages"`
	Form        map[string]string `json:"form"` // what else was filled in, where it began in a form
}

// Message is one mail or note of a story.
type Message struct {
	From         string  `json:"from"` // "contact", a teammate's key or another contact's
	Kind         string  `json:"kind"` // mail or note
	AfterMinutes float64 `json:"after_minutes"`
	Text         string  `json:"text"`
	HTML         bool    `json:"html"`
	Class        string  `json:"class"`
}

// World is the whole sample.
type World struct {
	Team          Team
	Texts         Texts
	Contacts      []Contact
	Conversations []Conversation
}

// Read reads the embedded world.
func Read() (World, error) {
	var w World
	names, err := files.ReadDir("world")
	if err != nil {
		return w, err
	}
	for _, entry := range names {
		var into any
		var contacts []Contact
		var stories []Conversation
		switch name := entry.Name(); {
		case name == "team.json":
			into = &w.Team
		case name == "texts.json":
			into = &w.Texts
		case name[:8] == "contacts":
			into = &contacts
		default:
			into = &stories
		}
		text, err := files.ReadFile(path.Join("world", entry.Name()))
		if err == nil {
			err = json.Unmarshal(text, into)
		}
		if err != nil {
			return w, fmt.Errorf("demo: %s: %w", entry.Name(), err)
		}
		w.Contacts = append(w.Contacts, contacts...)
		w.Conversations = append(w.Conversations, stories...)
	}
	return w, nil
}

// step is one thing that happens in a story.
type step struct {
	at    time.Time
	story int
	index int // of the message; len(messages) is the end of the story
}

// steps are all stories' steps in the order of time, ending before now.
func (w World) steps(now time.Time) []step {
	var out []step
	for i, c := range w.Conversations {
		at := now.Add(-time.Duration(c.DaysAgo * 24 * float64(time.Hour)))
		for j, m := range c.Messages {
			at = at.Add(time.Duration(m.AfterMinutes * float64(time.Minute)))
			out = append(out, step{earliest(at, now), i, j})
		}
		out = append(out, step{earliest(at.Add(2*time.Minute), now), i, len(c.Messages)})
	}
	sort.SliceStable(out, func(a, b int) bool { return out[a].at.Before(out[b].at) })
	return out
}

func earliest(a, b time.Time) time.Time {
	if a.After(b) {
		return b
	}
	return a
}
