package contact

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/search"
	"rapport/internal/platform/text"
)

// Filter narrows a list. The zero Filter is the first page of all.
type Filter struct {
	Q         string // part of a name or an address, folded
	CompanyID int64
	Cursor    string
	Limit     int // 1 to 100; 0 means 50
}

// Page is a part of a list; Next is "" on the last one.
type Page[T any] struct {
	Items []T
	Next  string
}

// Get returns a contact with its identities and its company.
func (r *Room) Get(ctx context.Context, actor account.Actor, id int64) (Contact, error) {
	if err := may(actor, account.ContactRead); err != nil {
		return Contact{}, err
	}
	return r.read(ctx, actor.WorkspaceID, id)
}

func (r *Room) read(ctx context.Context, workspaceID, id int64) (Contact, error) {
	c, err := r.store.get(ctx, workspaceID, id)
	if err == nil {
		one := []Contact{c}
		err = r.attachCompanies(ctx, workspaceID, one)
		c = one[0]
	}
	return c, fault.Wrap("contact.Get", err)
}

// List returns contacts by name.
func (r *Room) List(ctx context.Context, actor account.Actor, f Filter) (Page[Contact], error) {
	const op = "contact.List"
	var page Page[Contact]
	if err := may(actor, account.ContactRead); err != nil {
		return page, err
	}
	after, err := openCursor(op, f.Cursor)
	if err != nil {
		return page, err
	}
	f.Q, f.Limit = search.Fold(text.Line(f.Q, maxName)), limit(f.Limit)
	list, err := r.store.list(ctx, actor.WorkspaceID, f, after)
	if err != nil {
		return page, fault.Wrap(op, err)
	}
	if len(list) > f.Limit {
		list = list[:f.Limit]
		last := list[f.Limit-1]
		page.Next = sealCursor(place{last.order, last.ID})
	}
	page.Items = list
	return page, fault.Wrap(op, r.attachCompanies(ctx, actor.WorkspaceID, list))
}

func (r *Room) attachCompanies(ctx context.Context, workspaceID int64, list []Contact) error {
	var ids []int64
	for _, c := range list {
		if c.CompanyID != 0 {
			ids = append(ids, c.CompanyID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	companies, err := r.store.companiesByID(ctx, workspaceID, ids)
	for i, c := range list {
		if company, ok := companies[c.CompanyID]; ok {
			list[i].Company = &company
		}
	}
	return err
}

// Companies returns companies by name.
func (r *Room) Companies(ctx context.Context, actor account.Actor, f Filter) (Page[Company], error) {
	const op = "contact.Companies"
	var page Page[Company]
	if err := may(actor, account.ContactRead); err != nil {
		return page, err
	}
	after, err := openCursor(op, f.Cursor)
	if err != nil {
		return page, err
	}
	f.Q, f.Limit = search.Fold(text.Line(f.Q, maxName)), limit(f.Limit)
	list, err := r.store.companies(ctx, actor.WorkspaceID, f, after)
	if err != nil {
		return page, fault.Wrap(op, err)
	}
	if len(list) > f.Limit {
		list = list[:f.Limit]
		last := list[f.Limit-1]
		page.Next = sealCursor(place{search.Fold(last.Name), last.ID})
	}
	page.Items = list
	return page, nil
}

// CompanyChange says what to change of a company; nil leaves a field as it is.
type CompanyChange struct {
	Name, Domain *string
}

// CreateCompany makes a company by hand.
func (r *Room) CreateCompany(ctx context.Context, actor account.Actor, change CompanyChange) (Company, error) {
	return r.saveCompany(ctx, "contact.CreateCompany", actor, 0, change)
}

// UpdateCompany changes a company.
func (r *Room) UpdateCompany(ctx context.Context, actor account.Actor, id int64, change CompanyChange) (Company, error) {
	return r.saveCompany(ctx, "contact.UpdateCompany", actor, id, change)
}

// GetCompany returns a company with the number of its contacts.
func (r *Room) GetCompany(ctx context.Context, actor account.Actor, id int64) (Company, error) {
	if err := may(actor, account.ContactRead); err != nil {
		return Company{}, err
	}
	c, err := r.store.company(ctx, actor.WorkspaceID, id)
	return c, fault.Wrap("contact.GetCompany", err)
}

func (r *Room) saveCompany(ctx context.Context, op string, actor account.Actor, id int64, change CompanyChange) (Company, error) {
	if err := may(actor, account.ContactEdit); err != nil {
		return Company{}, err
	}
	var c Company
	err := r.store.within(ctx, func(ctx context.Context) (err error) {
		kind := EventCompanyChanged
		if id == 0 {
			kind = EventCompanyCreated
			if c.ID, err = r.store.newID(ctx); err != nil {
				return err
			}
			c.WorkspaceID, c.CreatedAt = actor.WorkspaceID, r.clock.Now()
		} else if c, err = r.store.lockCompany(ctx, actor.WorkspaceID, id); err != nil {
			return err
		}
		before := c
		if err := applyCompany(op, &c, change); err != nil {
			return err
		}
		var names []string
		for _, f := range []struct{ name, was, is string }{{"name", before.Name, c.Name}, {"domain", before.Domain, c.Domain}} {
			if f.was == f.is {
				continue
			}
			names = append(names, f.name)
			if err := r.store.keep(ctx, c.WorkspaceID, ObjectCompany, c.ID, Kept{f.name, r.clock.Now(), f.is}); err != nil {
				return err
			}
		}
		if len(names) == 0 {
			return nil
		}
		c.Version++
		if err := r.putCompany(ctx, op, id == 0, c); err != nil {
			return err
		}
		return r.announce(ctx, c.WorkspaceID, actor.Event(), kind, 0, details{CompanyID: c.ID, Fields: names})
	})
	return c, fault.Wrap(op, err)
}

// putCompany inserts or updates; a domain that is taken is a Conflict fault.
func (r *Room) putCompany(ctx context.Context, op string, isNew bool, c Company) error {
	if c.Domain != "" {
		owner, err := r.store.companyByDomain(ctx, c.WorkspaceID, c.Domain)
		if err == nil && owner != c.ID {
			return fault.New(op, fault.Conflict, "Another company has this domain.")
		}
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	if !isNew {
		return r.store.updateCompany(ctx, c)
	}
	made, err := r.store.insertCompany(ctx, c)
	if err == nil && !made {
		err = fault.New(op, fault.Conflict, "Another company has this domain.")
	}
	return err
}

func applyCompany(op string, c *Company, change CompanyChange) error {
	if change.Name != nil {
		c.Name = text.Line(*change.Name, maxName)
	}
	if change.Domain != nil {
		domain := search.Fold(text.Line(*change.Domain, maxAddress))
		if domain != "" && companyDomain("x@"+domain) == "" {
			return fault.InvalidField(op, "domain", "Write a domain of the company's own, such as harbour.example.")
		}
		c.Domain = domain
	}
	if c.Name == "" {
		c.Name = c.Domain
	}
	if c.Name == "" {
		return fault.InvalidField(op, "name", "A company needs a name.")
	}
	return nil
}

// place is where a page ends.
type place struct {
	Key string `json:"k"`
	ID  int64  `json:"i"`
}

func sealCursor(p place) string {
	b, _ := json.Marshal(p)
	return base64.RawURLEncoding.EncodeToString(b)
}

func openCursor(op, cursor string) (*place, error) {
	if cursor == "" {
		return nil, nil
	}
	var p place
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(b, &p)
	}
	if err != nil {
		return nil, fault.InvalidField(op, "cursor", "This cursor is not one of ours. Start at the first page.")
	}
	return &p, nil
}

func limit(n int) int {
	if n == 0 {
		return 50
	}
	return min(max(n, 1), 100)
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
func yesNo(b bool) string   { return strconv.FormatBool(b) }

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
