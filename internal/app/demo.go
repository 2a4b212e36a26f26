package app

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"rapport/internal/account"
	"rapport/internal/app/demo"
	"rapport/internal/channel"
	"rapport/internal/channel/email/mailparse"
	"rapport/internal/httpapi/upkeep"
	"rapport/internal/platform/bus"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/fault"
)

// Who signs in to the demo. It listens on this machine and holds nobody's data.
const (
	demoEmail    = "hanna@miska.example"
	demoPassword = "miska-demo-2026"
)

// loadDemo fills an empty folder with the sample shop. It lives through the
// three weeks on a clock of its own, in rooms of its own on the same database.
func (a *App) loadDemo(ctx context.Context) error {
	const op = "app.loadDemo"
	known, err := a.Accounts.Workspaces(ctx)
	if err != nil || len(known) > 0 {
		return fault.Wrap(op, err)
	}
	began := time.Now()
	past := clock.NewFake(began)
	then := &App{Config: a.Config, Demo: true, DB: a.DB, Key: a.Key, Bus: &bus.Local{}, files: a.files, clock: past}
	then.build()
	defer a.build() // the rooms of the present speak last, and are the ones that stay
	err = demo.Load(ctx, demo.Rooms{Clock: past, Log: then.Log, Jobs: then.Jobs, Accounts: then.Accounts, Contacts: then.Contacts,
		Channels: then.Channels, Conversations: then.Conversations, Visitors: then.Visitors, Automation: then.Automation, ReplyAddress: then.mail.ReplyAddress, Forms: then.forms()}, began, demoPassword)
	then.Accounts.Close()
	if err != nil {
		return fault.As(op, fault.Internal, "The sample shop could not be filled. Remove the folder "+a.Config.Data+" and start again.", err)
	}
	slog.Info("the sample shop is filled", "took", time.Since(began).Round(time.Millisecond))
	return nil
}

// shop is the page of the sample shop with the chat on it.
func (a *App) shop() http.Handler {
	return demo.ShopPage{URL: a.URL(), SiteKey: a.firstChat}
}

// firstChat is the public name of the oldest chat, "" when there is none.
func (a *App) firstChat(ctx context.Context) (string, error) {
	workspaces, err := a.Accounts.Workspaces(ctx)
	if err != nil || len(workspaces) == 0 {
		return "", err
	}
	inboxes, err := a.Channels.Inboxes(ctx, account.System(workspaces[0].ID))
	for _, inbox := range inboxes {
		if inbox.Chat != nil {
			return inbox.Address, err
		}
	}
	return "", err
}

// captured is the demo's outgoing mail.
type captured struct{ channels *channel.Room }

var _ upkeep.Outbox = captured{}

// List fulfils upkeep.Outbox.
func (c captured) List(ctx context.Context, workspaceID int64) ([]upkeep.OutgoingMail, error) {
	const newest = 100
	list, err := c.channels.Departures(ctx, account.System(workspaceID), newest)
	if err != nil {
		return nil, err
	}
	out := make([]upkeep.OutgoingMail, 0, len(list))
	for _, d := range list {
		raw, err := c.channels.Raw(ctx, workspaceID, d.BlobID)
		if err != nil {
			return nil, err
		}
		m, err := mailparse.Parse(raw)
		if err != nil {
			return nil, fmt.Errorf("outgoing mail %d: %w", d.ID, err)
		}
		out = append(out, outgoing(d, m))
	}
	return out, nil
}

// Source fulfils upkeep.Outbox.
func (c captured) Source(ctx context.Context, workspaceID, id int64) ([]byte, error) {
	raw, err := c.channels.DepartureSource(ctx, account.System(workspaceID), id)
	return bytes.TrimSpace(raw), err
}

func outgoing(d channel.Departed, m *mailparse.Mail) upkeep.OutgoingMail {
	mail := upkeep.OutgoingMail{ID: d.ID, At: d.At, From: d.From, To: d.Recipients, Subject: m.Subject, Text: m.Text}
	if m.HasHTML {
		mail.HTML = &m.HTML
	}
	return mail
}
