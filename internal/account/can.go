package account

import (
	"maps"
	"slices"

	"rapport/internal/platform/fault"
)

// Action is something that can be allowed or forbidden.
type Action string

// The actions of the product, one for each thing its operations do.
const (
	ProfileEdit   Action = "profile.edit"   // one's own
	SessionManage Action = "session.manage" // one's own
	KeyManage     Action = "key.manage"     // one's own

	WorkspaceRead Action = "workspace.read"
	WorkspaceEdit Action = "workspace.edit"
	AgentRead     Action = "agent.read"
	AgentManage   Action = "agent.manage"
	OwnerManage   Action = "owner.manage" // make, change and remove owners
	TeamRead      Action = "team.read"
	TeamManage    Action = "team.manage"
	InboxRead     Action = "inbox.read"
	InboxManage   Action = "inbox.manage"

	ConversationRead       Action = "conversation.read"
	ConversationMark       Action = "conversation.mark" // read position, presence
	ConversationStart      Action = "conversation.start"
	ConversationAssign     Action = "conversation.assign" // to an agent or a team
	ConversationStatus     Action = "conversation.status"
	ConversationPriority   Action = "conversation.priority"
	ConversationSnooze     Action = "conversation.snooze"
	ConversationTag        Action = "conversation.tag"
	ConversationSubject    Action = "conversation.subject"
	ConversationSpam       Action = "conversation.spam"
	ConversationTranscript Action = "conversation.transcript" // mail it to somebody
	ConversationDelete     Action = "conversation.delete"     // for ever

	Reply            Action = "message.reply"
	Note             Action = "message.note"
	DraftReply       Action = "draft.reply"
	DraftNote        Action = "draft.note"
	Reveal           Action = "message.reveal"  // read what is masked: whoever can, can prove to be the company
	DeliveryManage   Action = "delivery.manage" // take back while held, retry
	AttachmentUpload Action = "attachment.upload"

	AutomationRead  Action = "automation.read"  // see and use snippets and macros
	AutomationEdit  Action = "automation.edit"  // one's own
	AutomationShare Action = "automation.share" // those of all

	ContactRead Action = "contact.read"
	ContactEdit Action = "contact.edit"
	EventRead   Action = "event.read"  // the log, live updates
	OutboxRead  Action = "outbox.read" // captured mail of the demo

	ViewManage Action = "view.manage" // shared views; everybody has their own

	HealthRead  Action = "health.read"
	MailRead    Action = "mail.read"
	MailReplay  Action = "mail.replay"
	MailDiscard Action = "mail.discard"
	JobManage   Action = "job.manage"
	EventRetry  Action = "event.retry" // events a reader has parked
)

// needs is the table of roles: the lowest role that may do each action. An
// action without a row is nobody's.
var needs = map[Action]Role{
	ProfileEdit: Light, SessionManage: Light, KeyManage: Light,

	WorkspaceRead: Light, WorkspaceEdit: Admin,
	AgentRead: Light, AgentManage: Admin, OwnerManage: Owner,
	TeamRead: Light, TeamManage: Admin,
	InboxRead: Light, InboxManage: Admin,

	ConversationRead: Light, ConversationMark: Light,
	ConversationStart: Member, ConversationAssign: Member, ConversationStatus: Member,
	ConversationPriority: Member, ConversationSnooze: Member, ConversationTag: Member,
	ConversationSubject: Member, ConversationSpam: Member, ConversationTranscript: Member,
	ConversationDelete: Owner,

	Reply: Member, Note: Light, DraftReply: Member, DraftNote: Light,
	DeliveryManage: Member, AttachmentUpload: Light, Reveal: Admin,

	AutomationRead: Light, AutomationEdit: Member, AutomationShare: Admin,

	ContactRead: Light, ContactEdit: Member, EventRead: Light, OutboxRead: Light, ViewManage: Admin,

	HealthRead: Admin, MailRead: Admin, MailReplay: Admin, MailDiscard: Admin,
	JobManage: Admin, EventRetry: Admin,
}

// Object is what an action is done to: a thing of a workspace, in an inbox or
// (InboxID 0) in none. Scope is what the actor can see, as Room.Scope tells it.
type Object struct {
	WorkspaceID int64
	InboxID     int64
	Scope       Scope
}

// Can decides whether actor may do action to object. What the actor cannot see
// is NotFound, what it sees and may not do is Forbidden.
func Can(actor Actor, action Action, object Object) error {
	const op = "account.Can"
	if actor.WorkspaceID == 0 || actor.WorkspaceID != object.WorkspaceID {
		return fault.New(op, fault.NotFound, "")
	}
	if actor.Kind == KindSystem {
		return nil
	}
	if object.InboxID != 0 && !object.Scope.Includes(object.InboxID) {
		return fault.New(op, fault.NotFound, "")
	}
	if !actor.Role.Includes(needs[action]) {
		return fault.New(op, fault.Forbidden, "Your role does not allow this. Ask an owner or admin of the workspace.")
	}
	return nil
}

// Permissions lists the actions a role may do, sorted.
func Permissions(role Role) []string {
	var out []string
	for _, action := range slices.Sorted(maps.Keys(needs)) {
		if role.Includes(needs[action]) {
			out = append(out, string(action))
		}
	}
	return out
}

// may decides about the actor's own workspace as a whole.
func may(actor Actor, action Action) error {
	return Can(actor, action, Object{WorkspaceID: actor.WorkspaceID})
}
