// Package resolver asks the name server, for all rooms together, and spares
// everybody the wait when it does not answer.
//
// Promises: three time-outs in a row, and for a minute nobody waits for it:
// every question is answered at once with an error that Unavailable knows. Then
// one question is let through; if that times out too, another minute begins.
// What a name server says (also "there is no such name", also "I cannot tell")
// is an answer and ends the row.
package resolver

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"time"

	"rapport/internal/platform/clock"
)

// Patience is how long one piece of work (the checks of a mail) waits for name
// servers in all; its caller puts it on the context.
const Patience = 2 * time.Second

const (
	tolerated = 3           // time-outs in a row
	respite   = time.Minute // in which it is left alone
)

// Resolver looks names up. It has the methods that libraries for mail expect
// of a resolver. It is safe for use by many goroutines.
type Resolver struct {
	dns   *net.Resolver
	clock clock.Clock

	mu       sync.Mutex
	timeouts int       // in a row
	until    time.Time // left alone; after it, one question at a time tries
	trying   bool
}

// New asks through dns (outbound.NewResolver, or a guard's own).
func New(dns *net.Resolver, c clock.Clock) *Resolver { return &Resolver{dns: dns, clock: c} }

// Unavailable reports whether err says that there was no answer, so that
// nothing is known; asking again later may help.
func Unavailable(err error) bool {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return dns.IsTimeout || dns.IsTemporary
	}
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// NotFound reports whether err says that there is no such name, or nothing of
// the kind asked for.
func NotFound(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

// LookupTXT returns the texts of a name, each put together from its parts.
func (r *Resolver) LookupTXT(ctx context.Context, name string) ([]string, error) {
	return ask(ctx, r, name, r.dns.LookupTXT)
}

// LookupMX returns the mail servers of a domain, the preferred first.
func (r *Resolver) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	return ask(ctx, r, name, r.dns.LookupMX)
}

// LookupIPAddr returns the addresses of a host.
func (r *Resolver) LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error) {
	return ask(ctx, r, host, r.dns.LookupIPAddr)
}

// LookupCNAME returns the name that a name stands for.
func (r *Resolver) LookupCNAME(ctx context.Context, name string) (string, error) {
	return ask(ctx, r, name, r.dns.LookupCNAME)
}

// LookupAddr returns the names of an IP address.
func (r *Resolver) LookupAddr(ctx context.Context, address string) ([]string, error) {
	return asked(ctx, r, address, r.dns.LookupAddr)
}

// ask asks for a name from the root: the search list of this machine's
// network is not for names that strangers have chosen.
func ask[T any](ctx context.Context, r *Resolver, name string, lookup func(context.Context, string) (T, error)) (T, error) {
	if net.ParseIP(name) == nil && name != "" && !strings.HasSuffix(name, ".") {
		name += "."
	}
	return asked(ctx, r, name, lookup)
}

func asked[T any](ctx context.Context, r *Resolver, name string, lookup func(context.Context, string) (T, error)) (T, error) {
	var none T
	if ctx.Err() != nil {
		return none, silence(name, "there was no time left to ask")
	}
	if !r.enter() {
		return none, silence(name, "the name server does not answer and is left alone for a while")
	}
	found, err := lookup(ctx, name)
	r.leave(ctx, err)
	return found, err
}

// silence is the error of a question that was not asked.
func silence(name, why string) error {
	return &net.DNSError{Err: why, Name: name, IsTimeout: true, IsTemporary: true}
}

func (r *Resolver) enter() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.timeouts < tolerated:
		return true
	case r.trying || r.clock.Now().Before(r.until):
		return false
	}
	r.trying = true
	return true
}

// leave counts a time-out. A caller that has gone away says nothing about the
// name server.
func (r *Resolver) leave(ctx context.Context, err error) {
	var dns *net.DNSError
	timedOut := errors.As(err, &dns) && dns.IsTimeout || errors.Is(err, context.DeadlineExceeded)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.trying = false
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
	case !timedOut:
		r.timeouts = 0
	default:
		if r.timeouts++; r.timeouts >= tolerated {
			r.until = r.clock.Now().Add(respite)
		}
	}
}
