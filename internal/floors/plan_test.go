package floors

import (
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// TestThePlanShowsEachPackage looks whether ARCHITECTURE.md names every package
// of the house and every folder of the agents' application: by its path, or by
// its last word where it is one of the platform or a suite of tests.
func TestThePlanShowsEachPackage(t *testing.T) {
	read, err := os.ReadFile("../../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	plan := string(read)
	missing := map[string]bool{}
	walk(t, func(file string) {
		pkg := inHouse(path.Dir(file))
		if strings.HasSuffix(file, ".go") && strings.HasPrefix(file, "internal/") && !names(plan, pkg) {
			missing[pkg] = true
		}
	})
	folders, err := os.ReadDir("../../web/src")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if folder.IsDir() && !says(plan, "`"+folder.Name()+"`") {
			missing["web/src/"+folder.Name()] = true
		}
	}
	for what := range missing {
		t.Errorf("ARCHITECTURE.md does not show %s", what)
	}
}

func TestNames(t *testing.T) {
	plan := "a platform of event and backup/archive\n httpapi/gate  who, `bustest`"
	for pkg, want := range map[string]bool{
		"platform/event": true, "platform/backup/archive": true, "platform/even": false, "platform/archives": false,
		"httpapi/gate": true, "httpapi": false, "gate": false, "platform/bus/bustest": true, "channel/event": false,
	} {
		if got := names(plan, pkg); got != want {
			t.Errorf("names(%s) is %v", pkg, got)
		}
	}
}

func names(plan, pkg string) bool {
	short := strings.TrimPrefix(pkg, "platform/")
	return says(plan, pkg) || short != pkg && says(plan, short) || forTests(pkg) && says(plan, path.Base(pkg))
}

// says reports whether a word stands in a text by itself.
func says(text, word string) bool {
	return regexp.MustCompile(`(^|internal/|[^\w/])` + regexp.QuoteMeta(word) + `($|[^\w/])`).MatchString(text)
}
