package notification

import (
	"context"
	"maps"
	"slices"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
)

// Settings are how an agent wants to be told.
type Settings struct {
	Matrix    map[Event]Ways `json:"matrix"`
	HideWords bool           `json:"hide_words"` // pushes and mails say only that there is something
	Digest    bool           `json:"digest"`     // one mail a day of what is unseen
	Quiet     Quiet          `json:"quiet"`
	Watched   []int64        `json:"-"` // inboxes whose new conversations are told of
}

// Quiet are the hours in which none but the screen may speak.
type Quiet struct {
	On       bool   `json:"on"`
	From     string `json:"from"` // 22:00
	To       string `json:"to"`   // 07:00; before From it is that of the next day, the same means the whole day
	Weekend  bool   `json:"weekend"`
	TimeZone string `json:"time_zone"`
	Urgent   bool   `json:"urgent"` // what is urgent is told all the same
}

// digestHour is when the mail of the day leaves, by the agent's clock.
const digestHour = 8

// Defaults are the settings of who has not chosen: sounds for what is rare and
// meant for one, pushes and mails for what waits for one.
func Defaults(timeZone string) Settings {
	return Settings{
		Matrix: map[Event]Ways{
			Mention:     {App: true, Sound: true, Push: true, Mail: true},
			Assigned:    {App: true, Sound: true, Push: true, Mail: true},
			Undelivered: {App: true, Push: true, Mail: true},
			Reply:       {App: true, Push: true, Mail: true},
			Followed:    {App: true, Mail: true},
			Unassigned:  {App: true, Sound: true},
		},
		Quiet: Quiet{From: "22:00", To: "07:00", TimeZone: timeZone, Urgent: true},
	}
}

// checked refuses what cannot be kept, and fills in what is not said.
func (s Settings) checked(op string) (Settings, error) {
	whole := Defaults(s.Quiet.TimeZone).Matrix
	for event := range maps.Keys(s.Matrix) {
		if !slices.Contains(Events, event) {
			return s, fault.InvalidField(op, "matrix", "There is no such event.")
		}
	}
	maps.Copy(whole, s.Matrix)
	s.Matrix = whole
	if _, ok := minutes(s.Quiet.From); !ok {
		return s, fault.InvalidField(op, "quiet.from", "Write a time such as 22:00.")
	}
	if _, ok := minutes(s.Quiet.To); !ok {
		return s, fault.InvalidField(op, "quiet.to", "Write a time such as 22:00.")
	}
	if _, err := time.LoadLocation(s.Quiet.TimeZone); err != nil || s.Quiet.TimeZone == "" || s.Quiet.TimeZone == "Local" {
		return s, fault.InvalidField(op, "quiet.time_zone", "This time zone is not known. Choose one like Europe/Warsaw.")
	}
	slices.Sort(s.Watched)
	s.Watched = slices.Compact(s.Watched)
	return s, nil
}

// minutes is a time of day as minutes since midnight.
func minutes(clock string) (int, bool) {
	at, err := time.Parse("15:04", clock)
	return at.Hour()*60 + at.Minute(), err == nil && len(clock) == 5
}

// zone is where the agent is.
func (q Quiet) zone() *time.Location {
	if at, err := time.LoadLocation(q.TimeZone); err == nil && q.TimeZone != "" {
		return at
	}
	return time.UTC
}

// At reports whether a moment is in quiet hours. They go by the clock on the
// wall, also when it is put forward or back.
func (q Quiet) At(at time.Time) bool {
	if !q.On {
		return false
	}
	at = at.In(q.zone())
	if day := at.Weekday(); q.Weekend && (day == time.Saturday || day == time.Sunday) {
		return true
	}
	from, _ := minutes(q.From)
	to, _ := minutes(q.To)
	now := at.Hour()*60 + at.Minute()
	if from < to {
		return from <= now && now < to
	}
	return now >= from || now < to
}

// Ends is when the quiet hours around a moment end; whoever never wants to hear
// anything is asked again in a day.
func (q Quiet) Ends(at time.Time) time.Time {
	local := at.In(q.zone())
	to, _ := minutes(q.To)
	for days := range 9 {
		for _, minute := range []int{0, to} { // a weekend ends at midnight
			end := time.Date(local.Year(), local.Month(), local.Day()+days, minute/60, minute%60, 0, 0, q.zone())
			if end.After(at) && !q.At(end) {
				return end
			}
		}
	}
	return at.Add(24 * time.Hour)
}

// nextDigest is when the next mail of the day leaves.
func (s Settings) nextDigest(now time.Time) time.Time {
	if !s.Digest {
		return time.Time{}
	}
	local := now.In(s.Quiet.zone())
	at := time.Date(local.Year(), local.Month(), local.Day(), digestHour, 0, 0, 0, s.Quiet.zone())
	if !at.After(now) {
		at = time.Date(local.Year(), local.Month(), local.Day()+1, digestHour, 0, 0, 0, s.Quiet.zone())
	}
	return at
}

// decide is on which ways an event at a moment reaches an agent. A mail is
// decided with the matrix alone: it waits for the end of quiet hours.
func (s Settings) decide(event Event, at time.Time, urgent bool) Ways {
	w := s.Matrix[event]
	if s.hushed(at, urgent) {
		w.Sound, w.Push = false, false
	}
	return w
}

// hushed reports whether nothing may leave now.
func (s Settings) hushed(at time.Time, urgent bool) bool {
	return s.Quiet.At(at) && !(urgent && s.Quiet.Urgent)
}

// Settings returns how the caller is told.
func (r *Room) Settings(ctx context.Context, actor account.Actor) (Settings, error) {
	s, err := r.settings(ctx, actor.WorkspaceID, actor.AgentID)
	if err == nil {
		s.Watched, err = r.store.watched(ctx, actor.WorkspaceID, actor.AgentID)
	}
	return s, fault.Wrap("notification.Settings", err)
}

// settings are those of an agent, without the inboxes.
func (r *Room) settings(ctx context.Context, workspaceID, agentID int64) (Settings, error) {
	s, err := r.store.settings(ctx, workspaceID, agentID)
	if !fault.Is(err, fault.NotFound) {
		return s, err
	}
	who, err := r.accounts.Agent(ctx, workspaceID, agentID)
	return Defaults(who.TimeZone), err
}

// Change sets how the caller is told. Inboxes outside their sight are refused as
// if they did not exist.
func (r *Room) Change(ctx context.Context, actor account.Actor, s Settings) (Settings, error) {
	const op = "notification.Change"
	s, err := s.checked(op)
	if err != nil {
		return s, err
	}
	if err := r.watchable(ctx, op, actor, s.Watched); err != nil {
		return s, err
	}
	err = r.store.within(ctx, func(ctx context.Context) error {
		return r.store.putSettings(ctx, actor.WorkspaceID, actor.AgentID, s, s.nextDigest(r.clock.Now()))
	})
	return s, fault.Wrap(op, err)
}

func (r *Room) watchable(ctx context.Context, op string, actor account.Actor, inboxes []int64) error {
	scope, err := r.accounts.Scope(ctx, actor)
	if err != nil {
		return fault.Wrap(op, err)
	}
	known, err := r.store.inboxes(ctx, actor.WorkspaceID, inboxes)
	if err != nil {
		return fault.Wrap(op, err)
	}
	for _, id := range inboxes {
		if !slices.Contains(known, id) || !scope.Includes(id) {
			return fault.InvalidField(op, "watched_inbox_ids", "There is no such inbox.")
		}
	}
	return nil
}
