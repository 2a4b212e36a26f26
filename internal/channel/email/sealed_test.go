package email

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"rapport/internal/channel"
	"rapport/internal/platform/db"
	"rapport/internal/testkit"
)

// brokenBox cannot open what was spoiled.
type brokenBox struct{ openBox }

func (b brokenBox) Open(table string, row int64, sealed []byte) ([]byte, error) {
	if bytes.Equal(sealed, []byte("spoiled")) {
		return nil, errors.New("not ours")
	}
	return b.openBox.Open(table, row, sealed)
}

// An inbox whose passwords cannot be opened says so and keeps no other from
// being fetched; health of one server says nothing about the other.
func TestOneSpoiledInboxKeepsNoOtherWaiting(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d := testkit.SQLite(t)
	m := mailroomIn(t, d, brokenBox{}, t.TempDir())
	spoiled := m.inbox(channel.Server{Host: "127.0.0.1", Port: 9, Username: "hello", Password: "right"})
	fine, err := m.room.CreateInbox(ctx, m.owner, channel.NewInbox{Name: "Returns", Channel: "email", Address: "returns@miska.example",
		Email: &channel.EmailSettings{IMAP: &channel.Server{Host: "127.0.0.1", Port: 9}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(ctx, d, "UPDATE inboxes SET secrets = $1 WHERE id = $2", []byte("spoiled"), spoiled.ID); err != nil {
		t.Fatal(err)
	}
	all, err := m.room.AllInboxes(ctx, "email")
	if err != nil || len(all) != 1 || all[0].ID != fine.ID {
		t.Errorf("%+v, %v", all, err)
	}
	m.showing(spoiled.ID, "cannot be read")

	if _, err := db.Exec(ctx, d, "UPDATE inboxes SET send_trouble = 'Sending does not work: the server is full.' WHERE id = $1", fine.ID); err != nil {
		t.Fatal(err)
	}
	m.room.NoteTrouble(ctx, fine, "Fetching mail does not work: no such folder.")
	m.showing(fine.ID, "Fetching mail does not work: no such folder.\nSending does not work: the server is full.")
	m.room.NoteHealth(ctx, fine)
	m.showing(fine.ID, "Sending does not work")
	if _, err := db.Exec(ctx, d, "UPDATE inboxes SET send_trouble = '' WHERE id = $1", fine.ID); err != nil {
		t.Fatal(err)
	}
	m.room.NoteHealth(ctx, fine)
	m.showing(fine.ID, "")
}
