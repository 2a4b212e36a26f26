package contact

import (
	"context"
	"slices"
	"time"

	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/event"
	"rapport/internal/platform/search"
	"rapport/internal/platform/text"
)

// New makes the room.
func New(d *db.DB, log *event.Log, c clock.Clock) *Room {
	return &Room{store: store{d}, log: log, clock: c}
}

type store struct{ d *db.DB }

func (s store) within(ctx context.Context, fn func(context.Context) error) error {
	return s.d.Within(ctx, fn)
}

func (s store) newID(ctx context.Context) (int64, error) { return s.d.NewID(ctx) }

// owner is the contact an identity belongs to.
func (s store) owner(ctx context.Context, workspaceID int64, i Identity) (int64, error) {
	asked := askOwner(workspaceID, i)
	if err := s.ask(ctx, asked); err != nil {
		return 0, err
	}
	return asked.One()
}

func askOwner(workspaceID int64, i Identity) *db.Asked[int64] {
	return db.Ask(db.Int64, "SELECT contact_id FROM contact_identities WHERE workspace_id = $1 AND kind = $2 AND system = $3 AND address_key = $4",
		workspaceID, i.Kind, i.System, i.key())
}

// known is the contact behind an identity, and whether it has a name.
type known struct {
	Identified
	named bool
}

// askKnown asks for the contact behind an identity.
func askKnown(workspaceID int64, i Identity) *db.Asked[known] {
	return db.Ask(func(r db.Row) (v known, err error) {
		return v, r.Scan(&v.ContactID, &v.Blocked, &v.named)
	}, `SELECT c.id, c.blocked, c.name <> '' FROM contact_identities i JOIN contacts c ON c.workspace_id = i.workspace_id AND c.id = i.contact_id
		WHERE i.workspace_id = $1 AND i.kind = $2 AND i.system = $3 AND i.address_key = $4`, workspaceID, i.Kind, i.System, i.key())
}

func (s store) ask(ctx context.Context, q db.Question) error { return db.Gather(ctx, s.d, q) }

// AskBlocked asks for the contact of an e-mail address if it is blocked.
func AskBlocked(workspaceID int64, address string) *db.Asked[int64] {
	return db.Ask(db.Int64, `SELECT c.id FROM contact_identities i JOIN contacts c ON c.workspace_id = i.workspace_id AND c.id = i.contact_id
		WHERE i.workspace_id = $1 AND i.kind = $2 AND i.system = '' AND i.address_key = $3 AND c.blocked`, workspaceID, Email, Identity{Kind: Email, Address: address}.key())
}

// Search is the question who goes by an identity, on its way.
type Search struct {
	*db.Asked[known] // for Gather
	workspaceID      int64
	identity         Identity
	err              error // of an identity that cannot be one
}

const insertIdentity = `INSERT INTO contact_identities (workspace_id, kind, system, address_key, contact_id, address, verified, created_at)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`

func identityRow(c Contact, i Identity, at time.Time) []any {
	return []any{c.WorkspaceID, i.Kind, i.System, i.key(), c.ID, i.Address, i.Verified, db.Micros(at)}
}

// takeIdentity gives a free identity to c and reports whether it was free. It
// waits for another transaction that is taking the same one.
func (s store) takeIdentity(ctx context.Context, c Contact, i Identity, at time.Time) (bool, error) {
	n, err := db.Exec(ctx, s.d, insertIdentity+" ON CONFLICT DO NOTHING", identityRow(c, i, at)...)
	return n == 1, err
}

// takeIdentities gives a new contact its identities and reports whether they were
// all free, as takeIdentity does; and finds the company of a domain, 0 when there
// is none. Those of a locked one are free, and that is not asked.
func (s store) takeIdentities(ctx context.Context, c Contact, domain string, locked bool) (took bool, companyID int64, err error) {
	if locked {
		for _, i := range c.Identities {
			if err := s.addIdentity(ctx, c, i, c.CreatedAt); err != nil {
				return false, 0, err
			}
		}
		return true, 0, nil
	}
	company := askCompanyByDomain(c.WorkspaceID, domain)
	questions := []db.Question{company}
	taken := make([]*db.Asked[int64], len(c.Identities))
	for n, i := range c.Identities {
		taken[n] = db.Ask(db.Int64, insertIdentity+" ON CONFLICT DO NOTHING RETURNING contact_id", identityRow(c, i, c.CreatedAt)...)
		questions = append(questions, taken[n])
	}
	if domain == "" {
		questions = questions[1:]
	}
	if len(questions) == 0 {
		return true, 0, nil
	}
	if err := db.Gather(ctx, s.d, questions...); err != nil {
		return false, 0, err
	}
	for _, id := range company.Rows {
		companyID = id
	}
	return !slices.ContainsFunc(taken, func(t *db.Asked[int64]) bool { return len(t.Rows) == 0 }), companyID, nil
}

// addIdentity gives c an identity that nobody else has; else the transaction
// fails.
func (s store) addIdentity(ctx context.Context, c Contact, i Identity, at time.Time) error {
	return db.Do(ctx, s.d, insertIdentity, identityRow(c, i, at)...)
}

func (s store) dropIdentity(ctx context.Context, c Contact, i Identity) error {
	return db.Do(ctx, s.d, "DELETE FROM contact_identities WHERE workspace_id = $1 AND kind = $2 AND system = $3 AND address_key = $4 AND contact_id = $5",
		c.WorkspaceID, i.Kind, i.System, i.key(), c.ID)
}

const columns = "workspace_id, id, name, company_id, language, time_zone, city, note, since, blocked, created_at, version, sort_key"

func scan(r db.Row) (c Contact, err error) {
	var since, created int64
	err = r.Scan(&c.WorkspaceID, &c.ID, &c.Name, &c.CompanyID, &c.Language, &c.TimeZone, &c.City, &c.Note, &since, &c.Blocked, &created, &c.Version, &c.order)
	c.Since, c.CreatedAt = db.Time(since), db.Time(created)
	return c, err
}

func (s store) get(ctx context.Context, workspaceID, id int64) (Contact, error) {
	return s.one(ctx, workspaceID, id, "")
}

// lock is get for a contact that is about to change.
func (s store) lock(ctx context.Context, workspaceID, id int64) (Contact, error) {
	return s.one(ctx, workspaceID, id, s.d.Pick("", " FOR UPDATE"))
}

// ownerAndLock is owner, 0 for nobody, and then lock.
func (s store) ownerAndLock(ctx context.Context, workspaceID int64, i Identity, id int64) (owner int64, c Contact, err error) {
	asked := askOwner(workspaceID, i)
	c, err = s.one(ctx, workspaceID, id, s.d.Pick("", " FOR UPDATE"), asked)
	for _, id := range asked.Rows {
		owner = id
	}
	return owner, c, err
}

// one is a contact; first is asked before it.
func (s store) one(ctx context.Context, workspaceID, id int64, lock string, first ...db.Question) (Contact, error) {
	asked := db.Ask(scan, "SELECT "+columns+" FROM contacts WHERE workspace_id = $1 AND id = $2"+lock, workspaceID, id)
	identities := askIdentities(workspaceID, []int64{id}) // after the lock
	if err := db.Gather(ctx, s.d, append(first, asked, identities)...); err != nil {
		return Contact{}, err
	}
	c, err := asked.One()
	for _, i := range identities.Rows {
		c.Identities = append(c.Identities, i.Identity)
	}
	return c, err
}

// owned is an identity and whose it is.
type owned struct {
	Identity
	owner int64
}

// askIdentities asks for the identities of contacts, the oldest first.
func askIdentities(workspaceID int64, ids []int64) *db.Asked[owned] {
	in, args := db.In(2, ids)
	return db.Ask(func(r db.Row) (i owned, err error) {
		return i, r.Scan(&i.owner, &i.Kind, &i.System, &i.Address, &i.Verified)
	}, "SELECT contact_id, kind, system, address, verified FROM contact_identities WHERE workspace_id = $1 AND contact_id IN "+in+
		" ORDER BY contact_id, created_at, kind, address_key", append([]any{workspaceID}, args...)...)
}

func (s store) attachIdentities(ctx context.Context, workspaceID int64, list []Contact) error {
	at := map[int64]int{}
	ids := make([]int64, len(list))
	for i, c := range list {
		at[c.ID], ids[i] = i, c.ID
	}
	asked := askIdentities(workspaceID, ids)
	err := db.Gather(ctx, s.d, asked)
	for _, i := range asked.Rows {
		c := &list[at[i.owner]]
		c.Identities = append(c.Identities, i.Identity)
	}
	return err
}

func (s store) insert(ctx context.Context, c Contact) error {
	return db.Do(ctx, s.d, `INSERT INTO contacts (workspace_id, id, name, sort_key, search_key, company_id, language, time_zone, city, note, since, blocked, created_at, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		c.WorkspaceID, c.ID, c.Name, c.sortKey(), c.searchKey(), c.CompanyID, c.Language, c.TimeZone, c.City, c.Note,
		db.Micros(c.Since), c.Blocked, db.Micros(c.CreatedAt), c.Version)
}

func (s store) update(ctx context.Context, c Contact) error {
	return db.Do(ctx, s.d, `UPDATE contacts SET name = $3, sort_key = $4, search_key = $5, company_id = $6, language = $7, time_zone = $8, city = $9,
		note = $10, since = $11, blocked = $12, version = $13 WHERE workspace_id = $1 AND id = $2`,
		c.WorkspaceID, c.ID, c.Name, c.sortKey(), c.searchKey(), c.CompanyID, c.Language, c.TimeZone, c.City, c.Note,
		db.Micros(c.Since), c.Blocked, c.Version)
}

// remove ends a contact that has become another one.
func (s store) remove(ctx context.Context, workspaceID, id int64) error {
	return db.Do(ctx, s.d, "DELETE FROM contacts WHERE workspace_id = $1 AND id = $2", workspaceID, id)
}

// list returns one more contact than the limit when there are more.
func (s store) list(ctx context.Context, workspaceID int64, f Filter, after *place) ([]Contact, error) {
	var w db.Where
	w.Add("workspace_id = ?", workspaceID)
	if f.CompanyID != 0 {
		w.Add("company_id = ?", f.CompanyID)
	}
	if f.Q != "" {
		w.Add(`search_key LIKE ? ESCAPE '\'`, text.Containing(f.Q))
	}
	if after != nil {
		w.Add("(sort_key, id) > (?, ?)", after.Key, after.ID)
	}
	list, err := db.All(ctx, s.d, scan, "SELECT "+columns+" FROM contacts WHERE "+w.String()+" ORDER BY sort_key, id LIMIT "+w.Next(f.Limit+1), w.Args...)
	if err != nil {
		return nil, err
	}
	return list, s.attachIdentities(ctx, workspaceID, list)
}

const companyColumns = "c.workspace_id, c.id, c.name, c.domain, c.created_at, c.version"

func scanCompany(r db.Row) (c Company, err error) {
	var created int64
	err = r.Scan(&c.WorkspaceID, &c.ID, &c.Name, &c.Domain, &created, &c.Version, &c.ContactCount)
	c.CreatedAt = db.Time(created)
	return c, err
}

const selectCompany = "SELECT " + companyColumns + `, (SELECT COUNT(*) FROM contacts p WHERE p.workspace_id = c.workspace_id AND p.company_id = c.id)
	FROM companies c WHERE `

func (s store) company(ctx context.Context, workspaceID, id int64) (Company, error) {
	return db.One(ctx, s.d, scanCompany, selectCompany+"c.workspace_id = $1 AND c.id = $2", workspaceID, id)
}

func (s store) lockCompany(ctx context.Context, workspaceID, id int64) (Company, error) {
	return db.One(ctx, s.d, scanCompany, selectCompany+"c.workspace_id = $1 AND c.id = $2"+s.d.Pick("", " FOR UPDATE OF c"), workspaceID, id)
}

func (s store) companyByDomain(ctx context.Context, workspaceID int64, domain string) (int64, error) {
	asked := askCompanyByDomain(workspaceID, domain)
	if err := db.Gather(ctx, s.d, asked); err != nil {
		return 0, err
	}
	return asked.One()
}

func askCompanyByDomain(workspaceID int64, domain string) *db.Asked[int64] {
	return db.Ask(db.Int64, "SELECT id FROM companies WHERE workspace_id = $1 AND domain = $2 AND domain <> ''", workspaceID, domain)
}

// companiesByID leaves out the number of contacts: lists of people do not show it.
func (s store) companiesByID(ctx context.Context, workspaceID int64, ids []int64) (map[int64]Company, error) {
	in, args := db.In(2, ids)
	list, err := db.All(ctx, s.d, scanCompany, "SELECT "+companyColumns+", 0 FROM companies c WHERE c.workspace_id = $1 AND c.id IN "+in,
		append([]any{workspaceID}, args...)...)
	byID := map[int64]Company{}
	for _, c := range list {
		byID[c.ID] = c
	}
	return byID, err
}

func (s store) companies(ctx context.Context, workspaceID int64, f Filter, after *place) ([]Company, error) {
	var w db.Where
	w.Add("c.workspace_id = ?", workspaceID)
	if f.Q != "" {
		w.Add(`(c.sort_key LIKE ? ESCAPE '\' OR c.domain LIKE ? ESCAPE '\')`, text.Containing(f.Q), text.Containing(f.Q))
	}
	if after != nil {
		w.Add("(c.sort_key, c.id) > (?, ?)", after.Key, after.ID)
	}
	return db.All(ctx, s.d, scanCompany, selectCompany+w.String()+" ORDER BY c.sort_key, c.id LIMIT "+w.Next(f.Limit+1), w.Args...)
}

// insertCompany reports false when another company has the domain.
func (s store) insertCompany(ctx context.Context, c Company) (bool, error) {
	n, err := db.Exec(ctx, s.d, `INSERT INTO companies (workspace_id, id, name, sort_key, domain, created_at, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
		c.WorkspaceID, c.ID, c.Name, search.Fold(c.Name), c.Domain, db.Micros(c.CreatedAt), c.Version)
	return n == 1, err
}

func (s store) updateCompany(ctx context.Context, c Company) error {
	return db.Do(ctx, s.d, "UPDATE companies SET name = $3, sort_key = $4, domain = $5, version = $6 WHERE workspace_id = $1 AND id = $2",
		c.WorkspaceID, c.ID, c.Name, search.Fold(c.Name), c.Domain, c.Version)
}

func (s store) keep(ctx context.Context, workspaceID int64, object string, objectID int64, k Kept) error {
	return db.Do(ctx, s.d, "INSERT INTO field_history (workspace_id, object, object_id, field, at, value) VALUES ($1, $2, $3, $4, $5, $6)",
		workspaceID, object, objectID, k.Field, db.Micros(k.At), k.Value)
}

func (s store) forget(ctx context.Context, workspaceID int64, object string, objectID int64) error {
	return db.Do(ctx, s.d, "DELETE FROM field_history WHERE workspace_id = $1 AND object = $2 AND object_id = $3", workspaceID, object, objectID)
}

func (s store) kept(ctx context.Context, workspaceID int64, object string, objectID int64) ([]Kept, error) {
	return db.All(ctx, s.d, func(r db.Row) (k Kept, err error) {
		var at int64
		err = r.Scan(&k.Field, &at, &k.Value)
		k.At = db.Time(at)
		return k, err
	}, "SELECT field, at, value FROM field_history WHERE workspace_id = $1 AND object = $2 AND object_id = $3 ORDER BY at, field", workspaceID, object, objectID)
}
