package notification

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
)

const (
	mailJob   = "notification.mail"   // looks whether something is still unseen
	digestJob = "notification.digest" // the mail of the day
	// Letter is the kind of letter that Letters are given.
	Letter = "notification"
)

type mailArgs struct {
	AgentID int64 `json:"agent_id"`
}

// mailed is what one letter is about.
type mailed struct {
	groups         []Group
	oldest, newest time.Time
	urgent         bool
}

// lettersHold is how many conversations one letter names.
const lettersHold = 20

// lookForMail does the job: what waits to be mailed, and is still unseen and in
// sight, goes out together once it has been quiet. Each notification has a job of
// its own, so when it is not quiet yet, a later one will look.
func (r *Room) lookForMail(ctx context.Context, j job.Job) error {
	const op = "notification.lookForMail"
	var args mailArgs
	if err := j.Args(&args); err != nil {
		return err
	}
	who, m, err := r.unmailed(ctx, j.WorkspaceID, args.AgentID)
	if err != nil || len(m.groups) == 0 {
		return fault.Wrap(op, err)
	}
	s, err := r.settings(ctx, j.WorkspaceID, args.AgentID)
	if err != nil {
		return fault.Wrap(op, err)
	}
	now := r.clock.Now()
	if s.hushed(now, m.urgent) {
		return job.Later(s.Quiet.Ends(now).Sub(now), "the hours are quiet")
	}
	if !ripe(m.oldest, m.newest, now) {
		return nil
	}
	subject, text := m.words(who.Language, s.HideWords)
	return fault.Wrap(op, r.store.within(ctx, func(ctx context.Context) error {
		if err := r.jobs.Done(ctx, j); err != nil {
			return err
		}
		taken, err := r.store.takeMails(ctx, j.WorkspaceID, args.AgentID, m.newest)
		if err != nil || !taken {
			return err
		}
		return r.write(ctx, who, subject, text, m.path())
	}))
}

// ripe reports whether what has gathered goes out now.
func ripe(oldest, newest, now time.Time) bool {
	return now.Sub(newest) >= mailAfter || now.Sub(oldest) >= mailAtLatest
}

// unmailed is what waits to be mailed to an agent.
func (r *Room) unmailed(ctx context.Context, workspaceID, agentID int64) (account.Agent, mailed, error) {
	who, err := r.accounts.Agent(ctx, workspaceID, agentID)
	if err != nil || who.State != account.Active {
		return who, mailed{}, orGone(err)
	}
	scope, err := r.accounts.Scope(ctx, account.Actor{Kind: account.KindAgent, WorkspaceID: workspaceID, AgentID: agentID})
	if err != nil {
		return who, mailed{}, err
	}
	m, err := r.store.unmailed(ctx, workspaceID, agentID, scope, lettersHold)
	return who, m, err
}

func (r *Room) write(ctx context.Context, who account.Agent, subject, text, path string) error {
	w, err := r.accounts.Workspace(ctx, who.WorkspaceID)
	if err == nil {
		_, err = r.letters.Send(ctx, who.WorkspaceID, who.Email, Letter, map[string]string{"name": who.Name, "language": who.Language, "workspace": w.Name,
			"title": subject, "text": text, "path": path})
	}
	return err
}

// path is the screen the letter's button leads to.
func (m mailed) path() string {
	if len(m.groups) == 1 {
		return fmt.Sprint("/c/", m.groups[0].ConversationID)
	}
	return "/notifications"
}

// words are subject and text of a letter, in the agent's language.
func (m mailed) words(language string, hide bool) (subject, text string) {
	subject = say(language, "letter.several", "{count}", strconv.Itoa(len(m.groups)))
	if len(m.groups) == 1 {
		subject = m.groups[0].title(language)
	}
	if hide {
		return say(language, "hidden"), say(language, "letter.hidden")
	}
	var parts []string
	for _, g := range m.groups {
		part := g.title(language) + "\n" + g.about()
		if g.Excerpt != "" && g.Newest.Event != Undelivered {
			part += "\n" + g.Excerpt
		}
		parts = append(parts, part)
	}
	return subject, strings.Join(parts, "\n\n")
}

// planDigests enqueues the mails of the day that are due, in the transaction of
// ctx.
func (r *Room) planDigests(ctx context.Context) error {
	all, err := r.accounts.Workspaces(ctx)
	if err != nil {
		return err
	}
	now := r.clock.Now()
	for _, w := range all {
		due, err := r.store.digestsDue(ctx, w.ID, now)
		if err != nil {
			return err
		}
		for _, agentID := range due {
			s, err := r.settings(ctx, w.ID, agentID)
			if err == nil {
				err = r.store.setDigest(ctx, w.ID, agentID, s.nextDigest(now))
			}
			if err == nil {
				_, err = r.jobs.Enqueue(ctx, job.New{WorkspaceID: w.ID, Kind: digestJob, Args: mailArgs{agentID}, UniqueKey: fmt.Sprintf("digest:%d:%d", w.ID, agentID)})
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// mailDigest does the job: all that is unseen, in one mail. With nothing unseen
// there is none.
func (r *Room) mailDigest(ctx context.Context, j job.Job) error {
	const op = "notification.mailDigest"
	var args mailArgs
	if err := j.Args(&args); err != nil {
		return err
	}
	who, err := r.accounts.Agent(ctx, j.WorkspaceID, args.AgentID)
	if err != nil || who.State != account.Active {
		return fault.Wrap(op, orGone(err))
	}
	groups, unseen, err := r.List(ctx, account.Actor{Kind: account.KindAgent, WorkspaceID: who.WorkspaceID, AgentID: who.ID}, lettersHold)
	if err != nil || unseen == 0 {
		return fault.Wrap(op, err)
	}
	s, err := r.settings(ctx, j.WorkspaceID, args.AgentID)
	if err != nil {
		return fault.Wrap(op, err)
	}
	w, err := r.accounts.Workspace(ctx, j.WorkspaceID)
	if err != nil {
		return fault.Wrap(op, err)
	}
	_, text := mailed{groups: groups[:min(unseen, len(groups))]}.words(who.Language, s.HideWords)
	subject := say(who.Language, "digest", "{workspace}", w.Name, "{count}", strconv.Itoa(unseen))
	return fault.Wrap(op, r.store.within(ctx, func(ctx context.Context) error {
		if err := r.jobs.Done(ctx, j); err != nil {
			return err
		}
		return r.write(ctx, who, subject, text, "/notifications")
	}))
}
