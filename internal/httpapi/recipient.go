package httpapi

import (
	"encoding/json"
	"net/mail"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"rapport/internal/channel"
	"rapport/internal/httpapi/shape"
)

// Recipient is whom to write to: an Address, or a line such as
// "Ewa Marsh <ewa@harbour.example>".
type Recipient Address

// UnmarshalJSON reads either form. A line that is no address is taken as it
// stands: the verb refuses it in words.
func (r *Recipient) UnmarshalJSON(b []byte) error {
	var line string
	if json.Unmarshal(b, &line) != nil {
		return json.Unmarshal(b, (*Address)(r))
	}
	*r = Recipient{Address: line}
	if parsed, err := mail.ParseAddress(line); err == nil {
		*r = Recipient{Name: parsed.Name, Address: parsed.Address}
	}
	return nil
}

// Schema describes both forms.
func (Recipient) Schema(registry huma.Registry) *huma.Schema {
	longest := 820
	return &huma.Schema{OneOf: []*huma.Schema{
		{Type: huma.TypeString, MaxLength: &longest, Description: "Ewa Marsh <ewa@harbour.example>"},
		registry.Schema(reflect.TypeFor[Address](), true, "Address"),
	}}
}

func recipientsOf(list []Recipient) []channel.Party {
	return shape.Each(list, func(r Recipient) channel.Party { return channel.Party(r) })
}
