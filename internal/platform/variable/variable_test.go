package variable

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
)

func TestFill(t *testing.T) {
	// The web application reads the same cases (web/src/automation), so that both fill alike.
	file, err := os.ReadFile("../../../web/src/automation/variables.json")
	if err != nil {
		t.Fatal(err)
	}
	var shared struct {
		Values Values
		Cases  []struct {
			Text, Plain, HTML string
			Open              []string
		}
	}
	if err := json.Unmarshal(file, &shared); err != nil || len(shared.Cases) == 0 {
		t.Fatalf("%d cases: %v", len(shared.Cases), err)
	}
	for _, c := range shared.Cases {
		got, open := Fill(c.Text, shared.Values)
		if got != c.Plain || !slices.Equal(open, c.Open) {
			t.Errorf("%q: %q, open %v", c.Text, got, open)
		}
		if got, open := FillHTML(c.Text, shared.Values); got != c.HTML || !slices.Equal(open, c.Open) {
			t.Errorf("%q in HTML: %q, open %v", c.Text, got, open)
		}
	}
	values := Values{"agent.name": "Hanna <b>", "customer.first_name": ""}
	if got, _ := FillHTML("<p>{{agent.name}} {{customer.first_name|A &amp; B}}</p>", values); got != "<p>Hanna &lt;b&gt; A &amp; B</p>" {
		t.Errorf("HTML %q", got)
	}
	if got := Names("{{agent.name}} {{agent.name|x}} {{a.b}}"); !slices.Equal(got, []string{"agent.name", "a.b"}) {
		t.Errorf("names %v", got)
	}
	for name, want := range map[string]string{"Ewa Marsh": "Ewa", "  Ewa": "Ewa", "김민지": "김민지", "ewa@harbour.example": "", "": ""} {
		if got := First(name); got != want {
			t.Errorf("the first name of %q is %q", name, got)
		}
	}
}
