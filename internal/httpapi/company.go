package httpapi

import (
	"context"

	"rapport/internal/contact"
	"rapport/internal/httpapi/gate"
)

// Company is where contacts work.
type Company struct {
	ID           int64  `json:"id"`
	Name         string `json:"name"`
	Domain       string `json:"domain"`
	ContactCount int64  `json:"contact_count"`
}

type NewCompany struct {
	Name   string `json:"name"`
	Domain string `json:"domain,omitempty" maxLength:"255"`
}

type CompanyChange struct {
	Name   *string `json:"name,omitempty"`
	Domain *string `json:"domain,omitempty" maxLength:"255"`
}

type listCompanies struct {
	Q string `query:"q" maxLength:"500"`
	Paging
}

func (s *Server) companyRoutes() {
	const tag = "Companies"
	add(s, route{method: "GET", path: "/companies", id: "list-companies", summary: "Companies", tag: tag}, s.companies)
	add(s, route{method: "POST", path: "/companies", id: "create-company", summary: "Add a company", tag: tag, status: 201, makes: true}, s.createCompany)
	add(s, route{method: "PATCH", path: "/companies/{id}", id: "change-company", summary: "Change a company", tag: tag}, s.changeCompany)
}

func companyOf(c contact.Company) Company { return Company{c.ID, c.Name, c.Domain, c.ContactCount} }

func (s *Server) companies(ctx context.Context, in *listCompanies) (*Body[Page[Company]], error) {
	p, err := s.Contacts.Companies(ctx, gate.Actor(ctx), contact.Filter{Q: in.Q, Cursor: in.Cursor, Limit: in.Limit})
	return page(each(p.Items, companyOf), p.Next), err
}

func (s *Server) createCompany(ctx context.Context, in *With[NewCompany]) (*Body[Company], error) {
	c, err := s.Contacts.CreateCompany(ctx, gate.Actor(ctx), contact.CompanyChange{Name: &in.Body.Name, Domain: &in.Body.Domain})
	return &Body[Company]{companyOf(c)}, err
}

func (s *Server) changeCompany(ctx context.Context, in *On[CompanyChange]) (*Body[Company], error) {
	c, err := s.Contacts.UpdateCompany(ctx, gate.Actor(ctx), in.ID, contact.CompanyChange(in.Body))
	return &Body[Company]{companyOf(c)}, err
}
