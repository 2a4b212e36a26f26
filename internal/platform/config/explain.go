package config

import (
	"fmt"
	"io"
	"net/url"
	"strings"
	"text/tabwriter"
)

// Explain prints every setting, its value and where that came from. Secrets
// are masked, and so are passwords in addresses.
func (c Config) Explain(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, s := range settings {
		o := c.origins[s.name]
		fmt.Fprintf(table, "%s%s\t%s\t(%s)\n", Prefix, s.name, s.shown(o.text), o.from)
	}
	return table.Flush()
}

// Usage prints the settings as flags, for the help of a command.
func Usage(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, s := range settings {
		help := s.help
		if s.fallback != "" {
			help += " (" + s.fallback + ")"
		}
		fmt.Fprintf(table, "  --%s\t%s%s\t%s\n", flagName(s.name), Prefix, s.name, help)
	}
	return table.Flush()
}

// shown is the value as it may be seen. Of a secret that is an address, the
// host is left to see: it answers most questions.
func (s setting) shown(value string) string {
	if value == "" {
		return "-"
	}
	if first, rest, several := strings.Cut(value, ","); s.secret && several {
		return s.shown(strings.TrimSpace(first)) + "," + s.shown(strings.TrimSpace(rest))
	}
	u, err := url.Parse(value)
	isAddress := err == nil && u.Host != ""
	switch {
	case isAddress && (s.secret || u.User != nil):
		return u.Scheme + "://" + mask(u.User) + u.Host + u.Path
	case s.secret:
		return "***"
	}
	return value
}

func mask(user *url.Userinfo) string {
	if user == nil {
		return ""
	}
	return "***@"
}
