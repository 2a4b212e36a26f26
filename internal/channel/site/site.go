// Package site tells which sites may show a chat or a form.
package site

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Tidy is a site as browsers name it, tidied: scheme, host and port, such as
// https://shop.example. A site's subdomains are https://*.shop.example. False:
// it is none that a company can allow.
func Tidy(typed string) (string, bool) {
	typed = strings.ToLower(strings.TrimSpace(typed))
	u, err := url.Parse(strings.Replace(typed, "://*.", "://any-subdomain.", 1))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.Opaque != "" || strings.Trim(u.Path, "/") != "" {
		return "", false
	}
	host, port := u.Hostname(), u.Port()
	if !hostForm.MatchString(host) || len(host) > 253 || strings.HasSuffix(u.Host, ":") {
		return "", false
	}
	if wild := strings.Contains(typed, "://*."); wild {
		host = "*" + strings.TrimPrefix(host, "any-subdomain")
		if u.Scheme != "https" || strings.Count(host, ".") < 2 {
			return "", false
		}
	}
	if port != "" && port != map[string]string{"https": "443", "http": "80"}[u.Scheme] {
		host += ":" + port
	}
	return u.Scheme + "://" + host, true
}

// hostForm is a name or an IPv4 address; what is typed in other letters is
// written in its ASCII form (xn--…), as browsers send it.
var hostForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)

// Allowed reports whether the origin that a browser sent is one of those
// that are allowed, or a subdomain of one written with a star.
func Allowed(allowed []string, origin string) bool {
	here, ok := Tidy(origin)
	if !ok || here != strings.ToLower(origin) || strings.Contains(here, "*") {
		return false // "null", and whatever no browser sends
	}
	return slices.ContainsFunc(allowed, func(a string) bool {
		front, back, wild := strings.Cut(a, "*")
		if !wild {
			return a == here
		}
		middle, ok := strings.CutPrefix(here, front)
		middle, ends := strings.CutSuffix(middle, back)
		return ok && ends && middle != "" && len(here) > len(front)+len(back)
	})
}
