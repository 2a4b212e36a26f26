package notification

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
	"rapport/internal/platform/webpush"
)

const (
	pushJob    = "notification.push"    // looks whether something is still unseen
	deliverJob = "notification.deliver" // brings it to one browser
)

type pushArgs struct {
	AgentID        int64 `json:"agent_id"`
	ConversationID int64 `json:"conversation_id"`
}

type deliverArgs struct {
	AgentID        int64 `json:"agent_id"`
	ConversationID int64 `json:"conversation_id"`
	SubscriptionID int64 `json:"subscription_id"`
}

// payload is what the service worker of the app is given.
type payload struct {
	Title string `json:"title"`
	Body  string `json:"body"`
	Tag   string `json:"tag"` // a newer one with the same takes the place of the older
	URL   string `json:"url"`
	Count int    `json:"count"` // conversations that hold something unseen
}

// Times of a push.
const (
	pushTTL  = 4 * time.Hour // for a browser that is away
	pushLate = time.Hour     // later than this it helps nobody
)

// unsent is what an agent may still be told outside the app of one conversation.
type unsent struct {
	Group
	settings Settings
	language string
	count    int
	urgent   bool
}

// lookForPush does the job: what still waits to be pushed, and is still unseen
// and in sight, goes to all browsers of the agent. All that has come together is
// one push.
func (r *Room) lookForPush(ctx context.Context, j job.Job) error {
	const op = "notification.lookForPush"
	var args pushArgs
	if err := j.Args(&args); err != nil {
		return err
	}
	waits, err := r.store.waits(ctx, j.WorkspaceID, args.AgentID, args.ConversationID)
	if err != nil || !waits {
		return fault.Wrap(op, err)
	}
	_, speaks, err := r.unsent(ctx, j.WorkspaceID, args.AgentID, args.ConversationID)
	if err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, r.store.within(ctx, func(ctx context.Context) error {
		if err := r.jobs.Done(ctx, j); err != nil {
			return err
		}
		browsers, err := r.store.subscriptions(ctx, j.WorkspaceID, args.AgentID)
		if err != nil {
			return err
		}
		state := Sent
		if !speaks || len(browsers) == 0 {
			state, browsers = Dropped, nil
		}
		taken, err := r.store.takePushes(ctx, j.WorkspaceID, args.AgentID, args.ConversationID, state)
		if err != nil || !taken {
			return err // seen in this moment
		}
		for _, b := range browsers {
			if _, err := r.jobs.Enqueue(ctx, job.New{WorkspaceID: j.WorkspaceID, Kind: deliverJob, Target: fmt.Sprint("agent:", args.AgentID),
				Args: deliverArgs{args.AgentID, args.ConversationID, b.ID}}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// unsent is what an agent was told of a conversation and has not seen. speaks is
// false when there is nothing to say now: it was seen, has left their sight, or
// the hours are quiet.
func (r *Room) unsent(ctx context.Context, workspaceID, agentID, conversationID int64) (u unsent, speaks bool, err error) {
	who, err := r.accounts.Agent(ctx, workspaceID, agentID)
	if err != nil || who.State != account.Active {
		return u, false, orGone(err)
	}
	scope, err := r.accounts.Scope(ctx, account.Actor{Kind: account.KindAgent, WorkspaceID: workspaceID, AgentID: agentID})
	if err != nil {
		return u, false, err
	}
	if u.Group, u.urgent, err = r.store.unseenOf(ctx, workspaceID, agentID, conversationID, scope); err != nil {
		return u, false, orGone(err)
	}
	if u.settings, err = r.settings(ctx, workspaceID, agentID); err != nil {
		return u, false, err
	}
	if u.settings.hushed(r.clock.Now(), u.urgent) {
		return u, false, nil
	}
	u.language = who.Language
	u.count, err = r.store.countUnseen(ctx, workspaceID, agentID, scope)
	return u, err == nil, err
}

// deliver does the job: one browser, one push. It looks once more, since a push
// service that was away may have made it wait.
func (r *Room) deliver(ctx context.Context, j job.Job) error {
	const op = "notification.deliver"
	var args deliverArgs
	if err := j.Args(&args); err != nil {
		return err
	}
	to, err := r.store.subscription(ctx, j.WorkspaceID, args.AgentID, args.SubscriptionID)
	if err != nil {
		return fault.Wrap(op, orGone(err))
	}
	u, speaks, err := r.unsent(ctx, j.WorkspaceID, args.AgentID, args.ConversationID)
	if err != nil || !speaks || r.clock.Now().Sub(j.CreatedAt) > pushLate {
		return fault.Wrap(op, err)
	}
	answer, err := r.post(ctx, to, u.payload(), u.urgent, fmt.Sprint("c", args.ConversationID))
	if answer.Outcome == webpush.Wait && answer.After > 0 {
		return job.Later(answer.After, err.Error())
	}
	if answer.Outcome == webpush.Refused {
		return job.Permanent(fault.Wrap(op, err))
	}
	if answer.Outcome == webpush.Gone {
		return nil
	}
	return fault.Wrap(op, err)
}

// post sends a payload to one browser, and notes what became of it: a browser
// that has gone is forgotten.
func (r *Room) post(ctx context.Context, to browser, p payload, urgent bool, topic string) (webpush.Answer, error) {
	at, err := r.open(to)
	if err != nil {
		return webpush.Answer{Outcome: webpush.Refused}, err
	}
	key, err := r.signingKey(ctx)
	if err != nil {
		return webpush.Answer{Outcome: webpush.Wait}, err
	}
	body, err := json.Marshal(p)
	if err != nil {
		return webpush.Answer{Outcome: webpush.Refused}, err
	}
	answer, err := r.pushes.Send(ctx, key, at, webpush.Message{Payload: body, Topic: topic, TTL: pushTTL, Urgent: urgent})
	switch answer.Outcome {
	case webpush.Gone:
		if failed := r.store.forgetSubscription(ctx, to.WorkspaceID, to.AgentID, to.ID); failed != nil {
			err = failed
		}
	case webpush.Taken:
		err = r.store.reached(ctx, to, r.clock.Now())
	}
	return answer, err
}

// payload puts it into words, in the agent's language.
func (u unsent) payload() payload {
	p := payload{Tag: fmt.Sprint("conversation-", u.ConversationID), URL: fmt.Sprint("/c/", u.ConversationID), Count: u.count}
	if u.settings.HideWords {
		p.Title = say(u.language, "hidden")
		return p
	}
	p.Title, p.Body = u.title(u.language), u.Excerpt
	if p.Body == "" || u.Newest.Event == Undelivered || u.Newest.Event == Assigned {
		p.Body = u.about()
	}
	return p
}
