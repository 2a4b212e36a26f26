package rich_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/internal/platform/blob"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/rich"
	"rapport/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// A picture is kept for as long as a text shows it, however long nobody looks;
// then it goes as any upload that nothing uses.
func TestPicturesAreKeptWhileATextShowsThem(t *testing.T) {
	t.Parallel()
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		ctx, now := context.Background(), clock.NewFake(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
		files := blob.New(d, blob.NewFolder(t.TempDir()), now)
		owner := rich.Owner{WorkspaceID: 1, Table: "inboxes", ID: 5}
		upload := func(workspaceID int64, uploader, kind string, size int) int64 {
			t.Helper()
			staged, err := files.Stage(ctx, workspaceID, []byte(strings.Repeat(kind, size)))
			if err != nil {
				t.Fatal(err)
			}
			staged.ContentType, staged.Uploader = kind, uploader
			id, err := files.Bind(ctx, staged)
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		showing := func(ids ...int64) []rich.Text {
			html := "<p>Miska</p>"
			for _, id := range ids {
				html += fmt.Sprintf(`<img src="cid:%s"/>`, rich.PictureName(id))
			}
			return []rich.Text{rich.New("", html)}
		}
		keep := func(before, after []rich.Text) error {
			return d.Within(ctx, func(ctx context.Context) error {
				return rich.Keep(ctx, files, owner, "agent:7", "signature", before, after)
			})
		}
		there := func(id int64) bool {
			t.Helper()
			now.Advance(48 * time.Hour)
			if err := files.Collect(ctx); err != nil {
				t.Fatal(err)
			}
			_, err := files.Describe(ctx, 1, id)
			if err != nil && !fault.Is(err, fault.NotFound) {
				t.Fatal(err)
			}
			return err == nil
		}
		logo, seal := upload(1, "agent:7", "image/png", 10), upload(1, "agent:7", "image/gif", 10)
		if err := keep(nil, showing(logo, seal)); err != nil {
			t.Fatal(err)
		}
		if !there(logo) || !there(seal) {
			t.Fatal("a picture in use was collected")
		}
		if err := keep(showing(logo, seal), showing(logo)); err != nil {
			t.Fatal(err)
		}
		if there(seal) || !there(logo) {
			t.Error("what is shown no more is kept, or what is shown is not")
		}
		for name, c := range map[string]struct {
			id   int64
			says string
		}{
			"somebody else's upload":      {upload(1, "agent:8", "image/png", 11), "belongs to somebody else"},
			"of another company":          {upload(2, "agent:7", "image/png", 12), "belongs to somebody else"},
			"none":                        {9_000_000, "belongs to somebody else"},
			"no picture":                  {upload(1, "agent:7", "text/html", 13), "PNG, JPEG, GIF or WebP"},
			"a picture of more than 1 MB": {upload(1, "agent:7", "image/png", 120_000), "more than 1 MB"},
		} {
			if err := keep(showing(logo), showing(logo, c.id)); !fault.Is(err, fault.Invalid) || !strings.Contains(fault.MessageOf(err), c.says) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if !there(logo) {
			t.Error("a refused change lets go of what was there")
		}
		if err := keep(showing(logo), nil); err != nil || there(logo) {
			t.Errorf("taken away: %v", err)
		}
	})
}
