package httpapi

import "time"

// Inbox is one door of the company: an address on a channel.
type Inbox struct {
	ID           int64                 `json:"id"`
	Key          string                `json:"key"`
	Name         string                `json:"name"`
	Channel      string                `json:"channel" enum:"email"`
	Address      string                `json:"address"`
	Email        OrNull[EmailSettings] `json:"email" doc:"Only for those who may manage inboxes."`
	ReplyStatus  string                `json:"reply_status" enum:"pending,open,closed"`
	ReopenDays   int                   `json:"reopen_days"`
	Signature    string                `json:"signature"`
	MemberAgents []int64               `json:"member_agent_ids"`
	MemberTeams  []int64               `json:"member_team_ids"`
	State        string                `json:"state" enum:"ok,trouble"`
	StateMessage string                `json:"state_message"`
	LastFetchAt  *time.Time            `json:"last_fetch_at"`
}

type EmailSettings struct {
	Address string             `json:"address"`
	SMTP    OrNull[MailServer] `json:"smtp"`
	IMAP    OrNull[MailBox]    `json:"imap"`
}

// MailServer is how mail leaves. Passwords never come back.
type MailServer struct {
	Host        string `json:"host"`
	Port        int    `json:"port"`
	Security    string `json:"security" enum:"none,starttls,tls"`
	Username    string `json:"username"`
	HasPassword bool   `json:"has_password"`
}

// MailBox is where mail is fetched.
type MailBox struct {
	Host        string `json:"host"`
	Port        int    `json:"port"`
	Security    string `json:"security" enum:"none,starttls,tls"`
	Username    string `json:"username"`
	HasPassword bool   `json:"has_password"`
	Folder      string `json:"folder"`
}

type NewEmailSettings struct {
	Address string         `json:"address" maxLength:"320"`
	SMTP    *NewMailServer `json:"smtp,omitempty"`
	IMAP    *NewMailServer `json:"imap,omitempty"`
}

// NewMailServer leaves a stored password as it is when password is absent.
type NewMailServer struct {
	Host        string  `json:"host" maxLength:"255"`
	Port        int     `json:"port" minimum:"0" maximum:"65535"`
	Security    string  `json:"security" enum:"none,starttls,tls"`
	Username    string  `json:"username,omitempty" maxLength:"320"`
	Password    *string `json:"password,omitempty" maxLength:"1000"`
	Folder      string  `json:"folder,omitempty" maxLength:"255"`
	HasPassword bool    `json:"has_password,omitempty" doc:"Ignored: what was read may be sent back."`
}

type NewInbox struct {
	Name    string            `json:"name"`
	Channel string            `json:"channel" enum:"email"`
	Email   *NewEmailSettings `json:"email,omitempty"`
}

type InboxChange struct {
	Name        *string           `json:"name,omitempty"`
	Email       *NewEmailSettings `json:"email,omitempty"`
	ReplyStatus *string           `json:"reply_status,omitempty" enum:"pending,open,closed"`
	ReopenDays  *int              `json:"reopen_days,omitempty" minimum:"0" maximum:"3650"`
	Signature   *string           `json:"signature,omitempty"`
}

type Members struct {
	AgentIDs []int64 `json:"agent_ids" maxItems:"10000"`
	TeamIDs  []int64 `json:"team_ids" maxItems:"10000"`
}

type NewMembers struct {
	AgentIDs []int64 `json:"agent_ids,omitempty" maxItems:"10000"`
	TeamIDs  []int64 `json:"team_ids,omitempty" maxItems:"10000"`
}

type InboxTest struct {
	Email   NewEmailSettings `json:"email"`
	InboxID *int64           `json:"inbox_id,omitempty" doc:"Keeps the stored passwords of this inbox."`
}

type InboxTestResult struct {
	Checks []ConnectionCheck `json:"checks"`
}

type ConnectionCheck struct {
	Name    string `json:"name" enum:"smtp,imap,address"`
	State   string `json:"state" enum:"ok,warning,failed"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

func (s *Server) inboxRoutes() {
	const tag = "Inboxes"
	add(s, route{method: "GET", path: "/inboxes", id: "list-inboxes", summary: "The inboxes in my sight", tag: tag}, todo[None, Body[Page[Inbox]]])
	add(s, route{method: "POST", path: "/inboxes", id: "create-inbox", summary: "Make an inbox", tag: tag, status: 201, makes: true}, todo[With[NewInbox], Body[Inbox]])
	add(s, route{method: "POST", path: "/inboxes/test", id: "test-inbox", summary: "Try the settings of an inbox", tag: tag}, todo[With[InboxTest], Body[InboxTestResult]])
	add(s, route{method: "GET", path: "/inboxes/{id}", id: "read-inbox", summary: "One inbox", tag: tag}, todo[ByID, Body[Inbox]])
	add(s, route{method: "PATCH", path: "/inboxes/{id}", id: "change-inbox", summary: "Change an inbox", tag: tag}, todo[On[InboxChange], Body[Inbox]])
	add(s, route{method: "DELETE", path: "/inboxes/{id}", id: "delete-inbox", summary: "Delete an inbox", tag: tag}, todo[ByID, None])
	add(s, route{method: "GET", path: "/inboxes/{id}/members", id: "read-inbox-members", summary: "Who sees an inbox", tag: tag}, todo[ByID, Body[Members]])
	add(s, route{method: "PUT", path: "/inboxes/{id}/members", id: "set-inbox-members", summary: "Set who sees an inbox", tag: tag}, todo[On[NewMembers], Body[Members]])
}
