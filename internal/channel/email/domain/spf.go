package domain

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"

	"rapport/internal/platform/resolver"
)

// States of a finding.
const (
	Fine    = "ok"
	Weak    = "warning"
	Missing = "failed"
)

// Names asks the name server.
type Names interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error)
}

// Finding is what was found of one thing, in words, and the line to publish
// when there is one.
type Finding struct {
	State, Message, Hint string
	Line                 *Line
}

// Line is a record to publish: its type is TXT.
type Line struct{ Name, Value string }

const maxLookups = 10 // RFC 7208, 4.6.4

// Silent is what is said when the name server does not answer.
func Silent(domain string) Finding {
	return Finding{State: Weak, Message: fmt.Sprintf("The records of %s cannot be looked up at the moment.", domain), Hint: "Check again in a minute. If it stays so, this installation's name server (RAPPORT_DNS) does not work."}
}

// SPF says whether a domain allows the server that its mail leaves through.
// mechanisms are what its record needs for that.
func SPF(ctx context.Context, names Names, domain string, mechanisms []string) Finding {
	records, err := records(ctx, names, domain, "v=spf1")
	if err != nil {
		return Silent(domain)
	}
	wanted := strings.Join(mechanisms, " ")
	switch len(records) {
	case 0:
		return Finding{Missing, fmt.Sprintf("%s does not say who may send mail for it.", domain), "Publish this line where your domain is managed. Without it, large providers may file your answers as spam.",
			&Line{domain, "v=spf1 " + wanted + " ~all"}}
	case 1:
	default:
		return Finding{Missing, fmt.Sprintf("%s has %d SPF records; receivers then honour none.", domain, len(records)), "Delete them all and publish this one in their place.", &Line{domain, merge(records, mechanisms)}}
	}
	w := walk{names: names, seen: map[string]bool{}}
	allowed := w.record(ctx, records[0], mechanisms)
	switch {
	case w.silent:
		return Silent(domain)
	case !allowed:
		return Finding{Missing, fmt.Sprintf("%s does not allow your mail server to send for it.", domain), "Replace the SPF record with this line; what stood in it is kept.", &Line{domain, merge(records, mechanisms)}}
	case w.lookups > maxLookups:
		return Finding{Weak, fmt.Sprintf("The SPF record of %s needs %d DNS lookups; receivers stop after %d and honour none of it.", domain, w.lookups, maxLookups), "Remove the includes of services that no longer send for you.", nil}
	case len(w.all) > 0 && (w.all[0] == "+all" || w.all[0] == "all"):
		return Finding{Weak, fmt.Sprintf("%s allows everybody to send for it.", domain), "Replace the SPF record with this line; ~all marks strangers as doubtful.", &Line{domain, merge(records, mechanisms)}}
	}
	return Finding{State: Fine, Message: fmt.Sprintf("%s allows your mail server to send for it.", domain)}
}

// records are the texts of a name that begin with a version.
func records(ctx context.Context, names Names, name, version string) ([]string, error) {
	texts, err := names.LookupTXT(ctx, name)
	if err != nil && !resolver.NotFound(err) {
		return nil, err
	}
	var out []string
	for _, text := range texts {
		first, _, _ := strings.Cut(strings.TrimSpace(text), " ")
		if first, _, _ = strings.Cut(first, ";"); strings.EqualFold(first, version) {
			out = append(out, strings.TrimSpace(text))
		}
	}
	return out, nil
}

// merge is one record with the terms of all of them and the mechanisms added,
// before what ends it.
func merge(records, mechanisms []string) string {
	var terms []string
	end := ""
	for _, record := range records {
		for _, term := range strings.Fields(record)[1:] {
			lower := strings.ToLower(term)
			switch {
			case strings.TrimLeft(lower, "+-~?") == "all":
				if end == "" || strings.HasPrefix(end, "redirect=") {
					end = lower
				}
			case strings.HasPrefix(lower, "redirect="):
				if end == "" {
					end = lower
				}
			case !slices.ContainsFunc(terms, func(had string) bool { return strings.EqualFold(had, term) }):
				terms = append(terms, term)
			}
		}
	}
	for _, m := range mechanisms {
		if !slices.ContainsFunc(terms, func(had string) bool { return same(had, m) }) {
			terms = append(terms, m)
		}
	}
	switch end {
	case "", "all", "+all":
		end = "~all"
	}
	return "v=spf1 " + strings.Join(append(terms, end), " ")
}

func same(a, b string) bool {
	return strings.EqualFold(strings.TrimPrefix(a, "+"), strings.TrimPrefix(b, "+"))
}

// walk follows a record through those it includes, as a receiver would.
type walk struct {
	names   Names
	seen    map[string]bool
	lookups int
	silent  bool
	all     []string // of the record it began at
}

// record reports whether all mechanisms are in a record or one it includes.
func (w *walk) record(ctx context.Context, text string, mechanisms []string) bool {
	found := map[string]bool{}
	w.follow(ctx, text, func(term string) {
		for _, m := range mechanisms {
			if same(term, m) {
				found[m] = true
			}
		}
	}, true)
	for _, m := range mechanisms {
		if !found[m] && !w.reaches(ctx, m) {
			return false
		}
	}
	return true
}

// reaches reports whether a mechanism for a server is covered by addresses that
// stand in the record themselves.
func (w *walk) reaches(ctx context.Context, mechanism string) bool {
	host, ok := strings.CutPrefix(mechanism, "a:")
	if !ok {
		return false
	}
	addresses, err := w.names.LookupIPAddr(ctx, host)
	if err != nil || len(addresses) == 0 {
		w.silent = w.silent || resolver.Unavailable(err)
		return false
	}
	for _, a := range addresses {
		if !slices.ContainsFunc(w.nets(), func(n *net.IPNet) bool { return n.Contains(a.IP) }) {
			return false
		}
	}
	return true
}

// nets are the networks that the records seen so far name.
func (w *walk) nets() []*net.IPNet {
	var out []*net.IPNet
	for term := range w.seen {
		kind, value, _ := strings.Cut(strings.TrimPrefix(term, "+"), ":")
		if kind != "ip4" && kind != "ip6" {
			continue
		}
		if !strings.Contains(value, "/") {
			value += map[string]string{"ip4": "/32", "ip6": "/128"}[kind]
		}
		if _, network, err := net.ParseCIDR(value); err == nil {
			out = append(out, network)
		}
	}
	return out
}

const farEnough = 40 // lookups, of a record that nobody honours any more

func (w *walk) follow(ctx context.Context, text string, meet func(term string), top bool) {
	for _, term := range strings.Fields(text)[1:] {
		lower := strings.ToLower(term)
		w.seen[lower] = true
		meet(lower)
		plain := strings.TrimLeft(lower, "+-~?")
		kind, value, _ := strings.Cut(plain, ":")
		if k, v, ok := strings.Cut(plain, "="); ok && k == "redirect" {
			kind, value = k, v
		}
		kind, _, _ = strings.Cut(kind, "/")
		switch kind {
		case "all":
			if top {
				w.all = append(w.all, lower)
			}
		case "a", "mx", "ptr", "exists":
			w.lookups++
		case "include", "redirect":
			if w.lookups++; w.lookups > farEnough || w.silent {
				return
			}
			next, err := records(ctx, w.names, value, "v=spf1")
			if err != nil {
				w.silent = true
				return
			}
			if len(next) == 1 {
				w.follow(ctx, next[0], meet, false)
			}
		}
	}
}
