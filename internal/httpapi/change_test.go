package httpapi

import (
	"strings"
	"testing"

	"rapport/internal/httpapi/shape"
	"rapport/internal/httpapi/upkeep"
	"rapport/internal/httpapi/viewset"
)

func TestWhatIsLeftOutStaysAndNullClears(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.found()
	var company Company
	owner.do("POST", "/companies", map[string]any{"name": "Sea", "domain": "sea.example"}).want(201).into(&company)
	var c Contact
	owner.do("POST", "/contacts", map[string]any{
		"name": "Ewa", "company_id": company.ID, "addresses": []any{map[string]any{"kind": "email", "address": "ewa@sea.example"}},
		"external_ids": []any{map[string]any{"system": "shop", "id": "77"}},
	}).want(201).into(&c)
	if len(c.Addresses) != 1 || len(c.ExternalIDs) != 1 || c.Company.Value == nil {
		t.Fatalf("contact %+v", c)
	}
	path := "/contacts/" + id(c.ID)
	owner.do("PATCH", path, map[string]any{"note": "A good one."}).want(200).into(&c)
	if c.CompanyID == nil || c.Name != "Ewa" || c.Note != "A good one." {
		t.Errorf("changed more than was said: %+v", c)
	}
	owner.do("PATCH", path, map[string]any{"company_id": nil}).want(200).into(&c)
	if c.CompanyID != nil || len(c.Addresses) != 1 {
		t.Errorf("contact %+v", c)
	}

	inbox := "/inboxes/" + id(owner.inbox("Fish"))
	var v Inbox
	owner.do("PATCH", inbox, map[string]any{"email": map[string]any{
		"address": "fish@harbour.example", "imap": nil,
		"smtp": map[string]any{"host": "127.0.0.1", "port": 26, "security": "none", "username": "desk", "has_password": true},
	}}).want(200).into(&v)
	if v.Email.Value.SMTP.Value.Port != 26 || v.Email.Value.IMAP.Value != nil {
		t.Errorf("inbox %+v", v.Email.Value)
	}
	var place Workspace
	owner.do("PATCH", "/workspace", map[string]any{"system_inbox_id": v.ID}).want(200).into(&place)
	if place.SystemInboxID == nil {
		t.Error("no inbox for system mails")
	}
	owner.do("PATCH", "/workspace", map[string]any{"system_inbox_id": nil}).want(200).into(&place)
	if place.SystemInboxID != nil {
		t.Errorf("system mails leave through %d", *place.SystemInboxID)
	}
}

func TestNamesOfViewsAreForEveryInboxInSight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.found()
	owner.inbox("Fish")
	owner.do("POST", "/teams", map[string]any{"name": "Boats"}).want(201)
	var p shape.Page[viewset.View]
	owner.do("GET", "/views", nil).want(200).into(&p)
	var names []string
	for _, v := range p.Items {
		names = append(names, v.Name)
	}
	if got := strings.Join(names, ", "); got != "Mine, Unassigned, All open, Waiting, Snoozed, Closed, Spam, Fish, Boats" {
		t.Errorf("views %s", got)
	}
}

func TestAMailIsFollowedFromTheHealthPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.found()
	owner.inbox("Fish")
	var h upkeep.Health
	owner.do("GET", "/health", nil).want(200).into(&h)
	if len(h.Checks) != 6 || h.Version != "test" {
		t.Errorf("health %+v", h)
	}
	for _, c := range h.Checks {
		if c.State == "failed" || c.Title == "" || c.Message == "" {
			t.Errorf("check %+v", c)
		}
	}
	owner.do("GET", "/mails?state=quarantined", nil).want(200)
	owner.do("GET", "/mails?state=lost", nil).problem(422)
	owner.do("GET", "/mails?cursor=!", nil).problem(422)
}
