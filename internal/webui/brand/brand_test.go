package brand

import (
	"encoding/json"
	"os"
	"testing"
)

// The figures are those of ui/src/brand.ts; ui/brand.test.ts reads them too.
func TestColoursAreThoseOfTheWidget(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/colours.json")
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]struct{ Light, Dark Colours }
	if err := json.Unmarshal(text, &want); err != nil || len(want) < 10 {
		t.Fatal(len(want), err)
	}
	for brand, w := range want {
		if got := Light(brand); got != w.Light {
			t.Errorf("%s light: %+v\nwant %+v", brand, got, w.Light)
		}
		if got := Dark(brand); got != w.Dark {
			t.Errorf("%s dark: %+v\nwant %+v", brand, got, w.Dark)
		}
	}
	for _, odd := range []string{"", "red", "#12", "#0b6470;}", "javascript:"} {
		if Light(odd) != Light(Default) {
			t.Errorf("%q is not taken for the default", odd)
		}
	}
}
