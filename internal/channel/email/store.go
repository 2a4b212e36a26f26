package email

import (
	"context"
	"errors"
	"time"

	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// Store is the database the cursors are kept in.
type Store = *db.DB

type store struct{ d *db.DB }

// cursor says how far a mailbox was accepted: every mail of this UIDVALIDITY up
// to UID has a receipt, is gone, or was there before the inbox began.
type cursor struct {
	Mailbox  string
	Validity uint32
	UID      uint32
	// Since is the "now" of a mailbox connected "from now on"; zero when it was
	// connected with its history.
	Since time.Time
	// RescanTo is the highest UID at the time when reading began at the first
	// mail, 0 if it never did: up to there mails are history, and may be older
	// than Since.
	RescanTo uint32
	// Live is how far above RescanTo mail was accepted while the history below
	// is still being read, 0 if there was none.
	Live uint32
}

// history says whether old mail is still being read, before which new mail goes.
func (c cursor) history() bool { return c.UID < c.RescanTo }

// passed is the cursor after the mails up to uid.
func (c cursor) passed(uid uint32) cursor {
	if c.history() && uid > c.RescanTo {
		c.Live = uid
		return c
	}
	if c.UID = uid; !c.history() {
		c.UID = max(uid, c.Live)
	}
	return c
}

// margin is how far a mail server's clock may be from ours.
const margin = 24 * time.Hour

// rescans says whether mails of before the connect may be met again from uid on.
func (c cursor) rescans(uid uint32) bool { return uid <= c.RescanTo && !c.Since.IsZero() }

// predates says of a mail that it was in the mailbox before it was connected.
// The date is the server's; of a mail without one that is never said.
func (c cursor) predates(uid uint32, date time.Time) bool {
	return c.rescans(uid) && !date.IsZero() && date.Before(c.Since.Add(-margin))
}

// cursor returns where a mailbox stands; NotFound before the first connect.
func (s store) cursor(ctx context.Context, workspaceID, inboxID int64, mailbox string) (cursor, error) {
	at, err := db.One(ctx, s.d, func(row db.Row) (cursor, error) {
		c := cursor{Mailbox: mailbox}
		var validity, uid, since, rescanTo, live int64
		err := row.Scan(&validity, &uid, &since, &rescanTo, &live)
		c.Validity, c.UID, c.Since, c.RescanTo, c.Live = uint32(validity), uint32(uid), db.Time(since), uint32(rescanTo), uint32(live)
		return c, err
	}, "SELECT uid_validity, uid, since, rescan_to, live FROM mailbox_cursors WHERE workspace_id = $1 AND inbox_id = $2 AND folder = $3", workspaceID, inboxID, mailbox)
	return at, fault.Wrap("email.cursor", err)
}

// errMoved: the cursor does not stand where it was read.
var errMoved = errors.New("another node has moved the cursor")

// begin sets the first cursor of a mailbox.
func (s store) begin(ctx context.Context, workspaceID, inboxID int64, at cursor) error {
	n, err := db.Exec(ctx, s.d, `INSERT INTO mailbox_cursors (workspace_id, inbox_id, folder, uid_validity, uid, since, rescan_to, live) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (workspace_id, inbox_id, folder) DO NOTHING`, workspaceID, inboxID, at.Mailbox, int64(at.Validity), int64(at.UID), db.Micros(at.Since), int64(at.RescanTo), int64(at.Live))
	return moved("email.begin", n, err)
}

// move sets a cursor that still stands where the caller read it; otherwise it
// fails with errMoved, and the caller reads again. Since stays as it began.
func (s store) move(ctx context.Context, workspaceID, inboxID int64, from, to cursor) error {
	n, err := db.Exec(ctx, s.d, `UPDATE mailbox_cursors SET uid_validity = $1, uid = $2, rescan_to = $3, live = $4
		WHERE workspace_id = $5 AND inbox_id = $6 AND folder = $7 AND uid_validity = $8 AND uid = $9 AND live = $10`,
		int64(to.Validity), int64(to.UID), int64(to.RescanTo), int64(to.Live), workspaceID, inboxID, from.Mailbox, int64(from.Validity), int64(from.UID), int64(from.Live))
	return moved("email.move", n, err)
}

func moved(op string, n int64, err error) error {
	if err == nil && n == 0 {
		return fault.As(op, fault.Conflict, "The mailbox is being read by another node.", errMoved)
	}
	return fault.Wrap(op, err)
}
