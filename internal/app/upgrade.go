package app

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rapport/internal/platform/backup"
	"rapport/internal/platform/backup/archive"
	"rapport/internal/platform/db"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
)

// Backups of data before it was brought up to date: upgradeName, the schema it
// had, and when. A stop and a start can be less than a second apart.
const (
	upgradeName  = "before-upgrade-schema"
	upgradeStamp = stampForm + ".000"
	databaseName = ".db" // ends the name of a copied database; else it is an archive
	upgradesKept = 3     // one for each schema there was
)

// upgrade brings the schema up to date. Data of an older version is copied
// first: without that it stays as it is.
func (a *App) upgrade(ctx context.Context, files fs.FS) error {
	const op = "app.upgrade"
	have, err := a.DB.Applied(ctx)
	if err != nil {
		return fault.Wrap(op, err)
	}
	newest, err := db.Schema(files)
	if err != nil {
		return fault.Wrap(op, err)
	}
	before := ""
	if old := 0 < have && have < newest; old && !a.Demo {
		if before, err = a.keepOld(ctx, have, newest); err != nil {
			return fault.As(op, fault.KindOf(err), "The upgrade was not begun, because the data cannot be copied first. "+explain(err)+
				" The data is as it was, and the version before still starts. Mend that, or go on without a copy: RAPPORT_UPGRADE_BACKUP=off.", err)
		}
	}
	err = a.DB.Migrate(ctx, files)
	if err != nil && before != "" {
		return fault.As(op, fault.KindOf(err), fmt.Sprintf("The upgrade failed: %s The data as it was before is in %s; docs/backup.md says how to go back.", explain(err), before), err)
	}
	return fault.Wrap(op, err)
}

// keepOld copies the data as it is and returns where to.
func (a *App) keepOld(ctx context.Context, have, newest int64) (path string, err error) {
	if !a.Config.UpgradeBackup {
		slog.Warn("the data is brought up to date without a backup, as RAPPORT_UPGRADE_BACKUP says", "schema", have, "to", newest)
		return "", nil
	}
	began := time.Now()
	slog.Info("the data is of an older version: a backup is made before it is brought up to date", "schema", have, "to", newest)
	folder, err := a.backups(upgradeName)
	if err != nil {
		return "", err
	}
	size, err := backup.Size(ctx, a.DB)
	if err != nil {
		return "", err
	}
	path = filepath.Join(folder, fmt.Sprintf("%s%d-%s", upgradeName, have, a.clock.Now().Local().Format(upgradeStamp)))
	if a.DB.Engine() == db.SQLite {
		path += databaseName
		if err = roomFor(folder, size, emptySpace); err == nil {
			size, err = a.copyDatabase(ctx, path)
		}
	} else {
		path += archiveName
		if err = roomFor(folder, size/4, emptySpace); err == nil { // rows are packed
			size, err = a.archiveOld(ctx, path, have)
		}
	}
	if err != nil {
		return "", err
	}
	slog.Info("the backup before the upgrade is made", "file", path, "size", inWords(size), "took", time.Since(began).Round(time.Millisecond))
	return path, dropOldUpgrades(folder)
}

// copyDatabase copies the SQLite file while nobody has it open.
func (a *App) copyDatabase(ctx context.Context, path string) (size int64, err error) {
	if err := a.DB.Close(); err != nil {
		return 0, err
	}
	size, err = backup.Copy(path, filepath.Join(a.Config.Data, databaseFile))
	if err != nil {
		return 0, err
	}
	again, err := openDatabase(ctx, a.Config)
	if err != nil {
		return 0, err // a.DB stays the closed one, which may be closed once more
	}
	a.DB = again
	return size, nil
}

// archiveOld copies the rows of PostgreSQL. Large files are never changed, so
// they stay where they are.
func (a *App) archiveOld(ctx context.Context, path string, have int64) (size int64, err error) {
	tables := backup.Tables(event.New(a.DB, a.clock, a.Bus).Relations())
	maps.Copy(tables, backup.NewBook(a.DB, a.clock).Relations())
	size, _, err = backup.Write(path, func(w io.Writer) error {
		_, err := backup.Create(ctx, w, backup.Source{DB: a.DB, Tables: tables,
			Head: archive.Head{Version: a.Version, Schema: have, CreatedAt: a.clock.Now(), Key: a.Key.Fingerprint()}})
		return err
	})
	return size, err
}

// dropOldUpgrades keeps the newest backup of each schema, and of the schemas the
// last ones.
func dropOldUpgrades(folder string) error {
	files, err := filepath.Glob(filepath.Join(folder, upgradeName+"*"))
	if err != nil {
		return err
	}
	part := func(file string) (schema, stamp string) {
		schema, stamp, _ = strings.Cut(strings.TrimPrefix(filepath.Base(file), upgradeName), "-")
		return schema, stamp
	}
	slices.SortFunc(files, func(a, b string) int {
		_, x := part(a)
		_, y := part(b)
		return cmp.Compare(y, x)
	})
	kept := map[string]bool{}
	for _, file := range files {
		schema, _ := part(file)
		if !kept[schema] && len(kept) < upgradesKept {
			kept[schema] = true
			continue
		}
		if err := os.Remove(file); err != nil {
			return fault.As("app.dropOldUpgrades", fault.Unavailable, "An old backup cannot be removed: "+err.Error(), err)
		}
		slog.Info("an old backup was removed", "file", file)
	}
	return nil
}
