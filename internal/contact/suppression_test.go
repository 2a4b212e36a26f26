package contact_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"rapport/internal/account"
	"rapport/internal/contact"
	"rapport/internal/platform/fault"
)

func (w world) suppressed(addresses ...string) (list []string) {
	w.t.Helper()
	found, err := w.Suppressions(context.Background(), 1, addresses)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range found {
		list = append(list, s.Cause+" "+s.Address+": "+s.Reason)
	}
	return list
}

func TestASuppressionStandsUntilThePersonIsHeardOrSomebodyLiftsIt(t *testing.T) {
	each(t, func(w world) {
		ctx := context.Background()
		w.identify(1, "ewa@harbour.example", "Ewa")
		put := func(s contact.Suppression) {
			if err := w.Suppress(ctx, 1, s); err != nil {
				t.Fatal(err)
			}
		}
		put(contact.Suppression{Address: "Ewa@Harbour.example", Cause: contact.CauseBounce, Reason: "550 5.1.1\r\nNo such user"})
		put(contact.Suppression{Address: "jan@lake.example", Cause: contact.CauseBounce, Reason: "full"})
		put(contact.Suppression{Address: "jan@lake.example", Cause: contact.CauseComplaint, Reason: "abuse"})
		got := w.suppressed("EWA@harbour.example", "jan@lake.example", "ola@hill.example")
		if want := []string{"bounce ewa@harbour.example: 550 5.1.1 No such user", "complaint jan@lake.example: abuse"}; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		if elsewhere, err := w.Suppressions(ctx, 2, []string{"ewa@harbour.example"}); err != nil || len(elsewhere) != 0 {
			t.Errorf("in another workspace: %v, %v", elsewhere, err)
		}
		for range 2 {
			if err := w.HeardFrom(ctx, 1, "EWA@harbour.example"); err != nil {
				t.Fatal(err)
			}
		}
		light := account.Actor{Kind: account.KindAgent, WorkspaceID: 1, AgentID: 6, Role: account.Light}
		if err := w.LiftSuppression(ctx, light, "jan@lake.example", ""); !fault.Is(err, fault.Forbidden) {
			t.Errorf("who may only read lifts: %v", err)
		}
		if got := w.suppressed("ewa@harbour.example", "jan@lake.example"); len(got) != 1 {
			t.Errorf("after the mail: %q", got)
		}
		if err := w.LiftSuppression(ctx, w.me, "jan@lake.example", ""); err != nil {
			t.Fatal(err)
		}
		if got := w.suppressed("jan@lake.example"); len(got) != 0 {
			t.Errorf("after it was lifted: %q", got)
		}
		for range 2 { // who wants no news has said so once, and writing to us changes nothing
			put(contact.Suppression{Address: "ewa@harbour.example", Cause: contact.CauseNews})
		}
		put(contact.Suppression{Address: "ewa@harbour.example", Cause: contact.CauseComplaint, Reason: "abuse"})
		if got := w.suppressed("ewa@harbour.example"); !slices.Equal(got, []string{"complaint ewa@harbour.example: abuse", "news ewa@harbour.example: "}) {
			t.Errorf("both kinds: %q", got)
		}
		if err := w.HeardFrom(ctx, 1, "ewa@harbour.example"); err != nil {
			t.Fatal(err)
		}
		if got := w.suppressed("ewa@harbour.example"); !slices.Equal(got, []string{"news ewa@harbour.example: "}) {
			t.Errorf("after another mail: %q", got)
		}
		if err := w.LiftSuppression(ctx, w.me, "ewa@harbour.example", contact.CauseNews); err != nil {
			t.Fatal(err)
		}
		if got := w.suppressed("ewa@harbour.example"); len(got) != 0 {
			t.Errorf("after they wanted news again: %q", got)
		}
		kinds := strings.Join(w.kinds(), " ")
		if strings.Count(kinds, contact.EventSuppressed) != 5 || strings.Count(kinds, contact.EventUnsuppressed) != 4 {
			t.Errorf("events %s", kinds)
		}
	})
}
