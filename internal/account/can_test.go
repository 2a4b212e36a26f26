package account_test

import (
	"slices"
	"testing"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
)

// letters of roles: o owner, a admin, m member, l light.
var roles = map[byte]account.Role{'o': account.Owner, 'a': account.Admin, 'm': account.Member, 'l': account.Light}

var allowed = map[account.Action]string{
	account.ProfileEdit:            "oaml",
	account.SessionManage:          "oaml",
	account.KeyManage:              "oaml",
	account.WorkspaceRead:          "oaml",
	account.WorkspaceEdit:          "oa",
	account.AgentRead:              "oaml",
	account.AgentManage:            "oa",
	account.OwnerManage:            "o",
	account.TeamRead:               "oaml",
	account.TeamManage:             "oa",
	account.InboxRead:              "oaml",
	account.InboxManage:            "oa",
	account.ConversationRead:       "oaml",
	account.ConversationMark:       "oaml",
	account.ConversationStart:      "oam",
	account.ConversationAssign:     "oam",
	account.ConversationStatus:     "oam",
	account.ConversationPriority:   "oam",
	account.ConversationSnooze:     "oam",
	account.ConversationTag:        "oam",
	account.ConversationSubject:    "oam",
	account.ConversationSpam:       "oam",
	account.ConversationTranscript: "oam",
	account.ConversationDelete:     "o",
	account.Reply:                  "oam",
	account.Note:                   "oaml",
	account.DraftReply:             "oam",
	account.DraftNote:              "oaml",
	account.DeliveryManage:         "oam",
	account.Reveal:                 "oa",
	account.AttachmentUpload:       "oaml",
	account.ContactRead:            "oaml",
	account.ContactEdit:            "oam",
	account.EventRead:              "oaml",
	account.OutboxRead:             "oaml",
	account.AutomationRead:         "oaml",
	account.AutomationEdit:         "oam",
	account.AutomationShare:        "oa",
	account.ViewManage:             "oa",
	account.HealthRead:             "oa",
	account.MailRead:               "oa",
	account.MailReplay:             "oa",
	account.MailDiscard:            "oa",
	account.JobManage:              "oa",
	account.EventRetry:             "oa",
}

func TestEveryRoleAndAction(t *testing.T) {
	t.Parallel()
	granted := account.Scope{Inboxes: []int64{7, 9}}
	for _, role := range roles {
		for _, name := range account.Permissions(account.Owner) {
			if _, ok := allowed[account.Action(name)]; !ok {
				t.Errorf("action %s is in no row of this test", name)
			}
		}
		for action, who := range allowed {
			letter := letterOf(role)
			may := slices.Contains([]byte(who), letter)
			actor := account.Actor{Kind: account.KindAgent, WorkspaceID: 1, AgentID: 5, Role: role}
			for _, c := range []struct {
				name   string
				object account.Object
				want   fault.Kind
				ok     bool
			}{
				{"workspace", account.Object{WorkspaceID: 1}, fault.Forbidden, may},
				{"granted inbox", account.Object{WorkspaceID: 1, InboxID: 9, Scope: granted}, fault.Forbidden, may},
				{"any inbox", account.Object{WorkspaceID: 1, InboxID: 8, Scope: account.Scope{All: true}}, fault.Forbidden, may},
				{"other inbox", account.Object{WorkspaceID: 1, InboxID: 8, Scope: granted}, fault.NotFound, false},
				{"no scope", account.Object{WorkspaceID: 1, InboxID: 9}, fault.NotFound, false},
				{"other workspace", account.Object{WorkspaceID: 2, InboxID: 9, Scope: account.Scope{All: true}}, fault.NotFound, false},
			} {
				err := account.Can(actor, action, c.object)
				if c.ok != (err == nil) || err != nil && !fault.Is(err, c.want) {
					t.Errorf("%s, %s, %s: %v", role, action, c.name, err)
				}
			}
			if got := slices.Contains(account.Permissions(role), string(action)); got != may {
				t.Errorf("Permissions(%s) and Can differ about %s", role, action)
			}
		}
	}
}

func letterOf(role account.Role) byte {
	for letter, r := range roles {
		if r == role {
			return letter
		}
	}
	return '?'
}

func TestWhoIsNobodyMayNothing(t *testing.T) {
	t.Parallel()
	everything := account.Object{WorkspaceID: 1, Scope: account.Scope{All: true}}
	for name, c := range map[string]struct {
		actor  account.Actor
		action account.Action
		object account.Object
		want   fault.Kind
	}{
		"zero actor, zero object": {account.Actor{}, account.ConversationRead, account.Object{}, fault.NotFound},
		"no role":                 {account.Actor{Kind: account.KindAgent, WorkspaceID: 1}, account.ConversationRead, everything, fault.Forbidden},
		"made-up role":            {account.Actor{Kind: account.KindAgent, WorkspaceID: 1, Role: "root"}, account.ConversationRead, everything, fault.Forbidden},
		"unknown action":          {account.Actor{Kind: account.KindAgent, WorkspaceID: 1, Role: account.Owner}, "moon.land", everything, fault.Forbidden},
		"system elsewhere":        {account.System(2), account.ConversationRead, everything, fault.NotFound},
	} {
		if err := account.Can(c.actor, c.action, c.object); !fault.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if err := account.Can(account.System(1), account.ConversationDelete, account.Object{WorkspaceID: 1, InboxID: 4}); err != nil {
		t.Errorf("the system at home: %v", err)
	}
}

func TestScopeIncludes(t *testing.T) {
	t.Parallel()
	s := account.Scope{Inboxes: []int64{3, 5, 8}}
	for id, want := range map[int64]bool{0: false, 3: true, 4: false, 8: true, 9: false} {
		if s.Includes(id) != want {
			t.Errorf("Includes(%d) = %v", id, !want)
		}
	}
	if !(account.Scope{All: true}).Includes(4) || (account.Scope{}).Includes(4) {
		t.Error("All or the empty scope is wrong")
	}
}
