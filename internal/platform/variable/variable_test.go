package variable

import (
	"slices"
	"strings"
	"testing"
)

func TestFill(t *testing.T) {
	values := Values{"agent.name": "Hanna <b>", "customer.first_name": "", "conversation.number": "42"}
	for _, c := range []struct {
		text, want string
		open       string
	}{
		{"No variables, not even { these }", "No variables, not even { these }", ""},
		{"Hello {{customer.first_name|there}}, I am {{ agent.name }}.", "Hello there, I am Hanna <b>.", ""},
		{"Hello {{customer.first_name | dear friend }}!", "Hello dear friend!", ""},
		{"Hello {{customer.first_name|}}!", "Hello !", ""},
		{"#{{conversation.number|none}}", "#42", ""},
		{"{{customer.first_name}} {{customer.first_name}} {{agent.shoe}}", "{{customer.first_name}} {{customer.first_name}} {{agent.shoe}}", "customer.first_name agent.shoe"},
		{"{{message}} and {{ code }}", "{{message}} and {{ code }}", ""},
		{"{{agent.name", "{{agent.name", ""},
	} {
		got, open := Fill(c.text, values)
		if got != c.want || strings.Join(open, " ") != c.open {
			t.Errorf("%q: %q, open %v", c.text, got, open)
		}
	}
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
