package contact

import (
	"cmp"
	"net/mail"
	"slices"
	"strings"
	"time"

	"rapport/internal/platform/fault"
	"rapport/internal/platform/search"
	"rapport/internal/platform/text"
)

// Kinds of identities.
const (
	Email    = "email"
	Phone    = "phone"
	External = "external" // an id in the system the identity names
	Visitor  = "visitor"  // a browser or a form: it tells who comes back, and is no address
	Typed    = "typed"    // an e-mail address the person typed: nobody is found by it, and several may have typed the same
)

// Identity is one thing a contact is known by.
type Identity struct {
	Kind     string
	System   string // of an external id; of a typed address, whose it is
	Address  string
	Verified bool
}

// Contact is a person outside.
type Contact struct {
	ID          int64
	WorkspaceID int64
	Name        string
	Identities  []Identity // oldest first
	CompanyID   int64      // 0: none
	Company     *Company
	Language    string
	TimeZone    string
	City        string
	Note        string
	Since       time.Time // customer since; zero: not known
	Blocked     bool
	CreatedAt   time.Time
	Version     int64

	order string // sort_key as it is stored
}

// Address is the oldest address of the contact, e-mail first and what was only
// typed last.
func (c Contact) Address() string {
	phone, typed := "", ""
	for _, i := range c.Identities {
		switch {
		case i.Kind == Email:
			return i.Address
		case i.Kind == Phone && phone == "":
			phone = i.Address
		case i.Kind == Typed:
			typed = i.Address
		}
	}
	return cmp.Or(phone, typed)
}

// Anonymous reports whether nothing is proven of the contact: it is known by
// what it came with, and by what it typed.
func (c Contact) Anonymous() bool {
	return !slices.ContainsFunc(c.Identities, func(i Identity) bool { return i.Kind != Visitor && i.Kind != Typed })
}

// sortKey orders the list of contacts.
func (c Contact) sortKey() string {
	if c.Name != "" {
		return search.Fold(c.Name)
	}
	return search.Fold(c.Address())
}

// searchKey is what List looks in.
func (c Contact) searchKey() string {
	parts := []string{search.Fold(c.Name)}
	for _, i := range c.Identities {
		if i.Kind != Visitor {
			parts = append(parts, search.Fold(i.Address))
		}
	}
	return strings.Join(parts, "\n")
}

// Longest values, in characters.
const (
	maxName    = 200
	maxAddress = 254
	maxNote    = 10_000
	maxShort   = 100 // language, time zone, city, system
)

// key is the folded form by which an identity is unique.
func (i Identity) key() string {
	switch i.Kind {
	case Email, Typed:
		return strings.ToLower(i.Address)
	case Phone:
		return phoneKey(i.Address)
	}
	return i.Address
}

// phoneKey keeps the digits and a leading plus.
func phoneKey(number string) string {
	return strings.Map(func(r rune) rune {
		if r == '+' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, number)
}

// checked returns the identity tidied, or what is wrong with it.
func (i Identity) checked(op, path string) (Identity, error) {
	i.Address, i.System = text.Line(i.Address, maxAddress), text.Line(i.System, maxShort)
	if i.Kind != External && i.Kind != Typed {
		i.System = ""
	}
	switch i.Kind {
	case Email, Typed:
		parsed, err := mail.ParseAddress(i.Address)
		if err != nil || parsed.Address != i.Address || parsed.Name != "" {
			return i, fault.InvalidField(op, path, "Write an e-mail address such as ewa@harbour.example.")
		}
	case Phone:
		if n := len(strings.TrimPrefix(phoneKey(i.Address), "+")); n < 3 || n > 15 {
			return i, fault.InvalidField(op, path, "Write a phone number with 3 to 15 digits, such as +48 22 123 45 67.")
		}
	case Visitor:
		if i.Address == "" {
			return i, fault.InvalidField(op, path, "A visitor needs an id.")
		}
	case External:
		if i.Address == "" || i.System == "" {
			return i, fault.InvalidField(op, path, "An external id needs the id and the name of its system.")
		}
	default:
		return i, fault.InvalidField(op, path, "The kind of an address is email, phone or external.")
	}
	return i, nil
}
