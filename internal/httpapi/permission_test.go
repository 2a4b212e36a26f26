package httpapi

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/httpapi/macroset"
	"rapport/internal/httpapi/many"
	"rapport/internal/httpapi/shape"
	"rapport/internal/httpapi/viewset"
	"rapport/internal/platform/db"
	"rapport/internal/platform/event"
	"rapport/internal/platform/job"
	"rapport/internal/testkit"
)

// cast is everybody who might send a request, in a world with two workspaces
// and two inboxes. The inbox all of it is about is seen by light and agent,
// not by outsider; stranger owns another workspace.
type cast struct {
	*world
	workspaceID, inbox, other int64
	contact                   int64
	callers                   map[string]caller
}

// order is how the columns of the table stand.
var order = []string{"nobody", "light", "agent", "outsider", "admin", "owner", "stranger"}

func newCast(t testing.TB) *cast {
	w := newWorld(t)
	owner := w.found()
	c := &cast{world: w, workspaceID: w.workspaceID()}
	c.inbox, c.other = owner.inbox("Fish"), owner.inbox("Boats")
	c.callers = map[string]caller{
		"nobody": {w: w}, "owner": owner, "light": w.join(owner, "Lea", "light", c.inbox), "agent": w.join(owner, "Piotr", "agent", c.inbox),
		"outsider": w.join(owner, "Nils", "agent", c.other), "admin": w.join(owner, "Ada", "admin"),
	}
	_, err := db.Exec(context.Background(), w.d, "DELETE FROM setup_done")
	testkit.Require(t, err)
	f, err := w.Accounts.SetupDirect(context.Background(), account.Setup{Workspace: "Elsewhere", Name: "Sam", Email: "sam@elsewhere.example", Password: password})
	testkit.Require(t, err)
	c.callers["stranger"] = caller{w: w, token: f.Token, id: f.AgentID}
	var v Contact
	owner.do("POST", "/contacts", map[string]any{"name": "Ewa"}).want(201).into(&v)
	c.contact = v.ID
	return c
}

// call is one request about something made for it.
type call struct {
	path string
	body any
}

// Expectations that many operations share, in the order above.
const (
	open    = "200 200 200 200 200 200 200"
	mine    = "401 200 200 200 200 200 200" // about oneself, or a list of one's own workspace
	mineGo  = "401 204 204 204 204 204 204"
	mineNew = "401 201 201 201 201 201 201"
	admins  = "401 403 403 403 200 200 404"
	adminGo = "401 403 403 403 204 204 404"
	seen    = "401 200 200 404 200 200 404" // read by all who see the inbox
	seenGo  = "401 204 204 404 204 204 404"
	work    = "401 403 200 404 200 200 404" // done by agents who see the inbox
)

// row says what an operation answers to whom.
type row struct {
	operation string
	want      string
	make      func(c *cast, who caller) call // nil: the path as it is, without a body
}

func body(v map[string]any) func(*cast, caller) call {
	return func(*cast, caller) call { return call{body: v} }
}

// at fills in the path with ids made by each of the given.
func at(v map[string]any, ids ...func(*cast, caller) int64) func(*cast, caller) call {
	return func(c *cast, who caller) call {
		path := ""
		for _, make := range ids {
			path += fmt.Sprint(make(c, who)) + " "
		}
		return call{path: path, body: v}
	}
}

func aConversation(c *cast, _ caller) int64 {
	id, _ := c.arrive(c.workspaceID, c.inbox, "Nets", "My nets are torn.")
	return id
}

// aBulkChange is one that the owner has made.
func aBulkChange(c *cast, who caller) int64 {
	var v many.BulkChange
	c.callers["owner"].do("POST", "/bulk-changes", map[string]any{"ids": []int64{aConversation(c, who)}, "do": "status", "status": "closed"}).want(200).into(&v)
	return v.ID
}

func aContact(c *cast, _ caller) int64 { return c.contact }
func theInbox(c *cast, _ caller) int64 { return c.inbox }

// aChat is a new inbox that nobody but owners and admins sees.
func aChat(c *cast, _ caller) int64 {
	return c.callers["owner"].chat(fmt.Sprint("Chat", c.arrived.Add(1)), nil).ID
}
func piotr(c *cast, _ caller) int64 { return c.callers["agent"].id }

// aMessage is a customer's message, as path ids of conversation and message.
func aMessage(c *cast, _ caller) call {
	conversation, message := c.arrive(c.workspaceID, c.inbox, "Nets", "My nets are torn.")
	return call{path: fmt.Sprint(conversation, message)}
}

// aMasked is a mail that carries a sign-in code.
func aMasked(c *cast, _ caller) call {
	conversation, message := c.arriveAs(c.inbox, "no-reply@slack.com", func(in *channel.Inbound) {
		in.WorkspaceID, in.Subject, in.Text = c.workspaceID, "Your code: 4711", "Your code is 4711."
		in.Credential = &channel.Credential{Kind: "code", Provider: "Slack", Domain: "slack.com", Phrase: "code"}
	})
	return call{path: fmt.Sprint(conversation, message)}
}

// aForward is a customer's mail that a teammate has forwarded.
func aForward(c *cast, _ caller) int64 {
	var me Me
	c.callers["owner"].do("GET", "/me", nil).want(200).into(&me)
	conversation, _ := c.passedIn(c.inbox, me.Agent.Email)
	return conversation
}

func aSharedView(c *cast, _ caller) int64 {
	var v viewset.View
	c.callers["owner"].do("POST", "/views", map[string]any{"name": fmt.Sprint("View", c.arrived.Add(1)), "shared": true, "conditions": conditions()}).want(201).into(&v)
	return v.Saved.Value.ID
}

// aReply is a reply of the owner that is still held.
func aReply(c *cast, _ caller) call {
	conversation := aConversation(c, caller{})
	var m Message
	c.callers["owner"].do("POST", "/conversations/"+id(conversation)+"/messages", map[string]any{"kind": "reply", "text": "Come by.", "hold_seconds": 60}).want(201).into(&m)
	return call{path: fmt.Sprint(conversation, m.ID)}
}

func anAgent(c *cast, _ caller) int64 {
	n := c.arrived.Add(1)
	return c.join(c.callers["owner"], fmt.Sprint("Extra", n), "agent").id
}

func anInvited(c *cast, _ caller) int64 {
	var v Invited
	c.callers["owner"].do("POST", "/agents", map[string]any{"email": fmt.Sprintf("new%d@harbour.example", c.arrived.Add(1)), "name": "New", "role": "agent"}).want(201).into(&v)
	return v.Agent.ID
}

func aTeam(c *cast, _ caller) int64 {
	var v Team
	c.callers["owner"].do("POST", "/teams", map[string]any{"name": fmt.Sprint("Team", c.arrived.Add(1))}).want(201).into(&v)
	return v.ID
}

func aCompany(c *cast, _ caller) int64 {
	var v Company
	c.callers["owner"].do("POST", "/companies", map[string]any{"name": fmt.Sprint("Company", c.arrived.Add(1))}).want(201).into(&v)
	return v.ID
}

func aJob(c *cast, _ caller) int64 {
	id, err := c.Jobs.Enqueue(context.Background(), job.New{WorkspaceID: c.workspaceID, Kind: "test"})
	testkit.Require(c.t, err)
	return id
}

func aSnippet(c *cast, _ caller) int64 {
	var v macroset.Snippet
	c.callers["owner"].do("POST", "/snippets", map[string]any{"name": "Thanks", "text": "Thank you.", "shared": true}).want(201).into(&v)
	return v.ID
}

func aMacro(c *cast, _ caller) int64 {
	var v macroset.Macro
	c.callers["owner"].do("POST", "/macros", map[string]any{"name": "Done", "shared": true, "actions": []any{map[string]any{"do": "status", "status": "closed"}}}).want(201).into(&v)
	return v.ID
}

// withName makes a body whose name nobody has used.
func withName(field string, rest map[string]any) func(*cast, caller) call {
	return func(c *cast, _ caller) call {
		v := map[string]any{field: fmt.Sprintf("new%d", c.arrived.Add(1))}
		for k, r := range rest {
			v[k] = r
		}
		return call{body: v}
	}
}

// table has a row for every operation: one without a row fails.
var table = []row{
	{"GET /setup", open, nil},
	{"POST /setup", "409 409 409 409 409 409 409", func(*cast, caller) call {
		return call{body: map[string]any{"token": "x", "workspace": "Pirates", "name": "Jack", "email": "jack@sea.example", "password": password}}
	}},
	{"POST /session", "401 401 401 401 401 401 401", withName("email", map[string]any{"password": "wrong"})},
	{"DELETE /session", mineGo, nil},
	{"GET /sessions", mine, nil},
	{"DELETE /sessions/{id}", "401 404 404 404 404 404 404", at(nil, theInbox)},
	{"POST /password-resets", "202 202 202 202 202 202 202", body(map[string]any{"email": "a@b.example"})},
	{"PUT /password-resets/{token}", "404 404 404 404 404 404 404", at(map[string]any{"password": password}, theInbox)},
	{"GET /invitations/{token}", "404 404 404 404 404 404 404", at(nil, theInbox)},
	{"PUT /invitations/{token}", "404 404 404 404 404 404 404", at(map[string]any{"name": "X", "password": password}, theInbox)},

	{"GET /me", mine, nil},
	{"PATCH /me", mine, body(map[string]any{"theme": "dark"})},
	{"PUT /me/password", "401 422 422 422 422 422 422", body(map[string]any{"current": "wrong", "new": password})},
	{"PUT /me/photo", "401 422 422 422 422 422 422", nil},
	{"DELETE /me/photo", mineGo, nil},
	{"POST /me/totp", mine, nil},
	{"PUT /me/totp", "401 422 422 422 422 422 422", body(map[string]any{"code": "000000"})},
	{"DELETE /me/totp", mineGo, nil},

	{"GET /agents", mine, nil},
	{"POST /agents", "401 403 403 403 201 201 201", func(c *cast, _ caller) call {
		return call{body: map[string]any{"email": fmt.Sprintf("n%d@harbour.example", c.arrived.Add(1)), "name": "N", "role": "agent"}}
	}},
	{"PATCH /agents/{id}", admins, at(map[string]any{"name": "Piotr"}, piotr)},
	{"POST /agents/{id}/invitation", admins, at(nil, anInvited)},
	{"GET /agents/{id}/open-work", admins, at(nil, piotr)},
	{"POST /agents/{id}/deactivation", admins, at(map[string]any{}, anAgent)},
	{"DELETE /agents/{id}/deactivation", admins, at(nil, piotr)},
	{"GET /agents/{id}/photo", "401 404 404 404 404 404 404", at(nil, piotr)},

	{"GET /teams", mine, nil},
	{"POST /teams", "401 403 403 403 201 201 201", withName("name", nil)},
	{"PATCH /teams/{id}", admins, at(map[string]any{"agent_ids": []int64{}}, aTeam)},
	{"DELETE /teams/{id}", adminGo, at(nil, aTeam)},

	{"GET /api-keys", mine, nil},
	{"POST /api-keys", mineNew, body(map[string]any{"name": "k"})},
	{"DELETE /api-keys/{id}", "401 404 404 404 404 404 404", at(nil, theInbox)},
	{"GET /workspace", mine, nil},
	{"PATCH /workspace", "401 403 403 403 200 200 200", body(map[string]any{"language": "en"})},

	{"GET /inboxes", mine, nil},
	{"POST /inboxes", "401 403 403 403 201 201 201", func(c *cast, _ caller) call {
		return call{body: map[string]any{"name": "N", "channel": "email", "email": map[string]any{"address": fmt.Sprintf("n%d@h.example", c.arrived.Add(1))}}}
	}},
	{"POST /inboxes/test", "401 403 403 403 200 200 200", body(map[string]any{"email": map[string]any{"address": "a@b.example"}})},
	{"POST /inboxes/recognise", "401 403 403 403 503 503 503", body(map[string]any{"address": "a@gmail.com"})},
	{"POST /inboxes/{id}/round-trip", "401 404 404 404 201 201 404", at(map[string]any{}, func(c *cast, _ caller) int64 { return c.callers["owner"].inbox(fmt.Sprint("In", c.arrived.Add(1))) })},
	{"GET /inboxes/{id}/round-trip", "401 403 403 404 200 200 404", at(nil, theInbox)},
	{"POST /mail-authorizations", "401 403 403 403 503 503 503", body(map[string]any{"address": "a@gmail.com", "provider": "google"})},
	{"POST /mail-authorizations/completion", "401 403 403 403 503 503 503", body(map[string]any{"state": "x", "code": "y"})},
	{"GET /mail-authorizations/apps", "401 403 403 403 503 503 503", nil},
	{"GET /mail-authorizations/{id}", "401 403 403 403 503 503 503", at(nil, theInbox)},
	{"POST /mail-domains/check", "401 403 403 403 503 503 503", body(map[string]any{"address": "a@b.example", "smtp_host": "mail.b.example", "check": "spf"})},
	{"POST /mail-domains/keys", "401 403 403 403 503 503 503", body(map[string]any{"address": "a@b.example"})},
	{"POST /form-previews", "401 403 403 403 200 200 200", body(map[string]any{"form": map[string]any{}})},
	{"GET /inboxes/{id}", seen, at(nil, theInbox)},
	{"PATCH /inboxes/{id}", "401 403 403 404 200 200 404", at(map[string]any{"reopen_days": 7}, theInbox)},
	{"DELETE /inboxes/{id}", "401 404 404 404 204 204 404", at(nil, func(c *cast, _ caller) int64 { return c.callers["owner"].inbox(fmt.Sprint("In", c.arrived.Add(1))) })},
	{"POST /inboxes/{id}/identity-secret", "401 404 404 404 201 201 404", at(nil, aChat)},
	{"GET /inboxes/{id}/installation", "401 404 404 404 200 200 404", at(nil, aChat)},
	{"GET /inboxes/{id}/acknowledgement", "401 403 403 404 200 200 404", at(nil, theInbox)},
	{"PUT /inboxes/{id}/acknowledgement", "401 403 403 404 200 200 404", at(map[string]any{"on": true, "language": "en", "texts": []any{}}, theInbox)},
	{"POST /inboxes/{id}/acknowledgement/preview", "401 403 403 404 200 200 404", at(map[string]any{"language": "ko", "text": "", "name": "Ewa"}, theInbox)},
	{"GET /inboxes/{id}/members", seen, at(nil, theInbox)},
	{"PUT /inboxes/{id}/members", "401 404 404 404 200 200 404", at(map[string]any{}, func(c *cast, _ caller) int64 { return c.callers["owner"].inbox(fmt.Sprint("In", c.arrived.Add(1))) })},

	{"GET /conversations", mine, nil},
	{"POST /conversations", "401 403 201 404 201 201 422", func(c *cast, _ caller) call {
		return call{body: map[string]any{"inbox_id": c.inbox, "subject": "Hello", "to": []any{map[string]any{"address": "ewa@sea.example"}}, "text": "Hello"}}
	}},
	{"GET /conversations/{id}", seen, at(nil, aConversation)},
	{"DELETE /conversations/{id}", "401 403 403 404 403 204 404", at(nil, aConversation)},
	{"PUT /conversations/{id}/assignee", work, at(map[string]any{"assignee_id": nil}, aConversation)},
	{"PUT /conversations/{id}/team", work, at(map[string]any{"team_id": nil}, aConversation)},
	{"PUT /conversations/{id}/status", work, at(map[string]any{"status": "closed"}, aConversation)},
	{"PUT /conversations/{id}/priority", work, at(map[string]any{"priority": "high"}, aConversation)},
	{"PUT /conversations/{id}/snooze", work, at(map[string]any{"snoozed_until": "2100-01-01T00:00:00Z"}, aConversation)},
	{"PUT /conversations/{id}/tags", work, at(map[string]any{"tags": []string{"nets"}}, aConversation)},
	{"PUT /conversations/{id}/subject", work, at(map[string]any{"subject": "Nets again"}, aConversation)},
	{"PUT /conversations/{id}/spam", work, at(map[string]any{"spam": true}, aConversation)},
	{"POST /bulk-changes", "401 403 200 200 200 200 200", func(c *cast, who caller) call {
		return call{body: map[string]any{"ids": []int64{aConversation(c, who)}, "do": "status", "status": "closed"}}
	}},
	{"GET /bulk-changes/{id}", "401 404 404 404 404 200 404", at(nil, aBulkChange)},
	{"POST /bulk-changes/{id}/undo", "401 404 404 404 404 200 404", at(nil, aBulkChange)},
	{"GET /conversations/{id}/following", seen, at(nil, aConversation)},
	{"PUT /conversations/{id}/following", seen, at(map[string]any{"stance": "watching"}, aConversation)},
	{"GET /notifications", mine, nil},
	{"PUT /notifications/seen", mine, body(map[string]any{"conversation_id": nil})},
	{"GET /notifications/settings", mine, nil},
	{"PUT /notifications/settings", mine, body(ways)},
	{"POST /notifications/preview", mine, body(ways)},
	{"GET /push", mine, nil},
	{"POST /push/subscriptions", mineNew, body(aBrowser("https://push.example/mine"))},
	{"DELETE /push/subscriptions/{id}", mineGo, at(nil, aSubscription)},
	{"DELETE /push/subscriptions/{id}", "401 404 404 404 404 204 404", at(nil, ofOwner)},
	{"POST /push/test", mine, nil},
	{"PUT /conversations/{id}/read", seen, at(map[string]any{"position": 1}, aConversation)},
	{"PUT /conversations/{id}/contact", work, func(c *cast, who caller) call {
		contact := c.contact
		if who.id == c.callers["stranger"].id {
			var v Contact
			who.do("POST", "/contacts", map[string]any{"name": "Other"}).want(201).into(&v)
			contact = v.ID
		}
		return call{path: fmt.Sprint(aConversation(c, who)), body: map[string]any{"contact_id": contact}}
	}},
	{"GET /conversations/{id}/original", seen, at(nil, aForward)},
	{"POST /conversations/{id}/original", work, at(nil, aForward)},
	{"DELETE /conversations/{id}/original", "401 403 204 404 204 204 404", at(nil, aForward)},
	{"PUT /conversations/{id}/presence", seenGo, at(map[string]any{"state": "viewing"}, aConversation)},
	{"GET /conversations/{id}/history", seen, at(nil, aConversation)},
	{"GET /conversations/{id}/transcript", seen, at(nil, aConversation)},
	{"POST /conversations/{id}/transcript", "401 403 202 404 202 202 404", at(map[string]any{"to": "ewa@sea.example"}, aConversation)},

	{"GET /conversations/{id}/messages", seen, at(nil, aConversation)},
	{"POST /conversations/{id}/messages", "401 403 201 404 201 201 404", at(map[string]any{"kind": "reply", "text": "Come by."}, aConversation)},
	{"DELETE /conversations/{id}/messages/{mid}/hold", work, aReply},
	{"PUT /conversations/{id}/messages/{mid}/send_at", work, func(c *cast, who caller) call {
		at := aReply(c, who)
		at.body = map[string]any{"send_at": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}
		return at
	}},
	{"GET /outgoing", mine, nil},
	{"POST /conversations/{id}/messages/{mid}/retry", "401 403 409 404 409 409 404", aReply},
	{"POST /conversations/{id}/messages/{mid}/forward", "401 403 201 404 201 201 404", func(c *cast, who caller) call {
		at := aMessage(c, who)
		at.body = map[string]any{"to": []map[string]any{{"address": "lost@courier.example"}}, "text": "Look."}
		return at
	}},
	{"GET /conversations/{id}/messages/{mid}/source", "401 404 404 404 404 404 404", aMessage},
	{"GET /conversations/{id}/messages/{mid}/html", seen, aMessage},
	{"POST /conversations/{id}/messages/{mid}/reveal", "401 403 403 404 200 200 404", aMasked},

	{"GET /drafts", mine, nil},
	{"GET /conversations/{id}/drafts/{kind}", seen, aDraft(nil)},
	{"GET /conversations/{id}/drafts/{kind}/versions", seen, aDraft(nil)},
	{"GET /conversations/{id}/drafts", seen, at(nil, aConversation)},
	{"PUT /conversations/{id}/drafts/{kind}", work, aDraft(map[string]any{"text": "Dear"})},
	{"DELETE /conversations/{id}/drafts/{kind}", "401 204 204 204 204 204 204", aDraft(nil)}, // of one's own, there or not

	{"GET /snippets", mine, nil},
	{"POST /snippets", "401 403 403 403 201 201 201", body(map[string]any{"name": "Thanks", "text": "Thank you.", "shared": true})},
	{"PUT /snippets/{id}", "401 403 403 403 200 200 404", at(map[string]any{"name": "Thanks", "text": "Thank you.", "shared": true}, aSnippet)},
	{"DELETE /snippets/{id}", adminGo, at(nil, aSnippet)},
	{"POST /snippets/{id}/uses", "401 204 204 204 204 204 404", at(nil, aSnippet)},
	{"GET /macros", mine, nil},
	{"POST /macros", "401 403 403 403 201 201 201", body(map[string]any{"name": "Done", "shared": true, "actions": []any{map[string]any{"do": "status", "status": "closed"}}})},
	{"PUT /macros/{id}", "401 403 403 403 200 200 404", at(map[string]any{"name": "Done", "shared": true, "actions": []any{map[string]any{"do": "status", "status": "closed"}}}, aMacro)},
	{"DELETE /macros/{id}", adminGo, at(nil, aMacro)},
	{"POST /macros/{id}/run", "401 200 200 200 200 200 404", func(c *cast, who caller) call { // each for itself: macro_test.go
		return call{path: fmt.Sprint(aMacro(c, who)), body: map[string]any{"conversation_ids": []int64{aConversation(c, who)}}}
	}},
	{"POST /conversations/{id}/macros/{macro_id}", work, at(map[string]any{}, aConversation, aMacro)},

	{"POST /attachments", "401 422 422 422 422 422 422", nil},
	{"GET /attachments/{id}", "404 404 404 404 404 404 404", at(nil, theInbox)},
	{"GET /views", mine, nil},
	{"POST /views", mineNew, body(map[string]any{"name": "Late", "shared": false, "conditions": conditions()})},
	{"POST /views/preview", mine, body(map[string]any{"conditions": conditions()})},
	{"PUT /views/order", "401 403 403 403 204 204 404", func(c *cast, who caller) call {
		return call{body: map[string]any{"ids": []int64{aSharedView(c, who)}}}
	}},
	{"PUT /views/{id}", admins, at(map[string]any{"name": "Later", "shared": true, "conditions": conditions()}, aSharedView)},
	{"DELETE /views/{id}", adminGo, at(nil, aSharedView)},
	{"GET /tags", mine, nil},
	{"GET /search", mine, func(*cast, caller) call { return call{path: "?q=nets"} }},

	{"GET /contacts", mine, nil},
	{"POST /contacts", "401 403 201 201 201 201 201", body(map[string]any{"name": "Jan"})},
	{"GET /contacts/{id}", "401 200 200 200 200 200 404", at(nil, aContact)},
	{"PATCH /contacts/{id}", "401 403 200 200 200 200 404", at(map[string]any{"note": "A good one."}, aContact)},
	{"GET /conversations/{id}/silence", seen, at(nil, aConversation)},
	{"DELETE /conversations/{id}/silence", "401 403 204 404 204 204 404", at(nil, aConversation)},
	{"GET /suppressions", mine, func(*cast, caller) call { return call{path: "?addresses=ewa@harbour.example,jan@lake.example"} }},
	{"DELETE /suppressions", "401 403 204 204 204 204 204", func(*cast, caller) call { return call{path: "?address=ewa@harbour.example"} }},
	{"GET /contacts/{id}/conversations", "401 200 200 200 200 200 404", at(nil, aContact)},
	{"GET /companies", mine, nil},
	{"POST /companies", "401 403 201 201 201 201 201", withName("name", nil)},
	{"PATCH /companies/{id}", "401 403 200 200 200 200 404", at(map[string]any{"domain": ""}, aCompany)},

	{"GET /events", mine, nil},
	{"GET /live", "401 - - - - - -", nil}, // an open stream: live_test.go
	{"GET /health", "401 403 403 403 200 200 200", nil},
	{"GET /mails", "401 403 403 403 200 200 200", nil},
	{"POST /mails/{id}/replay", "401 403 403 403 404 404 404", at(nil, theInbox)},
	{"DELETE /mails/{id}", "401 403 403 403 404 404 404", at(nil, theInbox)},
	{"GET /mails/{id}/source", "401 403 403 403 404 404 404", at(nil, theInbox)},
	{"GET /jobs", "401 403 403 403 200 200 200", nil},
	{"POST /jobs/{id}/retry", adminGo, at(nil, aJob)},
	{"DELETE /jobs/{id}", adminGo, at(nil, aJob)},
	{"GET /parked", "401 403 403 403 200 200 200", nil},
	{"POST /parked/{reader}/{seq}/retry", "401 403 403 403 404 404 404", func(*cast, caller) call { return call{path: "conversation.counts 9999"} }},
	{"GET /outbox", "401 404 404 404 404 404 404", nil},
	{"GET /outbox/{id}/source", "401 404 404 404 404 404 404", at(nil, theInbox)},
}

func aDraft(v map[string]any) func(*cast, caller) call {
	return func(c *cast, who caller) call {
		return call{path: fmt.Sprint(aConversation(c, who), " reply"), body: v}
	}
}

// fill puts ids into a path, in order.
func fill(path, ids string) string {
	if strings.HasPrefix(ids, "?") {
		return path + ids
	}
	for _, value := range strings.Fields(ids) {
		from, to := strings.IndexByte(path, '{'), strings.IndexByte(path, '}')
		path = path[:from] + value + path[to+1:]
	}
	return path
}

func TestEveryOperationAsksForPermission(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	rows := map[string]row{}
	for _, r := range table {
		rows[r.operation] = r
	}
	for _, r := range c.operations.Routes {
		name := r.Method + " " + r.Path
		row, ok := rows[name]
		if !ok {
			t.Errorf("%s has no row in the table of permissions", name)
			continue
		}
		delete(rows, name)
		t.Run(name, func(t *testing.T) {
			for i, want := range strings.Fields(row.want) {
				if want == "-" {
					continue
				}
				who := c.callers[order[i]]
				var ask call
				if row.make != nil {
					ask = row.make(c, who)
				}
				if got := who.do(r.Method, fill(r.Path, ask.path), ask.body); fmt.Sprint(got.Code) != want {
					t.Errorf("%s gets %d, want %s: %.300s", order[i], got.Code, want, got.Body)
				}
			}
		})
	}
	for name := range rows {
		t.Errorf("%s is in the table and not in the product", name)
	}
}

// TestNothingLeaks looks for words and ids of an inbox in everything that is
// answered to those who do not see it.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	const canary = "canary9f3"
	hidden, message := c.arrive(c.workspaceID, c.inbox, canary+" subject", canary+" text")
	owner := c.callers["owner"]
	conversation := "/conversations/" + id(hidden)
	owner.do("PUT", conversation+"/tags", map[string]any{"tags": []string{canary}}).want(200)
	owner.do("POST", conversation+"/messages", map[string]any{"kind": "note", "text": canary}).want(201)
	testkit.Require(t, c.Readers.CatchUp(context.Background()))
	everything := aView(owner, "Everything", true, []any{"inbox", "is", id(c.inbox)}).Key
	srv := c.serve()

	for _, name := range []string{"outsider", "stranger"} {
		who := c.callers[name]
		screen := who.watch(srv, "")
		screen.next("hello")
		for _, path := range []string{
			"/conversations", "/conversations?view=all_open", "/conversations?view=unassigned", "/conversations?view=inbox:" + id(c.inbox), "/conversations?view=" + everything,
			"/conversations?inbox_id=" + id(c.inbox), "/conversations?q=" + canary, "/conversations?tag=" + canary, "/conversations?spam=false&sort=oldest",
			"/search?q=" + canary, "/tags", "/views", "/events?limit=100", "/drafts", "/inboxes", "/contacts?q=" + canary,
			conversation, conversation + "/messages", conversation + "/history", conversation + "/transcript",
			conversation + "/messages/" + id(message) + "/html", conversation + "/messages/" + id(message) + "/source",
		} {
			r := who.do("GET", path, nil)
			if text := r.Body.String(); strings.Contains(text, canary) || strings.Contains(text, id(hidden)) {
				t.Errorf("%s reads of it in %s: %s", name, path, text)
			}
		}
		var views shape.Page[viewset.View]
		who.do("GET", "/views", nil).want(200).into(&views)
		for _, v := range views.Items {
			if v.Count != 0 || v.Key == "inbox:"+id(c.inbox) {
				t.Errorf("%s counts it in %+v", name, v)
			}
		}
		owner.do("PUT", conversation+"/priority", map[string]any{"priority": map[string]string{"outsider": "high", "stranger": "urgent"}[name]}).want(200)
		shown := c.other
		workspaceID := c.workspaceID
		if name == "stranger" {
			shown, workspaceID = who.inbox("Sams"), c.workspaceOf(who)
		}
		c.happen(event.Event{WorkspaceID: workspaceID, Kind: "message.received", ConversationID: 4242, Data: event.Data(map[string]any{"inbox_id": shown})})
		for {
			f := screen.next("event", "gone", "presence")
			if f.ConversationID == hidden || f.ID == hidden {
				t.Errorf("%s hears of it: %+v", name, f)
			}
			if f.ConversationID == 4242 {
				break
			}
		}
	}
	agent := c.callers["agent"]
	if r := agent.do("GET", "/search?q="+canary, nil).want(200); !strings.Contains(r.Body.String(), id(hidden)) {
		t.Errorf("who sees it does not find it: %s", r.Body)
	}
}

func (c *cast) workspaceOf(who caller) int64 {
	actor, err := c.Accounts.AuthenticateKey(context.Background(), who.token)
	testkit.Require(c.t, err)
	return actor.WorkspaceID
}
