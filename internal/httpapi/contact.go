package httpapi

import (
	"context"
	"time"

	"rapport/internal/contact"
	"rapport/internal/conversation"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
)

// Contact is a person outside: a customer.
type Contact struct {
	ID                int64                  `json:"id"`
	Name              string                 `json:"name"`
	Addresses         []ContactAddress       `json:"addresses"`
	ExternalIDs       []ExternalID           `json:"external_ids"`
	CompanyID         *int64                 `json:"company_id"`
	Company           shape.OrNull[Employer] `json:"company"`
	Language          string                 `json:"language"`
	TimeZone          string                 `json:"time_zone"`
	City              string                 `json:"city"`
	Note              string                 `json:"note"`
	Since             *time.Time             `json:"since"`
	CreatedAt         time.Time              `json:"created_at"`
	ConversationCount int64                  `json:"conversation_count"`
	LastSeenAt        *time.Time             `json:"last_seen_at"`
	PhotoURL          *string                `json:"photo_url"`
	Blocked           bool                   `json:"blocked" doc:"What they write is refused."`
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
	shape.Paging
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
	Name      *string             `json:"name,omitempty"`
	Addresses *[]ContactAddress   `json:"addresses,omitempty" maxItems:"50"`
	CompanyID shape.Change[int64] `json:"company_id,omitempty"`
	Language  *string             `json:"language,omitempty" maxLength:"35"`
	TimeZone  *string             `json:"time_zone,omitempty" maxLength:"64"`
	City      *string             `json:"city,omitempty" maxLength:"200"`
	Note      *string             `json:"note,omitempty" maxLength:"10000"`
	Blocked   *bool               `json:"blocked,omitempty"`
}

type conversationsOf struct {
	shape.ByID
	shape.Paging
}

func (s *Server) contactRoutes() {
	const tag = "Contacts"
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/contacts", ID: "list-contacts", Summary: "Contacts", Tag: tag}, s.contacts)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: "/contacts", ID: "create-contact", Summary: "Add a contact", Tag: tag, Status: 201, Makes: true}, s.createContact)
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/contacts/{id}", ID: "read-contact", Summary: "One contact", Tag: tag}, s.contact)
	operation.Add(s.operations, operation.Route{Method: "PATCH", Path: "/contacts/{id}", ID: "change-contact", Summary: "Change a contact", Tag: tag}, s.changeContact)
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/contacts/{id}/conversations", ID: "contact-conversations", Summary: "A contact's conversations in my sight", Tag: tag}, s.contactConversations)
}

func contactOf(c contact.Contact) Contact {
	out := Contact{
		ID: c.ID, Name: c.Name, Addresses: []ContactAddress{}, ExternalIDs: []ExternalID{}, CompanyID: shape.IDOrNull(c.CompanyID),
		Language: c.Language, TimeZone: c.TimeZone, City: c.City, Note: c.Note, Since: shape.TimeOrNull(c.Since), CreatedAt: c.CreatedAt, Blocked: c.Blocked,
	}
	if c.Company != nil {
		out.Company.Value = &Employer{c.Company.ID, c.Company.Name, c.Company.Domain}
	}
	for _, i := range c.Identities {
		switch i.Kind {
		case contact.Visitor: // no address, and nobody's business
		case contact.External:
			out.ExternalIDs = append(out.ExternalIDs, ExternalID{i.System, i.Address})
		case contact.Typed:
			out.Addresses = append(out.Addresses, ContactAddress{contact.Email, i.Address, false})
		default:
			out.Addresses = append(out.Addresses, ContactAddress{i.Kind, i.Address, i.Verified})
		}
	}
	return out
}

// identitiesOf leaves out whether an address is verified: that is not for a
// caller to say.
func identitiesOf(addresses []ContactAddress) []contact.Identity {
	return shape.Each(addresses, func(a ContactAddress) contact.Identity { return contact.Identity{Kind: a.Kind, Address: a.Address} })
}

func (s *Server) contacts(ctx context.Context, in *listContacts) (*shape.Body[shape.Page[Contact]], error) {
	p, err := s.Contacts.List(ctx, gate.Actor(ctx), contact.Filter{Q: in.Q, CompanyID: in.CompanyID, Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	items := shape.Each(p.Items, contactOf)
	return shape.Part(items, p.Next), s.summarise(ctx, items)
}

// summarise fills in what the conversations in the caller's sight tell of contacts.
func (s *Server) summarise(ctx context.Context, contacts []Contact) error {
	sums, err := s.Tally.ContactSummaries(ctx, gate.Actor(ctx), shape.Each(contacts, func(c Contact) int64 { return c.ID }))
	for i := range contacts {
		sum := sums[contacts[i].ID]
		contacts[i].ConversationCount, contacts[i].LastSeenAt = sum.Conversations, shape.TimeOrNull(sum.LastSeenAt)
	}
	return err
}

func (s *Server) createContact(ctx context.Context, in *shape.With[NewContact]) (*shape.Body[Contact], error) {
	b := in.Body
	identities := identitiesOf(b.Addresses)
	for _, x := range b.ExternalIDs {
		identities = append(identities, contact.Identity{Kind: contact.External, System: x.System, Address: x.ID})
	}
	c, err := s.Contacts.Create(ctx, gate.Actor(ctx), contact.Change{
		Name: &b.Name, Note: &b.Note, Language: &b.Language, TimeZone: &b.TimeZone, City: &b.City, CompanyID: b.CompanyID, Addresses: &identities,
	})
	return shape.One(contactOf(c)), err
}

func (s *Server) contact(ctx context.Context, in *shape.ByID) (*shape.Body[Contact], error) {
	return s.contactAnswer(ctx)(s.Contacts.Get(ctx, gate.Actor(ctx), in.ID))
}

// contactAnswer turns what a verb returns into an answer.
func (s *Server) contactAnswer(ctx context.Context) func(contact.Contact, error) (*shape.Body[Contact], error) {
	return func(c contact.Contact, err error) (*shape.Body[Contact], error) {
		if err != nil {
			return nil, err
		}
		out := []Contact{contactOf(c)}
		err = s.summarise(ctx, out)
		return shape.One(out[0]), err
	}
}

func (s *Server) contactConversations(ctx context.Context, in *conversationsOf) (*shape.Body[shape.Page[Conversation]], error) {
	actor := gate.Actor(ctx)
	if _, err := s.Contacts.Get(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	p, err := s.Conversations.List(ctx, actor, conversation.Filter{ContactID: in.ID, Cursor: in.Cursor, Limit: in.Limit})
	return shape.Part(shape.Each(p.Items, conversationOf), p.Next), err
}

func (s *Server) changeContact(ctx context.Context, in *shape.On[ContactChange]) (*shape.Body[Contact], error) {
	b := in.Body
	change := contact.Change{Name: b.Name, Note: b.Note, Language: b.Language, TimeZone: b.TimeZone, City: b.City, CompanyID: b.CompanyID.Pointer(), Blocked: b.Blocked}
	if b.Addresses != nil {
		identities := identitiesOf(*b.Addresses)
		change.Addresses = &identities
	}
	return s.contactAnswer(ctx)(s.Contacts.Update(ctx, gate.Actor(ctx), in.ID, change))
}
