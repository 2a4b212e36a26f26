package httpapi

import (
	"fmt"
	"strings"
	"testing"

	"rapport/internal/platform/rich"
)

// A signature with a logo: who may set it, what comes back, and that a picture
// is one's own upload.
func TestASignatureHasAPicture(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.found()
	inbox := owner.inbox("Fish")
	anna := w.join(owner, "Anna", "agent", inbox)
	jan := w.join(owner, "Jan", "agent")
	path := "/inboxes/" + id(inbox)
	upload := func(c caller) (string, map[string]any) {
		t.Helper()
		var a Attachment
		c.upload("POST", "/attachments", "logo.png", pixel).want(201).into(&a)
		html := fmt.Sprintf(`<p onclick="x()"><img src="cid:%s" alt="{{inbox.name}}"> <strong>{{agent.name}}</strong></p>`, rich.PictureName(a.ID))
		return html, map[string]any{"signature": "not this", "signature_html": html}
	}
	_, change := upload(owner)
	var got Inbox
	owner.do("PATCH", path, change).want(200).into(&got)
	if got.Signature != "{{agent.name}}" || strings.Contains(got.SignatureHTML, "onclick") || !strings.Contains(got.SignatureHTML, "<strong>") || len(got.Pictures) != 1 {
		t.Fatalf("%+v", got)
	}
	caller{w: w}.send("GET", got.Pictures[0].URL, "", nil).want(200)
	owner.do("PATCH", path, change).want(200) // again as it is
	anna.do("PATCH", path, change).problem(403)
	jan.do("GET", path, nil).problem(404)
	anna.do("GET", path, nil).want(200).into(&got)
	if len(got.Pictures) != 1 {
		t.Errorf("who answers does not see the logo: %+v", got)
	}

	_, hers := upload(anna)
	if p := owner.do("PATCH", path, hers).problem(422); !strings.Contains(p.Detail, "somebody else") {
		t.Errorf("%+v", p)
	}
	var me Me
	anna.do("PATCH", "/me", hers).want(200).into(&me)
	if me.Agent.Signature != "{{agent.name}}" || len(me.Agent.Pictures) != 1 {
		t.Errorf("%+v", me.Agent)
	}
	for field, wrong := range map[string]map[string]any{
		"no variable called":   {"template_html": "<p>{{message}}</p><p>{{agent.shoe}}</p>"},
		"on a line of its own": {"template_html": "<p>Dear {{message}}</p>"},
		"the same look":        {"signature_html": "<p>{{agent.<em>name</em>}}</p>"},
		"too long":             {"signature_html": "<p>" + strings.Repeat("long ", 5000) + "</p>"},
	} {
		if p := owner.do("PATCH", path, wrong).problem(422); !strings.Contains(p.Detail, field) {
			t.Errorf("%s: %+v", field, p)
		}
	}
	owner.do("PATCH", path, map[string]any{"signature": "Words", "signature_html": ""}).want(200).into(&got)
	if got.Signature != "Words" || got.SignatureHTML != "" || len(got.Pictures) != 0 {
		t.Errorf("back to words: %+v", got)
	}
}
