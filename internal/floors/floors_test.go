package floors

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "rapport/"

// floor gives every room its height. A room imports rooms below it, never its own floor, never above.
var floor = map[string]int{
	"platform": 0,
	"account":  1,
	"contact":  2, "channel": 2,
	"conversation": 3, "knowledge": 3,
	"routing": 4, "answer": 4, "automation": 4, "outreach": 4, "notification": 4, "feedback": 4, "quality": 4, "insight": 4, "integration": 4,
	"httpapi": 5, "webui": 5,
	"app": 6, "cmd": 6,
}

// adapters are the folders whose packages are adapters: they see their parent's contract and the platform, and only app
// sees them.
var adapters = []string{"channel", "integration", "answer/model"}

// parts are folders beside the adapters that belong to the room itself.
var parts = []string{"channel/brake", "channel/checkup", "channel/hours", "channel/letterhead", "channel/roundtrip", "channel/site"}

// drivers of databases are imported by platform/db alone, so that the rest of the house knows one database.
var drivers = []string{"modernc.org/sqlite", "github.com/jackc/pgx", "github.com/mattn/go-sqlite3", "github.com/lib/pq", "github.com/ncruces/go-sqlite3"}

// exceptions are imports that the rules forbid and we allow, each with its reason: "importing package imported package".
var exceptions = map[string]string{
	"testkit github.com/jackc/pgx/v5/stdlib": "a database is made where there is none yet",
}

// unnamed are words that say nothing about what is inside.
var unnamed = []string{"util", "utils", "common", "helper", "helpers", "misc", "models", "types"}

func TestImportsKeepTheFloors(t *testing.T) {
	files := 0
	used := map[string]bool{}
	walk(t, func(file string) {
		if !strings.HasSuffix(file, ".go") {
			return
		}
		files++
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join("../..", file), nil, parser.ImportsOnly)
		if err != nil {
			t.Error(err)
			return
		}
		for _, spec := range parsed.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			reason := objection(file, imported)
			exception := inHouse(path.Dir(file)) + " " + inHouse(strings.TrimPrefix(imported, module))
			if _, ok := exceptions[exception]; ok && reason != "" {
				used[exception] = true
				continue
			}
			if reason != "" {
				t.Errorf("%s imports %s: %s", file, imported, reason)
			}
		}
	})
	if files < 2 {
		t.Fatalf("found %d Go files: the walk does not see the tree", files)
	}
	for exception := range exceptions {
		if !used[exception] {
			t.Errorf("exception %q is no longer needed", exception)
		}
	}
}

func TestNamesSaySomething(t *testing.T) {
	walk(t, func(file string) {
		for part := range strings.SplitSeq(file, "/") {
			name, _, _ := strings.Cut(part, ".")
			name = strings.TrimSuffix(name, "_test")
			if slices.Contains(unnamed, strings.ToLower(name)) {
				t.Errorf("%s: %q says nothing about what is inside", file, name)
			}
		}
	})
}

// TestObjection shows each rule refusing what it must refuse, and letting through what it must not touch.
func TestObjection(t *testing.T) {
	const fine = ""
	for _, c := range []struct {
		name, file, imported string
		reason               string
	}{
		{"a lower floor", "internal/conversation/place.go", "rapport/internal/contact", fine},
		{"two floors down", "internal/routing/hours.go", "rapport/internal/account", fine},
		{"the standard library", "internal/contact/contact.go", "net/mail", fine},
		{"a platform package from another", "internal/platform/job/job.go", "rapport/internal/platform/db", fine},
		{"the platform from above", "internal/platform/job/job.go", "rapport/internal/account", "is above"},
		{"a room upstairs", "internal/contact/contact.go", "rapport/internal/conversation", "is above"},
		{"a room on the same floor", "internal/contact/contact.go", "rapport/internal/channel", "same floor"},
		{"reactions hear each other through the log", "internal/automation/rule.go", "rapport/internal/answer", "same floor"},
		{"its own sub-room", "internal/answer/decide.go", "rapport/internal/answer/model", fine},
		{"a test looks upstairs", "internal/contact/contact_test.go", "rapport/internal/conversation", fine},
		{"an adapter and its contract", "internal/channel/email/parse.go", "rapport/internal/channel", fine},
		{"an adapter and the platform", "internal/channel/email/store.go", "rapport/internal/platform/db", fine},
		{"an adapter and another room", "internal/channel/email/parse.go", "rapport/internal/account", "only its parent"},
		{"an adapter and its sibling", "internal/channel/email/parse.go", "rapport/internal/channel/chat", "only app"},
		{"an adapter and a part of itself", "internal/channel/email/parse.go", "rapport/internal/channel/email/quote", fine},
		{"a parent and its adapter", "internal/channel/dispatch.go", "rapport/internal/channel/email", "only app"},
		{"a room and a part of itself", "internal/channel/dispatch.go", "rapport/internal/channel/brake", fine},
		{"an adapter and a part of its parent", "internal/channel/chat/chat.go", "rapport/internal/channel/hours", fine},
		{"the interface and an adapter", "internal/httpapi/mail.go", "rapport/internal/channel/email", "only app"},
		{"app and an adapter", "internal/app/standard.go", "rapport/internal/channel/email", fine},
		{"a model provider", "internal/answer/decide.go", "rapport/internal/answer/model/local", "only app"},
		{"cmd starts app", "cmd/rapport/main.go", "rapport/internal/app", fine},
		{"cmd does nothing else", "cmd/rapport/main.go", "rapport/internal/account", "cmd starts app"},
		{"a store and the database", "internal/account/store_session.go", "rapport/internal/platform/db", fine},
		{"a rule and the database", "internal/account/session.go", "rapport/internal/platform/db", "store*.go"},
		{"a handler and the database", "internal/httpapi/session.go", "rapport/internal/platform/db", "store*.go"},
		{"app opens the database", "internal/app/start.go", "rapport/internal/platform/db", fine},
		{"a driver in its place", "internal/platform/db/sqlite.go", "modernc.org/sqlite", fine},
		{"a driver elsewhere", "internal/platform/job/job.go", "github.com/jackc/pgx/v5/stdlib", "platform/db"},
		{"a driver in a test elsewhere", "internal/account/store_test.go", "github.com/jackc/pgx/v5", "platform/db"},
		{"testkit in a test", "internal/account/store_test.go", "rapport/internal/testkit", fine},
		{"testkit in the binary", "internal/app/start.go", "rapport/internal/testkit", "tests only"},
		{"a suite in the binary", "internal/app/start.go", "rapport/internal/channel/channeltest", "tests only"},
		{"testkit builds worlds", "internal/testkit/world.go", "rapport/internal/conversation", fine},
		{"a suite uses testkit", "internal/channel/channeltest/suite.go", "rapport/internal/testkit", fine},
		{"a room without a floor", "internal/billing/bill.go", "rapport/internal/account", "no floor"},
		{"an unknown room imported", "internal/app/start.go", "rapport/internal/billing", "no floor"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := objection(c.file, c.imported)
			if (c.reason == fine) != (got == fine) || !strings.Contains(got, c.reason) {
				t.Errorf("%s imports %s: got %q, want %q", c.file, c.imported, got, c.reason)
			}
		})
	}
}

// objection says why the file may not import the package, or nothing.
func objection(file, imported string) string {
	from := inHouse(path.Dir(file))
	inTest := strings.HasSuffix(file, "_test.go")
	if slices.ContainsFunc(drivers, func(driver string) bool { return within(imported, driver) }) {
		if from != "platform/db" {
			return "database drivers belong to platform/db"
		}
		return ""
	}
	to, ours := strings.CutPrefix(imported, module)
	if !ours || inTest || forTests(from) {
		return ""
	}
	to = inHouse(to)
	switch {
	case forTests(to):
		return "it is for tests only"
	case to == "platform/db" && !mayTouchDatabase(from, path.Base(file)):
		return "only store*.go files touch the database"
	}
	return betweenRooms(from, to)
}

// betweenRooms applies the floors to two packages of ours, neither of them for tests.
func betweenRooms(from, to string) string {
	here, known := floor[room(from)]
	there, alsoKnown := floor[room(to)]
	contract := parent(from)
	switch {
	case !known || !alsoKnown:
		return "a room has no floor yet: give it one in floors_test.go"
	case room(from) == "cmd" && room(to) != "app":
		return "cmd starts app and does nothing else"
	case parent(to) != "" && adapter(from) != adapter(to) && room(from) != "app":
		return "only app imports adapters"
	case contract != "" && room(to) != "platform" && to != contract && !slices.Contains(parts, to) && adapter(to) != adapter(from):
		return "an adapter imports only its parent's contract and the platform"
	case room(from) == room(to) || room(from) == "cmd":
		return ""
	case there > here:
		return room(to) + " is above " + room(from)
	case there == here:
		return room(to) + " and " + room(from) + " are on the same floor and hear each other through the log"
	}
	return ""
}

// mayTouchDatabase tells whether a file may import platform/db: a room's store, the platform itself, and app, which opens it.
func mayTouchDatabase(from, file string) bool {
	return room(from) == "platform" || room(from) == "app" || strings.HasPrefix(file, "store")
}

// forTests tells whether a package is scaffolding that never reaches the binary.
func forTests(pkg string) bool {
	return within(pkg, "testkit") || strings.HasSuffix(path.Base(pkg), "test")
}

// inHouse is a package's path without "internal/": "conversation", "channel/email", "cmd/rapport".
func inHouse(pkg string) string { return strings.TrimPrefix(pkg, "internal/") }

// room is the first part of a package's path.
func room(pkg string) string { name, _, _ := strings.Cut(pkg, "/"); return name }

// parent is the package whose contract an adapter fulfils, or nothing when the package is no adapter.
func parent(pkg string) string {
	for _, folder := range adapters {
		if strings.HasPrefix(pkg, folder+"/") && !slices.Contains(parts, pkg) {
			return folder
		}
	}
	return ""
}

// adapter is the root package of the adapter that a package is part of, or nothing.
func adapter(pkg string) string {
	folder := parent(pkg)
	if folder == "" {
		return ""
	}
	return folder + "/" + room(strings.TrimPrefix(pkg, folder+"/"))
}

func within(pkg, folder string) bool { return pkg == folder || strings.HasPrefix(pkg, folder+"/") }

// walk hands every source file to look, by its path from the root of the repository.
func walk(t *testing.T, look func(file string)) {
	t.Helper()
	for _, top := range []string{"cmd", "internal", "ui", "web", "widget", "e2e"} {
		root := filepath.Join("../..", top)
		err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil && name == root:
				return nil // not built yet
			case err != nil:
				return err
			case entry.IsDir() && slices.Contains([]string{"node_modules", "dist", "testdata", "results"}, entry.Name()):
				return fs.SkipDir
			case entry.IsDir():
				return nil
			}
			relative, err := filepath.Rel("../..", name)
			if err == nil {
				look(filepath.ToSlash(relative))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
