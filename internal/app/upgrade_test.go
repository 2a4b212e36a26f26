package app

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"rapport/internal/app/schema"
	"rapport/internal/platform/backup/archive"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// later is the schema of a newer binary, which has one more migration.
func later(t *testing.T, text string) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	list, err := schema.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		content, err := schema.Files.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name()] = &fstest.MapFile{Data: content}
	}
	out[fmt.Sprintf("%04d_later.sql", len(list)+1)] = &fstest.MapFile{Data: []byte(text)}
	return out
}

const spoils = "UPDATE contacts SET name = 'somebody';\n"

func upgrades(folder string) []string {
	files, _ := filepath.Glob(filepath.Join(folder, backupsFolder, upgradeName+"*"))
	return files
}

// contents is what tables hold that a restore brings back as it was.
func contents(t *testing.T, a *App) map[string]archive.Contents {
	t.Helper()
	var b bytes.Buffer
	if err := backupCreateCommand.run(context.Background(), a, &createFlags{}, nil, &b); err != nil {
		t.Fatal(err)
	}
	_, m, err := archive.Read(&b, archive.Only{})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]archive.Contents{}
	for _, c := range m.Tables {
		if c.Name != "outgoing_pause" && c.Name != "event_epoch" {
			out[c.Name] = c
		}
	}
	return out
}

// large gives a contact a file that does not fit into the database.
func large(t *testing.T, a *App) {
	t.Helper()
	ctx := context.Background()
	workspaces, err := a.Accounts.Workspaces(ctx)
	if err != nil {
		t.Fatal(err)
	}
	st, err := a.Blobs.Stage(ctx, workspaces[0].ID, bytes.Repeat([]byte("large "), 20_000))
	if err != nil {
		t.Fatal(err)
	}
	err = a.DB.Within(ctx, func(ctx context.Context) error {
		id, err := a.Blobs.Bind(ctx, st)
		if err != nil {
			return err
		}
		return a.Blobs.Ref(ctx, workspaces[0].ID, id, "contacts", 1)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// HA-10: before data is brought up to date it is copied, and the copy brings the
// old state back.
func TestHA10AnUpgradeMakesABackupFirst(t *testing.T) {
	engines(t, func(t *testing.T, database func() []string) {
		ctx, folder := context.Background(), t.TempDir()
		args := append(database(), "--data", folder)
		shopIn(t, args...)
		a := opened(t, false, args...)
		if made := upgrades(folder); len(made) > 0 {
			t.Errorf("without an upgrade, or for a new database: %v", made)
		}
		large(t, a)
		old := contents(t, a)
		if err := a.upgrade(ctx, later(t, spoils)); err != nil {
			t.Fatal(err)
		}
		a.build()
		made := upgrades(folder)
		if spoiled := contents(t, a); len(made) != 1 || spoiled["contacts"] == old["contacts"] {
			t.Fatalf("backups: %v; contacts %+v", made, spoiled["contacts"])
		}
		a.Close()
		if code, out, errOut := rapport(t, "backup", "verify", made[0]); code != 0 || !strings.Contains(out, "stay where they are") {
			t.Errorf("verify: %s%s", out, errOut)
		}
		back := append([]string{"--data", folder}, database()...) // PostgreSQL wants an empty one
		if code, out, errOut := rapport(t, append(back, "backup", "restore", made[0], "--replace")...); code != 0 {
			t.Fatalf("restore: %s%s", out, errOut)
		}
		b := opened(t, false, back...)
		is := contents(t, b)
		if n, err := b.Blobs.LargeBytes(ctx); n == 0 || err != nil {
			t.Errorf("%d bytes of large files (%v)", n, err)
		}
		for table, was := range old {
			if is[table] != was {
				t.Errorf("%s: %+v, was %+v", table, is[table], was)
			}
		}
		healthy(t, b) // large files too
	})
}

// HA-10: an upgrade that fails changes nothing, and says where the copy is.
func TestHA10AFailedUpgradeLeavesTheDataAsItWas(t *testing.T) {
	engines(t, func(t *testing.T, database func() []string) {
		folder := t.TempDir()
		args := append(database(), "--data", folder)
		shopIn(t, args...)
		a := opened(t, false, args...)
		old := contents(t, a)
		err := a.upgrade(context.Background(), later(t, spoils+"UPDATE no_such_table SET x = 1;\n"))
		if made := upgrades(folder); err == nil || len(made) != 1 || !strings.Contains(explain(err), made[0]) {
			t.Errorf("%v, %v", err, made)
		}
		a.Close()
		b := opened(t, false, args...) // the binary before
		if is := contents(t, b); is["contacts"] != old["contacts"] {
			t.Errorf("contacts: %+v, were %+v", is["contacts"], old["contacts"])
		}
	})
}

// HA-10: without room for the copy nothing is brought up to date, unless that is
// said.
func TestHA10WithoutABackupThereIsNoUpgrade(t *testing.T) {
	engines(t, func(t *testing.T, database func() []string) {
		ctx, folder := context.Background(), t.TempDir()
		args := append(database(), "--data", folder)
		a := opened(t, false, args...)
		if err := os.WriteFile(filepath.Join(folder, backupsFolder), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		before, _ := a.DB.Applied(ctx)
		err := a.upgrade(ctx, later(t, spoils))
		if !fault.Is(err, fault.Unavailable) || !strings.Contains(explain(err), "RAPPORT_UPGRADE_BACKUP=off") {
			t.Errorf("refused with %v", err)
		}
		a.Close()
		if a = opened(t, false, append(args, "--upgrade-backup", "off")...); a.Config.UpgradeBackup {
			t.Fatal("it is not off")
		}
		if now, err := a.DB.Applied(ctx); now != before || err != nil {
			t.Errorf("schema %d, was %d (%v)", now, before, err)
		}
		if err := a.upgrade(ctx, later(t, spoils)); err != nil || len(upgrades(folder)) > 0 {
			t.Errorf("without: %v", err)
		}
		if err := roomFor(folder, 1<<60, 0); !fault.Is(err, fault.Unavailable) {
			t.Errorf("no disk has that room: %v", err)
		}
	})
}

func TestHA10UpgradesKeepTheLastOfEachSchema(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, name := range []string{"7-20260101-030000.000.db", "8-20260201-030000.000.db", "9-20260301-030000.000.db", "9-20260301-030001.000.db", "10-20260401-030000.000.tar"} {
		if err := os.WriteFile(filepath.Join(folder, upgradeName+name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := dropOldUpgrades(folder); err != nil {
		t.Fatal(err)
	}
	got := strings.Join(names(t, folder), " ")
	if want := upgradeName + "10-20260401-030000.000.tar " + upgradeName + "8-20260201-030000.000.db " + upgradeName + "9-20260301-030001.000.db"; got != want {
		t.Errorf("kept %s", got)
	}
}

// SQL-13, of a copied database: what is no longer whole is not put into place.
func TestSQL13ADamagedCopyIsRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	shopIn(t, "--data", folder)
	file := filepath.Join(folder, databaseFile)
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Inspect(context.Background(), file); err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string][]byte{
		"cut short":     good[:len(good)/2],
		"a hole":        append(append(bytes.Clone(good[:len(good)/3]), make([]byte, 8192)...), good[len(good)/3+8192:]...),
		"an empty file": good[:100],
	} {
		copied, target := filepath.Join(t.TempDir(), "copy.db"), t.TempDir()
		os.WriteFile(copied, bad, 0o600)
		key, _ := os.ReadFile(filepath.Join(folder, "secret.key"))
		os.WriteFile(filepath.Join(target, "secret.key"), key, 0o600)
		if code, out, errOut := rapport(t, "backup", "verify", copied); code != 1 || !strings.Contains(errOut, "damaged") {
			t.Errorf("%s: verify said %d, %s%s", name, code, out, errOut)
		}
		if code, out, errOut := rapport(t, "backup", "restore", copied, "--data", target); code != 1 || !strings.Contains(errOut, "damaged") || len(names(t, target)) != 1 {
			t.Errorf("%s: restore said %d, %s%s", name, code, out, errOut)
		}
	}
	other := t.TempDir() // without the key, or with another one
	if code, _, errOut := rapport(t, "backup", "restore", file, "--data", other); code != 1 || !strings.Contains(errOut, "master key") {
		t.Errorf("without the key: %d %s", code, errOut)
	}
	os.WriteFile(filepath.Join(other, "secret.key"), []byte(strings.Repeat("ab", 32)), 0o600)
	if code, _, errOut := rapport(t, "backup", "restore", file, "--data", other); code != 1 || !strings.Contains(errOut, "key") || len(names(t, other)) != 1 {
		t.Errorf("with another key: %d %s", code, errOut)
	}
}
