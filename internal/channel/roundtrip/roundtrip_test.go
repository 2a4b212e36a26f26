package roundtrip

import (
	"strings"
	"testing"
	"time"
)

func TestWhereARoundTripStands(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	justNow, before := now.Add(-time.Minute), now.Add(-2*time.Minute)
	for name, c := range map[string]struct {
		mail          Mail
		want          State
		message, hint string
	}{
		"leaves":                           {Mail{}, Leaving, "", ""},
		"waits for its server":             {Mail{Reason: "The server does not answer."}, Leaving, "does not answer", ""},
		"refused":                          {Mail{Failed: true, Reason: "No such user."}, Broken, "No such user", ""},
		"is on its way":                    {Mail{Sent: true, SentAt: justNow, Fetched: true}, Awaited, "", ""},
		"cannot be fetched":                {Mail{Sent: true, SentAt: before, Fetched: true, FetchTrouble: "The password is wrong."}, Awaited, "password", ""},
		"late at the mailbox":              {Mail{Sent: true, SentAt: before, Fetched: true, Folder: "Inbox"}, Awaited, "not arrived", "spam"},
		"late in a folder":                 {Mail{Sent: true, SentAt: before, Fetched: true, Folder: "Support"}, Awaited, "not arrived", "folder that is set"},
		"late at our own door":             {Mail{Sent: true, SentAt: before}, Awaited, "not arrived", "MX record"},
		"came back":                        {Mail{Sent: true, SentAt: before, ArrivedAt: now, FetchTrouble: "Later."}, Arrived, "", ""},
		"came back, and failed afterwards": {Mail{Failed: true, Reason: "No.", ArrivedAt: now}, Arrived, "", ""},
	} {
		got := Judge(c.mail, now)
		if got.State != c.want || !strings.Contains(got.Message, c.message) || (c.message == "") != (got.Message == "") || !strings.Contains(got.Hint, c.hint) || (c.hint == "") != (got.Hint == "") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
