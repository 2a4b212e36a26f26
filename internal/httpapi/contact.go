package httpapi

import "time"

// Contact is a person outside: a customer.
type Contact struct {
	ID                int64            `json:"id"`
	Name              string           `json:"name"`
	Addresses         []ContactAddress `json:"addresses"`
	ExternalIDs       []ExternalID     `json:"external_ids"`
	CompanyID         *int64           `json:"company_id"`
	Company           OrNull[Employer] `json:"company"`
	Language          string           `json:"language"`
	TimeZone          string           `json:"time_zone"`
	City              string           `json:"city"`
	Note              string           `json:"note"`
	Since             *time.Time       `json:"since"`
	CreatedAt         time.Time        `json:"created_at"`
	ConversationCount int64            `json:"conversation_count"`
	LastSeenAt        *time.Time       `json:"last_seen_at"`
	PhotoURL          *string          `json:"photo_url"`
}

type ContactAddress struct {
	Kind     string `json:"kind" enum:"email,phone"`
	Address  string `json:"address" maxLength:"320"`
	Verified bool   `json:"verified,omitempty"`
}

type ExternalID struct {
	System string `json:"system" maxLength:"100"`
	ID     string `json:"id" maxLength:"300"`
}

// Employer is a contact's company in short.
type Employer struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	Domain string `json:"domain"`
}

type listContacts struct {
	Q         string `query:"q" maxLength:"500"`
	CompanyID int64  `query:"company_id" minimum:"1"`
	Paging
}

type NewContact struct {
	Name        string           `json:"name,omitempty"`
	Addresses   []ContactAddress `json:"addresses,omitempty" maxItems:"50"`
	ExternalIDs []ExternalID     `json:"external_ids,omitempty" maxItems:"50"`
	CompanyID   *int64           `json:"company_id,omitempty"`
	Language    string           `json:"language,omitempty" maxLength:"35"`
	TimeZone    string           `json:"time_zone,omitempty" maxLength:"64"`
	City        string           `json:"city,omitempty" maxLength:"200"`
	Note        string           `json:"note,omitempty" maxLength:"10000"`
}

type ContactChange struct {
	Name      *string           `json:"name,omitempty"`
	Addresses *[]ContactAddress `json:"addresses,omitempty" maxItems:"50"`
	CompanyID Change[int64]     `json:"company_id,omitempty"`
	Language  *string           `json:"language,omitempty" maxLength:"35"`
	TimeZone  *string           `json:"time_zone,omitempty" maxLength:"64"`
	City      *string           `json:"city,omitempty" maxLength:"200"`
	Note      *string           `json:"note,omitempty" maxLength:"10000"`
}

type conversationsOf struct {
	ByID
	Paging
}

func (s *Server) contactRoutes() {
	const tag = "Contacts"
	add(s, route{method: "GET", path: "/contacts", id: "list-contacts", summary: "Contacts", tag: tag}, todo[listContacts, Body[Page[Contact]]])
	add(s, route{method: "POST", path: "/contacts", id: "create-contact", summary: "Add a contact", tag: tag, status: 201, makes: true}, todo[With[NewContact], Body[Contact]])
	add(s, route{method: "GET", path: "/contacts/{id}", id: "read-contact", summary: "One contact", tag: tag}, todo[ByID, Body[Contact]])
	add(s, route{method: "PATCH", path: "/contacts/{id}", id: "change-contact", summary: "Change a contact", tag: tag}, todo[On[ContactChange], Body[Contact]])
	add(s, route{method: "GET", path: "/contacts/{id}/conversations", id: "contact-conversations", summary: "A contact's conversations in my sight", tag: tag}, todo[conversationsOf, Body[Page[Conversation]]])
}
