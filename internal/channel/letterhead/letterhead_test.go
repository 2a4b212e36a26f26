package letterhead

import (
	"strings"
	"testing"

	"rapport/internal/platform/fault"
	"rapport/internal/platform/rich"
)

func TestWhatCouldNeverBeFilledIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                string
		signature, template rich.Text
		field, says         string
	}{
		{"nothing", rich.Text{}, rich.Text{}, "", ""},
		{"all variables", rich.Plain("{{" + strings.Join(Variables, "}} {{") + "}}"), rich.Plain("Hello {{customer.name|you}},\n{{message}}"), "", ""},
		{"a picture with a variable", rich.New("", `<img src="cid:file-7@rapport" alt="{{inbox.name}}">`), rich.New("", "<p>Hello<br>{{message}}</p>"), "", ""},
		{"an unknown variable", rich.Plain("{{agent.shoe}}"), rich.Text{}, "signature", "no variable called {{agent.shoe}}"},
		{"one inside a picture", rich.New("", `<img src="cid:file-7@rapport" alt="{{agent.shoe}}">`), rich.Text{}, "signature", "no variable called {{agent.shoe}}"},
		{"one that is torn", rich.New("", "<p>{{agent.<b>name}}</b></p>"), rich.Text{}, "signature", "the same look"},
		{"no place for the words", rich.Text{}, rich.Plain("Hello"), "template", "Write {{message}} once"},
		{"two places", rich.Text{}, rich.Plain("{{message}}{{message}}"), "template", "Write {{message}} once"},
		{"a place within a line", rich.Text{}, rich.New("", "<p>Hello {{message}}</p>"), "template", "on a line of its own"},
		{"too long", rich.Plain(strings.Repeat("a", longest+1)), rich.Text{}, "signature", "too long"},
		{"too much HTML", rich.New("", strings.Repeat("<b>a</b>", longest/2+1)), rich.Text{}, "signature", "too long"},
	} {
		err := Check(c.signature, c.template)
		if c.says == "" {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if f := fault.FieldsOf(err); !strings.Contains(fault.MessageOf(err), c.says) || len(f) != 1 || f[0].Path != c.field {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
