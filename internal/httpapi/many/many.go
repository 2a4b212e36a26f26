// Package many is how the API offers what is done to many conversations, and
// beside the one thing of one: following it.
package many

import (
	"rapport/internal/conversation/bulk"
	"rapport/internal/conversation/follow"
	"rapport/internal/conversation/view"
	"rapport/internal/httpapi/operation"
)

// Deps are the rooms whose verbs are offered.
type Deps struct {
	Follows *follow.Room
	Bulk    *bulk.Room
	Views   *view.Room
}

type server struct{ Deps }

// Register adds the operations to a list.
func Register(list *operation.List, d Deps) {
	s := &server{d}
	s.followRoutes(list)
	s.bulkRoutes(list)
}
