package account

// Role is what an agent is allowed to do; a higher one includes the lower.
type Role string

const (
	Light  Role = "light" // reads and writes notes
	Member Role = "agent" // does the work of a conversation
	Admin  Role = "admin" // sees every inbox, manages inboxes, teams and agents
	Owner  Role = "owner" // also makes owners and deletes for ever
)

// rank orders roles; 0 is no role at all.
func (r Role) rank() int {
	switch r {
	case Light:
		return 1
	case Member:
		return 2
	case Admin:
		return 3
	case Owner:
		return 4
	}
	return 0
}

// Valid reports whether r is one of the four roles.
func (r Role) Valid() bool { return r.rank() > 0 }

// Includes reports whether r may do all that other may.
func (r Role) Includes(other Role) bool { return other.Valid() && r.rank() >= other.rank() }

// seesAll reports whether r needs no grants.
func (r Role) seesAll() bool { return r.Includes(Admin) }
