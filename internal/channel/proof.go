package channel

import "context"

// Prover is an Adapter that can find out who wrote. It is asked after a message
// was parsed, outside any transaction, and never holds it up for long: what it
// cannot find out is ProofUnchecked.
type Prover interface {
	Prove(ctx context.Context, receipt Receipt, raw []byte, in Inbound) (Proof, Finding)
}

// Finding says in codes how a Proof was reached.
type Finding struct {
	By     string // one of the words below; "": nothing was looked at
	Domain string // that was asked
}

// What a proof was reached by.
const (
	ByDKIM        = "dkim"         // pass: the domain has signed the mail
	BySPF         = "spf"          // pass: the domain names the sending server as its own; fail: it says that it is not
	ByDMARC       = "dmarc"        // fail: the domain publishes how its mail is known, and this one is not; none: and asks for no action
	BySenders     = "senders"      // fail: the mail names more than one sender
	ByNothing     = "nothing"      // none: the domain publishes nothing
	ByNoSignature = "no_signature" // unchecked: it came without a signature of the domain, out of a mailbox
	ByNoAddress   = "no_address"   // unchecked: the sender is no address
	BySilence     = "silence"      // unchecked: the name server did not answer
)

// prove asks the adapter who wrote, if it can tell.
func (r *Room) prove(ctx context.Context, a Adapter, receipt Receipt, raw []byte, in *Inbound) {
	p, ok := a.(Prover)
	if ok && in.Refused == "" && in.Proof == ProofUnchecked {
		in.Proof, in.Finding = p.Prove(ctx, receipt, raw, *in)
	}
}
