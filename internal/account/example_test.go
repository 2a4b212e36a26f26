package account_test

import (
	"fmt"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
)

// What is out of sight is not found; what is in sight and not allowed is
// forbidden.
func ExampleCan() {
	leo := account.Actor{Kind: account.KindAgent, WorkspaceID: 1, AgentID: 5, Role: account.Light}
	scope := account.Scope{Inboxes: []int64{7}}

	mine := account.Object{WorkspaceID: 1, InboxID: 7, Scope: scope}
	other := account.Object{WorkspaceID: 1, InboxID: 8, Scope: scope}
	fmt.Println(account.Can(leo, account.Note, mine))
	fmt.Println(fault.KindOf(account.Can(leo, account.Reply, mine)))
	fmt.Println(fault.KindOf(account.Can(leo, account.Note, other)))
	// Output:
	// <nil>
	// forbidden
	// not_found
}
