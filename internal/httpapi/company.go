package httpapi

import (
	"context"

	"rapport/internal/contact"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
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
	shape.Paging
}

func (s *Server) companyRoutes() {
	const tag = "Companies"
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/companies", ID: "list-companies", Summary: "Companies", Tag: tag}, s.companies)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: "/companies", ID: "create-company", Summary: "Add a company", Tag: tag, Status: 201, Makes: true}, s.createCompany)
	operation.Add(s.operations, operation.Route{Method: "PATCH", Path: "/companies/{id}", ID: "change-company", Summary: "Change a company", Tag: tag}, s.changeCompany)
}

func companyOf(c contact.Company) Company { return Company{c.ID, c.Name, c.Domain, c.ContactCount} }

func (s *Server) companies(ctx context.Context, in *listCompanies) (*shape.Body[shape.Page[Company]], error) {
	p, err := s.Contacts.Companies(ctx, gate.Actor(ctx), contact.Filter{Q: in.Q, Cursor: in.Cursor, Limit: in.Limit})
	return shape.Part(shape.Each(p.Items, companyOf), p.Next), err
}

func (s *Server) createCompany(ctx context.Context, in *shape.With[NewCompany]) (*shape.Body[Company], error) {
	c, err := s.Contacts.CreateCompany(ctx, gate.Actor(ctx), contact.CompanyChange{Name: &in.Body.Name, Domain: &in.Body.Domain})
	return shape.One(companyOf(c)), err
}

func (s *Server) changeCompany(ctx context.Context, in *shape.On[CompanyChange]) (*shape.Body[Company], error) {
	c, err := s.Contacts.UpdateCompany(ctx, gate.Actor(ctx), in.ID, contact.CompanyChange(in.Body))
	return shape.One(companyOf(c)), err
}
