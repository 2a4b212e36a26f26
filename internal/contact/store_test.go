package contact_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/contact"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

type silent struct{}

func (silent) Publish(string, []byte)                {}
func (silent) Subscribe(string, func([]byte)) func() { return func() {} }

type world struct {
	*contact.Room
	t   *testing.T
	d   *db.DB
	log *event.Log
	me  account.Actor
}

func each(t *testing.T, test func(w world)) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		c := clock.NewFake(time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC))
		log := event.New(d, c, silent{})
		test(world{contact.New(d, log, c), t, d, log, account.Actor{Kind: account.KindAgent, WorkspaceID: 1, AgentID: 5, Role: account.Member}})
	})
}

func (w world) identify(workspaceID int64, address, name string) contact.Identified {
	w.t.Helper()
	var found contact.Identified
	err := w.d.Within(context.Background(), func(ctx context.Context) (err error) {
		found, err = w.Identify(ctx, workspaceID, contact.Email, address, name)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return found
}

func (w world) kinds() []string {
	w.t.Helper()
	for {
		n, err := w.log.Sequence(context.Background())
		if err != nil {
			w.t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	events, err := w.log.After(context.Background(), 1, 0, 1000)
	if err != nil {
		w.t.Fatal(err)
	}
	var kinds []string
	for _, e := range events {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

func ptr[T any](v T) *T { return &v }

func TestIdentifyFindsOrMakes(t *testing.T) {
	each(t, func(w world) {
		first := w.identify(1, "Ewa@Harbour.example", "")
		again := w.identify(1, "ewa@harbour.EXAMPLE", "Ewa Nowak")
		if !first.Created || again.Created || again.ContactID != first.ContactID {
			w.t.Fatalf("first %+v, again %+v", first, again)
		}
		w.identify(1, "ewa@harbour.example", "Somebody Else")
		c, err := w.Get(context.Background(), w.me, first.ContactID)
		if err != nil {
			w.t.Fatal(err)
		}
		if c.Name != "Ewa Nowak" || c.Address() != "Ewa@Harbour.example" || c.Company == nil || c.Company.Domain != "harbour.example" {
			w.t.Errorf("contact = %+v", c)
		}
		if got, want := fmt.Sprint(w.kinds()), "[company.created contact.created contact.changed]"; got != want {
			w.t.Errorf("events %s, want %s", got, want)
		}
		if other := w.identify(2, "ewa@harbour.example", ""); !other.Created {
			w.t.Error("a contact was shared between workspaces")
		}
		if mate := w.identify(1, "jan@harbour.example", ""); mate.ContactID == first.ContactID {
			w.t.Error("two addresses became one contact")
		}
		companies, err := w.Companies(context.Background(), w.me, contact.Filter{})
		if err != nil || len(companies.Items) != 1 || companies.Items[0].ContactCount != 2 {
			w.t.Errorf("companies %+v, %v", companies, err)
		}
	})
}

func TestManyAtOnceMakeOneContact(t *testing.T) {
	each(t, func(w world) {
		var wg sync.WaitGroup
		ids := make([]int64, 24)
		for i := range ids {
			wg.Go(func() { ids[i] = w.identify(1, fmt.Sprintf("rush%d@harbour.example", i%3), "").ContactID })
		}
		wg.Wait()
		for i := range ids {
			if ids[i] == 0 || ids[i] != ids[i%3] {
				w.t.Fatalf("contacts %v", ids)
			}
		}
		companies, err := w.Companies(context.Background(), w.me, contact.Filter{})
		if err != nil || len(companies.Items) != 1 {
			w.t.Errorf("companies %+v, %v", companies, err)
		}
	})
}

func TestEditKeepsValuesOutOfTheLog(t *testing.T) {
	each(t, func(w world) {
		ctx := context.Background()
		c, err := w.Create(ctx, w.me, contact.Change{Name: ptr("Kim Minsu"), Addresses: &[]contact.Identity{{Kind: contact.Email, Address: "kim@naver.com"}, {Kind: contact.Phone, Address: "+82 10 1234 5678"}}})
		if err != nil {
			w.t.Fatal(err)
		}
		if c.CompanyID != 0 || len(c.Identities) != 2 {
			w.t.Errorf("contact %+v", c)
		}
		if _, err := w.Create(ctx, w.me, contact.Change{Addresses: &[]contact.Identity{{Kind: contact.Email, Address: "KIM@naver.com"}}}); !fault.Is(err, fault.Conflict) {
			w.t.Errorf("a taken address: %v", err)
		}
		if _, err := w.Create(ctx, w.me, contact.Change{}); !fault.Is(err, fault.Invalid) {
			w.t.Errorf("nobody: %v", err)
		}
		if c, err = w.Update(ctx, w.me, c.ID, contact.Change{City: ptr("Busan"), Blocked: ptr(true), Version: c.Version}); err != nil || c.City != "Busan" {
			w.t.Fatalf("%+v, %v", c, err)
		}
		if _, err = w.Update(ctx, w.me, c.ID, contact.Change{City: ptr("Seoul"), Version: 1}); !fault.Is(err, fault.Conflict) {
			w.t.Errorf("an old version: %v", err)
		}
		if found := w.identify(1, "kim@naver.com", ""); !found.Blocked {
			w.t.Error("the contact is not blocked")
		}
		if c, err = w.AddAddress(ctx, w.me, c.ID, contact.Identity{Kind: contact.External, System: "shop", Address: "C-17"}); err != nil || len(c.Identities) != 3 {
			w.t.Fatalf("%+v, %v", c, err)
		}
		if c, err = w.Update(ctx, w.me, c.ID, contact.Change{Addresses: &[]contact.Identity{{Kind: contact.Email, Address: "kim@naver.com"}}}); err != nil || len(c.Identities) != 2 {
			w.t.Fatalf("%+v, %v", c, err)
		}
		if c, err = w.RemoveAddress(ctx, w.me, c.ID, contact.Identity{Kind: contact.Email, Address: "kim@naver.com"}); err != nil || len(c.Identities) != 1 {
			w.t.Fatalf("%+v, %v", c, err)
		}
		kept, err := w.FieldHistory(ctx, 1, contact.ObjectContact, c.ID)
		if err != nil || len(kept) != 3 {
			w.t.Errorf("kept %v, %v", kept, err)
		}
		light := account.Actor{Kind: account.KindAgent, WorkspaceID: 1, AgentID: 6, Role: account.Light}
		if _, err := w.Update(ctx, light, c.ID, contact.Change{City: ptr("x")}); !fault.Is(err, fault.Forbidden) {
			w.t.Errorf("a light agent edits: %v", err)
		}
		elsewhere := account.Actor{Kind: account.KindAgent, WorkspaceID: 2, AgentID: 7, Role: account.Owner}
		if _, err := w.Get(ctx, elsewhere, c.ID); !fault.Is(err, fault.NotFound) {
			w.t.Errorf("another workspace reads: %v", err)
		}
		w.log.Sequence(ctx)
		events, _ := w.log.After(ctx, 1, 0, 100)
		for _, e := range events {
			for _, secret := range []string{"Kim", "naver", "Busan", "1234"} {
				if strings.Contains(string(e.Data), secret) {
					w.t.Errorf("event %s says %s", e.Kind, e.Data)
				}
			}
		}
	})
}

func TestListPagesAndSearches(t *testing.T) {
	each(t, func(w world) {
		ctx := context.Background()
		for i := range 25 {
			w.identify(1, fmt.Sprintf("person%02d@mail%d.example", i, i%2), fmt.Sprintf("Łukasz %02d", i%5))
		}
		w.identify(1, "nameless@harbour.example", "")
		seen := map[int64]bool{}
		f := contact.Filter{Limit: 7}
		for {
			page, err := w.List(ctx, w.me, f)
			if err != nil {
				w.t.Fatal(err)
			}
			for _, c := range page.Items {
				if seen[c.ID] {
					w.t.Fatalf("%d twice", c.ID)
				}
				seen[c.ID] = true
			}
			if f.Cursor = page.Next; f.Cursor == "" {
				break
			}
		}
		if len(seen) != 26 {
			w.t.Errorf("%d contacts, want 26", len(seen))
		}
		for q, want := range map[string]int{"lukasz 03": 5, "ŁUKASZ": 25, "PERSON1": 10, "mail1.ex": 12, "%": 0, "harbour": 1} {
			page, err := w.List(ctx, w.me, contact.Filter{Q: q, Limit: 100})
			if err != nil || len(page.Items) != want {
				w.t.Errorf("q=%q: %d, want %d, %v", q, len(page.Items), want, err)
			}
		}
		if _, err := w.List(ctx, w.me, contact.Filter{Cursor: "nonsense!"}); !fault.Is(err, fault.Invalid) {
			w.t.Errorf("a foreign cursor: %v", err)
		}
	})
}

func TestCompanyDomainsAreUnique(t *testing.T) {
	each(t, func(w world) {
		ctx := context.Background()
		a, err := w.CreateCompany(ctx, w.me, contact.CompanyChange{Name: ptr("Harbour"), Domain: ptr("Harbour.example")})
		if err != nil {
			w.t.Fatal(err)
		}
		b, err := w.CreateCompany(ctx, w.me, contact.CompanyChange{Name: ptr("Quay")})
		if err != nil {
			w.t.Fatal(err)
		}
		if _, err := w.UpdateCompany(ctx, w.me, b.ID, contact.CompanyChange{Domain: ptr("harbour.example")}); !fault.Is(err, fault.Conflict) {
			w.t.Errorf("a taken domain: %v", err)
		}
		if _, err := w.UpdateCompany(ctx, w.me, a.ID, contact.CompanyChange{Name: ptr("Harbour Ltd")}); err != nil {
			w.t.Error(err)
		}
		if w.identify(1, "x@harbour.example", ""); true {
			got, err := w.GetCompany(ctx, w.me, a.ID)
			if err != nil || got.ContactCount != 1 || got.Name != "Harbour Ltd" {
				w.t.Errorf("company %+v, %v", got, err)
			}
		}
	})
}

// A new contact begins with what it was told; nobody gets a second one, whatever
// the caller has promised.
func TestWhatANewContactBeginsWith(t *testing.T) {
	each(t, func(w world) {
		who := contact.Identity{Kind: contact.Visitor, Address: "v7"}
		told := contact.Told{Traits: contact.Traits{Name: "Ewa", Language: "pl", TimeZone: "Nowhere/At all"}, Typed: "ewa@harbour.example", Locked: true}
		identify := func(ctx context.Context) (contact.Identified, error) {
			s := w.Search(1, who)
			if err := db.Gather(ctx, w.d, s); err != nil {
				return contact.Identified{}, err
			}
			return w.IdentifyFound(ctx, s, told)
		}
		var made contact.Identified
		err := w.d.Within(context.Background(), func(ctx context.Context) (err error) {
			made, err = identify(ctx)
			return err
		})
		if err != nil || !made.Created {
			t.Fatal(made, err)
		}
		c, err := w.Get(context.Background(), w.me, made.ContactID)
		if err != nil || c.Name != "Ewa" || c.Language != "pl" || c.TimeZone != "" || c.Address() != "ewa@harbour.example" || c.CompanyID != 0 || c.Version != 1 || !c.Anonymous() {
			t.Errorf("%+v, %v", c, err)
		}
		if kinds := w.kinds(); strings.Join(kinds, " ") != contact.EventCreated {
			t.Errorf("events %v", kinds)
		}
		who.Address = "v8"
		err = w.d.Within(context.Background(), func(ctx context.Context) error {
			s := w.Search(1, who)
			if err := db.Gather(ctx, w.d, s); err != nil {
				return err
			}
			if _, err := identify(ctx); err != nil {
				return err
			}
			_, err := w.IdentifyFound(ctx, s, told)
			return err
		})
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("a promise that was not kept: %v", err)
		}
		if n, err := db.One(context.Background(), w.d, db.Int64, "SELECT COUNT(*) FROM contacts"); err != nil || n != 1 {
			t.Errorf("%d contacts, %v", n, err)
		}
	})
}
