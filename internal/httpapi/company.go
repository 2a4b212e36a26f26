package httpapi

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
	add(s, route{method: "GET", path: "/companies", id: "list-companies", summary: "Companies", tag: tag}, todo[listCompanies, Body[Page[Company]]])
	add(s, route{method: "POST", path: "/companies", id: "create-company", summary: "Add a company", tag: tag, status: 201, makes: true}, todo[With[NewCompany], Body[Company]])
	add(s, route{method: "PATCH", path: "/companies/{id}", id: "change-company", summary: "Change a company", tag: tag}, todo[On[CompanyChange], Body[Company]])
}
