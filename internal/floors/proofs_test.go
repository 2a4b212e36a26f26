package floors

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The table of docs/durability.md names for each row of the catalogue the tests
// that prove it: Go tests by name, others by file, which then says the id.
func TestEveryRowOfTheCatalogueHasItsProof(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/durability.md")
	if err != nil {
		t.Fatal(err)
	}
	var tests strings.Builder
	walk(t, func(file string) {
		if strings.HasSuffix(file, "_test.go") {
			source, err := os.ReadFile(filepath.Join("../..", file))
			if err != nil {
				t.Fatal(err)
			}
			tests.Write(source)
		}
	})
	id, quoted := regexp.MustCompile(`\b(?:RT|SQL|JOB|HA|SEC|MAIL|THR)-\d\d\b`), regexp.MustCompile("`([^`]+)`")
	found := map[string]int{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || !id.MatchString(cells[1]) {
			continue
		}
		ids := id.FindAllString(cells[1], -1)
		for _, name := range quoted.FindAllStringSubmatch(cells[3], -1) {
			source, err := os.ReadFile(filepath.Join("../..", name[1]))
			switch {
			case strings.HasPrefix(name[1], "Test") && !strings.Contains(tests.String(), "func "+name[1]+"("):
				t.Errorf("%v: there is no test %s", ids, name[1])
			case strings.Contains(name[1], "/") && (err != nil || !strings.Contains(string(source), ids[0])):
				t.Errorf("%v: %s does not name it", ids, name[1])
			}
			for _, one := range ids {
				found[one]++
			}
		}
	}
	for _, series := range []struct {
		name        string
		first, last int
	}{{"RT", 1, 15}, {"SQL", 1, 15}, {"JOB", 1, 4}, {"HA", 1, 6}, {"HA", 10, 12}, {"SEC", 17, 17}, {"SEC", 35, 38}, {"MAIL", 1, 11}, {"MAIL", 29, 32}} {
		for n := series.first; n <= series.last; n++ {
			if row := fmt.Sprintf("%s-%02d", series.name, n); found[row] == 0 {
				t.Errorf("%s has no proof", row)
			}
		}
	}
}
