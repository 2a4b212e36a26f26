// Package notices is how the API tells agents what concerns them, and lets them
// say how they want to be told.
package notices

import (
	"context"
	"time"

	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
	"rapport/internal/notification"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/webpush"
)

// Deps are the rooms whose verbs are offered.
type Deps struct {
	Notices *notification.Room
}

type server struct{ Deps }

// Register adds the operations to a list. All of them are about the caller alone.
func Register(list *operation.List, d Deps) {
	const tag = "Notifications"
	s := &server{d}
	operation.Add(list, operation.Route{Method: "GET", Path: "/notifications", ID: "list-notifications", Summary: "What I was told, by conversation, unseen first", Tag: tag}, s.list)
	operation.Add(list, operation.Route{Method: "PUT", Path: "/notifications/seen", ID: "see-notifications", Summary: "Mark those of a conversation, or all, as seen", Tag: tag}, s.see)
	operation.Add(list, operation.Route{Method: "GET", Path: "/notifications/settings", ID: "read-notification-settings", Summary: "How I am told", Tag: tag}, s.settings)
	operation.Add(list, operation.Route{Method: "PUT", Path: "/notifications/settings", ID: "set-notification-settings", Summary: "Set how I am told", Tag: tag}, s.setSettings)
	operation.Add(list, operation.Route{Method: "POST", Path: "/notifications/preview", ID: "preview-notifications", Summary: "What would have happened today with other settings", Tag: tag}, s.preview)
	operation.Add(list, operation.Route{Method: "GET", Path: "/push", ID: "read-push", Summary: "The key for browsers, and my browsers that are told while closed", Tag: tag}, s.push)
	operation.Add(list, operation.Route{Method: "POST", Path: "/push/subscriptions", ID: "add-push-subscription", Summary: "Have this browser told while it is closed", Tag: tag, Status: 201}, s.subscribe)
	operation.Add(list, operation.Route{Method: "DELETE", Path: "/push/subscriptions/{id}", ID: "delete-push-subscription", Summary: "Have a browser told no more", Tag: tag}, s.unsubscribe)
	operation.Add(list, operation.Route{Method: "POST", Path: "/push/test", ID: "test-push", Summary: "Send a push to all my browsers now", Tag: tag}, s.try)
}

// Notifications are what the caller was told.
type Notifications struct {
	Items  []Notification `json:"items"`
	Unseen int            `json:"unseen" doc:"Conversations that hold something unseen, also those behind the end of the list."`
}

// Notification is what the caller was told of one conversation.
type Notification struct {
	ConversationID int64     `json:"conversation_id"`
	Number         int64     `json:"number"`
	Subject        string    `json:"subject"`
	InboxID        int64     `json:"inbox_id"`
	Unseen         int       `json:"unseen"`
	Total          int       `json:"total"`
	Event          string    `json:"event" enum:"mention,assigned,undelivered,reply,followed,unassigned" doc:"The newest."`
	Actor          Doer      `json:"actor"`
	Excerpt        string    `json:"excerpt"`
	Position       int64     `json:"position"`
	At             time.Time `json:"at"`
}

// Doer is who did it.
type Doer struct {
	Kind string `json:"kind" enum:"contact,agent,bot,system"`
	ID   *int64 `json:"id"`
	Name string `json:"name"`
}

// SetSeen is what is marked, and what is left.
type SetSeen struct {
	ConversationID *int64 `json:"conversation_id" doc:"null: all."`
}

// Unseen is what is still unseen.
type Unseen struct {
	Unseen int `json:"unseen"`
}

// NotificationSettings are how the caller is told.
type NotificationSettings struct {
	Matrix          []NotificationWays `json:"matrix" maxItems:"20" doc:"Events that are left out are told as usual."`
	HideWords       bool               `json:"hide_words" doc:"Pushes and mails say only that there is something."`
	Digest          bool               `json:"digest" doc:"A mail at eight with what is unseen."`
	Quiet           QuietHours         `json:"quiet"`
	WatchedInboxIDs []int64            `json:"watched_inbox_ids" maxItems:"1000" doc:"Inboxes whose new conversations the caller is told of."`
}

// NotificationWays are how one event reaches the caller.
type NotificationWays struct {
	Event string `json:"event" enum:"mention,assigned,undelivered,reply,followed,unassigned"`
	App   bool   `json:"app"`
	Sound bool   `json:"sound"`
	Push  bool   `json:"push"`
	Mail  bool   `json:"mail"`
}

// QuietHours are when nothing but the screen speaks.
type QuietHours struct {
	On       bool   `json:"on"`
	From     string `json:"from" maxLength:"5"`
	To       string `json:"to" maxLength:"5"`
	Weekend  bool   `json:"weekend" doc:"Saturdays and Sundays are quiet as a whole."`
	TimeZone string `json:"time_zone" maxLength:"100"`
	Urgent   bool   `json:"urgent" doc:"What is urgent is told all the same."`
}

// NotificationPreview is what would have happened today.
type NotificationPreview struct {
	Items  []PreviewedNotification `json:"items" doc:"The newest."`
	Totals NotificationTotals      `json:"totals"`
}

// NotificationTotals count each way.
type NotificationTotals struct {
	App   int `json:"app"`
	Sound int `json:"sound"`
	Push  int `json:"push"`
	Mail  int `json:"mail" doc:"Letters: one may be about several."`
}

// PreviewedNotification is one event of today.
type PreviewedNotification struct {
	ConversationID int64            `json:"conversation_id"`
	Number         int64            `json:"number"`
	Subject        string           `json:"subject"`
	Actor          Doer             `json:"actor"`
	At             time.Time        `json:"at"`
	Ways           NotificationWays `json:"ways"`
}

// Push is what a browser needs to be told while it is closed.
type Push struct {
	PublicKey string        `json:"public_key" doc:"The applicationServerKey, base64url."`
	Browsers  []PushBrowser `json:"browsers"`
}

// PushBrowser is one of the caller's browsers.
type PushBrowser struct {
	ID        int64      `json:"id"`
	Device    string     `json:"device"`
	CreatedAt time.Time  `json:"created_at"`
	ReachedAt *time.Time `json:"reached_at"`
}

// NewPushBrowser is what PushManager.subscribe gives a browser.
type NewPushBrowser struct {
	Endpoint string `json:"endpoint" maxLength:"1000"`
	P256DH   string `json:"p256dh" maxLength:"200" doc:"base64url"`
	Auth     string `json:"auth" maxLength:"100" doc:"base64url"`
	Device   string `json:"device,omitempty" maxLength:"200"`
}

// PushTrial is what became of a push that was sent to see whether it arrives.
type PushTrial struct {
	Reached int    `json:"reached"`
	Gone    int    `json:"gone" doc:"Browsers that have ended it; they are forgotten."`
	Failed  int    `json:"failed"`
	Reason  string `json:"reason" words:"yes"`
}

type listQuery struct {
	Limit int `query:"limit" minimum:"1" maximum:"50" default:"50"`
}

func (s *server) list(ctx context.Context, in *listQuery) (*shape.Body[Notifications], error) {
	groups, unseen, err := s.Notices.List(ctx, gate.Actor(ctx), in.Limit)
	return shape.One(Notifications{shape.Each(groups, notificationOf), unseen}), err
}

func notificationOf(g notification.Group) Notification {
	return Notification{ConversationID: g.ConversationID, Number: g.Number, Subject: g.Subject, InboxID: g.InboxID, Unseen: g.Unseen, Total: g.Total,
		Event: string(g.Newest.Event), Actor: actorOf(g), Excerpt: g.Excerpt, Position: g.Newest.Position, At: g.Newest.At}
}

func actorOf(g notification.Group) Doer {
	kind := g.Newest.ActorKind
	if kind == "" {
		kind = "system"
	}
	return Doer{kind, shape.IDOrNull(g.Newest.ActorID), g.Who}
}

func (s *server) see(ctx context.Context, in *shape.With[SetSeen]) (*shape.Body[Unseen], error) {
	left, err := s.Notices.See(ctx, gate.Actor(ctx), shape.Value(in.Body.ConversationID))
	return shape.One(Unseen{left}), err
}

func (s *server) settings(ctx context.Context, _ *shape.None) (*shape.Body[NotificationSettings], error) {
	v, err := s.Notices.Settings(ctx, gate.Actor(ctx))
	return shape.One(settingsOf(v)), err
}

func settingsOf(v notification.Settings) NotificationSettings {
	out := NotificationSettings{HideWords: v.HideWords, Digest: v.Digest, Quiet: QuietHours(v.Quiet), WatchedInboxIDs: shape.Filled(v.Watched)}
	for _, e := range notification.Events {
		out.Matrix = append(out.Matrix, waysOf(e, v.Matrix[e]))
	}
	return out
}

func waysOf(e notification.Event, w notification.Ways) NotificationWays {
	return NotificationWays{string(e), w.App, w.Sound, w.Push, w.Mail}
}

func (v NotificationSettings) settings() notification.Settings {
	out := notification.Settings{Matrix: map[notification.Event]notification.Ways{}, HideWords: v.HideWords, Digest: v.Digest, Quiet: notification.Quiet(v.Quiet), Watched: v.WatchedInboxIDs}
	for _, w := range v.Matrix {
		out.Matrix[notification.Event(w.Event)] = notification.Ways{App: w.App, Sound: w.Sound, Push: w.Push, Mail: w.Mail}
	}
	return out
}

func (s *server) setSettings(ctx context.Context, in *shape.With[NotificationSettings]) (*shape.Body[NotificationSettings], error) {
	v, err := s.Notices.Change(ctx, gate.Actor(ctx), in.Body.settings())
	return shape.One(settingsOf(v)), err
}

// previewed is how many lines a preview shows.
const previewed = 20

func (s *server) preview(ctx context.Context, in *shape.With[NotificationSettings]) (*shape.Body[NotificationPreview], error) {
	lines, totals, err := s.Notices.Preview(ctx, gate.Actor(ctx), in.Body.settings(), previewed)
	return shape.One(NotificationPreview{shape.Each(lines, func(l notification.Line) PreviewedNotification {
		return PreviewedNotification{l.ConversationID, l.Number, l.Subject, actorOf(l.Group), l.Newest.At, waysOf(l.Newest.Event, l.Ways)}
	}), NotificationTotals(totals)}), err
}

func (s *server) push(ctx context.Context, _ *shape.None) (*shape.Body[Push], error) {
	actor := gate.Actor(ctx)
	key, err := s.Notices.PublicKey(ctx)
	if err != nil {
		return nil, err
	}
	browsers, err := s.Notices.Subscriptions(ctx, actor)
	return shape.One(Push{key, shape.Each(browsers, browserOf)}), err
}

func browserOf(b notification.Browser) PushBrowser {
	return PushBrowser{b.ID, b.Device, b.CreatedAt, shape.TimeOrNull(b.ReachedAt)}
}

func (s *server) subscribe(ctx context.Context, in *shape.With[NewPushBrowser]) (*shape.Body[PushBrowser], error) {
	const op = "notices.subscribe"
	key, err := webpush.Text(in.Body.P256DH)
	if err != nil {
		return nil, fault.InvalidField(op, "p256dh", "This is no base64url.")
	}
	secret, err := webpush.Text(in.Body.Auth)
	if err != nil {
		return nil, fault.InvalidField(op, "auth", "This is no base64url.")
	}
	b, err := s.Notices.Subscribe(ctx, gate.Actor(ctx), webpush.Subscription{Endpoint: in.Body.Endpoint, P256DH: key, Auth: secret}, in.Body.Device)
	return shape.One(browserOf(b)), err
}

func (s *server) unsubscribe(ctx context.Context, in *shape.ByID) (*shape.None, error) {
	return nil, s.Notices.Unsubscribe(ctx, gate.Actor(ctx), in.ID)
}

func (s *server) try(ctx context.Context, _ *shape.None) (*shape.Body[PushTrial], error) {
	t, err := s.Notices.Try(ctx, gate.Actor(ctx))
	return shape.One(PushTrial(t)), err
}
