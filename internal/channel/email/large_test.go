package email

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"rapport/internal/channel"
	"rapport/internal/channel/channeltest"
	"rapport/internal/testkit"
)

// TestMAIL25ALargeMailWithManyFilesStaysModest: the whole way in of a mail of 25
// MB with 40 files holds at most three times its size in memory, its bytes
// included. What is measured is the live heap, looked at all the time.
func TestMAIL25ALargeMailWithManyFilesStaysModest(t *testing.T) {
	const files, size = 40, 25 << 20
	w := channeltest.NewWorld(t, testkit.SQLite(t))
	w.Channels.Register(adapter(w))
	inbox := w.Inbox(hello())
	w.Start()

	live := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := live()
	err := w.Channels.Accept(context.Background(), []channel.Arrival{{WorkspaceID: inbox.WorkspaceID, InboxID: inbox.ID, SourceKey: "large", From: "ewa@harbour.example", Raw: withFiles(t, files, size)}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	most := before
	w.Eventually("it is judged", func() bool {
		most = max(most, live())
		c, err := w.Channels.Counters(context.Background(), inbox.WorkspaceID)
		return err == nil && c.Accepted == 1 && c.InFlight == 0
	})
	got := w.Receiver.Got()
	if len(got) != 1 || len(got[0].Attachments) != files {
		t.Fatalf("%d mails came in", len(got))
	}
	t.Logf("%d MB of mail held %d MB", size>>20, (most-before)>>20)
	if growth := most - before; growth > 3*size {
		t.Errorf("a mail of %d bytes held %d bytes", size, growth)
	}
}

// withFiles is a mail of about so many bytes with so many files.
func withFiles(t *testing.T, files, size int) []byte {
	t.Helper()
	var b strings.Builder
	b.Grow(size + size/20)
	b.WriteString("From: Ewa <ewa@harbour.example>\r\nTo: hello@miska.example\r\nSubject: The photos\r\nMessage-ID: <large@harbour.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHere they are.\r\n")
	photo := make([]byte, 57)
	for n := range files {
		fmt.Fprintf(&b, "--b\r\nContent-Type: image/jpeg; name=%d.jpg\r\nContent-Disposition: attachment; filename=%d.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n", n, n)
		for range size / files / 78 {
			rand.Read(photo)
			b.WriteString(base64.StdEncoding.EncodeToString(photo))
			b.WriteString("\r\n")
		}
	}
	b.WriteString("--b--\r\n")
	return []byte(b.String())
}
