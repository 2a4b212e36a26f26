package app

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/platform/backup/archive"
	"rapport/internal/platform/blob"
	"rapport/internal/testkit"
)

// unpacked are the rows of each table and the files of an archive.
func unpacked(t *testing.T, file string) (rows map[string]int64, files []string) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	seen := &keys{}
	_, m, err := archive.Read(f, seen)
	if err != nil || m.LostFiles > 0 {
		t.Fatalf("%v; lost %v", err, m.Lost)
	}
	rows = map[string]int64{}
	for _, c := range m.Tables {
		rows[c.Name] = c.Rows
	}
	slices.Sort(seen.all)
	return rows, seen.all
}

type keys struct {
	archive.Only
	all []string
}

func (k *keys) File(key string, size int64, r io.Reader) error {
	k.all = append(k.all, key)
	return nil
}

// An installation moves by backup and restore: from SQLite and a folder to
// PostgreSQL and S3, from there to another bucket, and back.
func TestAnInstallationMovesByBackupAndRestore(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	server := testkit.StartS3(t, "one", "two")
	in := func(bucket string) []string {
		return []string{"--data", t.TempDir(), "--database-url", testkit.PostgresURL(t), "--s3-endpoint", server.Endpoint(), "--s3-bucket", bucket,
			"--s3-key", server.Key, "--s3-secret", server.Secret, "--s3-region", server.Region}
	}
	home := []string{"--data", t.TempDir()}
	shopIn(t, home...)
	large := "From: Ewa <ewa@harbour.example>\r\nTo: hello@miska.example\r\nSubject: The plan\r\n\r\n" + strings.Repeat("A long plan of the harbour.\r\n", 9000)
	a := opened(t, true, home...)
	workspaces, err := a.Accounts.Workspaces(ctx)
	if err != nil || len(workspaces) == 0 {
		t.Fatal(err)
	}
	system := account.System(workspaces[0].ID)
	inboxes, err := a.Channels.Inboxes(ctx, system)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Channels.Accept(ctx, []channel.Arrival{{WorkspaceID: inboxes[0].WorkspaceID, InboxID: inboxes[0].ID, SourceKey: "move:1", Raw: []byte(large)}}, nil); err != nil {
		t.Fatal(err)
	}
	a.Close()

	saved := func(from []string) string {
		file := filepath.Join(t.TempDir(), "move.tar")
		if code, out, errOut := rapport(t, append([]string{"backup", "create", "--with-key", "--to", file}, from...)...); code != 0 {
			t.Fatal(out, errOut)
		}
		return file
	}
	file := saved(home)
	rows, files := unpacked(t, file)
	if len(files) == 0 {
		t.Fatal("there is no large file to move")
	}
	for _, step := range []struct {
		name, bucket string
		to           []string
	}{
		{"from SQLite and a folder to PostgreSQL and S3", "one", in("one")},
		{"to another bucket", "two", in("two")},
		{"back to a folder", "", []string{"--data", t.TempDir()}},
	} {
		if code, out, errOut := rapport(t, append([]string{"backup", "restore", file}, step.to...)...); code != 0 {
			t.Fatal(step.name, out, errOut)
		}
		b := opened(t, false, step.to...)
		healthy(t, b)
		var id int64
		if err := b.eachMail(ctx, "", func(r channel.Receipt) (bool, error) {
			if r.SourceKey == "move:1" {
				id = r.ID
			}
			return true, nil
		}); err != nil {
			t.Fatal(step.name, err)
		}
		if raw, err := b.Channels.Source(ctx, system, id); err != nil || string(raw) != large {
			t.Errorf("%s: the large mail has %d bytes of %d (%v)", step.name, len(raw), len(large), err)
		}
		for _, key := range files {
			if _, err := os.Stat(filepath.Join(server.Folder, step.bucket, key)); step.bucket != "" && err != nil {
				t.Errorf("%s: %v", step.name, err)
			}
		}
		if left, _ := os.ReadDir(filepath.Join(b.Config.Data, blobsFolder)); (len(left) == 0) != (step.bucket != "") {
			t.Errorf("%s: the data folder holds %d files", step.name, len(left))
		}
		if _, ok := b.files.(blob.S3); ok != (step.bucket != "") {
			t.Errorf("%s: files are in %T", step.name, b.files)
		}
		b.Close()
		file = saved(step.to)
		now, kept := unpacked(t, file)
		for table, n := range rows {
			if now[table] != n && table != "outgoing_pause" {
				t.Errorf("%s: %s has %d rows of %d", step.name, table, now[table], n)
			}
		}
		if !slices.Equal(kept, files) {
			t.Errorf("%s: files %v, then %v", step.name, files, kept)
		}
	}
}
