package proof

import (
	"context"

	"blitiri.com.ar/go/spf"
)

// path asks the domain of the envelope whether the client sends for it. A mail
// without an envelope sender goes by the name the client gave itself.
func (c *Checker) path(ctx context.Context, h Handed) path {
	sender := h.Sender
	domain, ok := domainOf(sender)
	if sender == "" {
		domain, ok = folded(h.Helo)
		sender = "postmaster@" + domain
	}
	if !ok {
		return path{result: pathOther}
	}
	result, _ := spf.CheckHostWithSender(h.Client.Unmap().AsSlice(), h.Helo, sender, spf.WithContext(ctx), spf.WithResolver(c.dns))
	switch result {
	case spf.Pass:
		return path{domain, pathPass}
	case spf.Fail:
		return path{domain, pathFail}
	case spf.TempError:
		return path{domain, pathSilent}
	}
	return path{domain, pathOther}
}
