package email

import (
	"context"
	"net/netip"
	"time"

	"rapport/internal/channel"
	"rapport/internal/channel/email/proof"
)

// fresh is how old a fetched mail may be when its sender is checked. Keys of
// signatures are changed, and a mailbox that is taken over holds years of mail.
const fresh = 14 * 24 * time.Hour

// Prove finds out whether a mail comes from the domain of its sender; see
// proof.Checker.
func (a *Adapter) Prove(ctx context.Context, receipt channel.Receipt, raw []byte, in channel.Inbound) (channel.Proof, channel.Finding) {
	client, err := netip.ParseAddr(receipt.Envelope.Client)
	fetched := err != nil
	old := !in.SentAt.IsZero() && receipt.ReceivedAt.Sub(in.SentAt) > fresh
	if a.checker == nil || fetched && old {
		return channel.ProofUnchecked, channel.Finding{}
	}
	m := proof.Mail{Raw: raw, From: in.From.Address}
	if !fetched {
		m.Handed = proof.Handed{Client: client, Helo: receipt.Envelope.Helo, Sender: receipt.Envelope.Sender}
	}
	return a.checker.Check(ctx, m)
}
