package rich

import (
	"slices"
	"strings"
	"testing"

	"rapport/internal/platform/variable"
)

func TestATextHasItsPlainWords(t *testing.T) {
	t.Parallel()
	const logo = `<img src="cid:file-7@rapport" alt="image: logo.png" style="max-width: 100%"/>`
	for _, c := range []struct{ name, words, html, plain, kept string }{
		{"words alone", "Anna\nMiska", "", "Anna\nMiska", ""},
		{"looks", "something else", "<p><strong>Anna</strong><br>Miska</p>", "Anna\nMiska", "<p><strong>Anna</strong><br>Miska</p>"},
		{"a picture and words", "", `<p>` + logo + ` Anna</p>`, "Anna", `<p>` + logo + ` Anna</p>`},
		{"a picture alone", "", `<p>` + logo + `</p>`, "", `<p>` + logo + `</p>`},
		{"HTML that shows nothing", "Anna", "<p></p>", "Anna", ""},
		{"what acts", "", `<p onclick="x()">Anna<script>x()</script></p>`, "Anna", "<p>Anna</p>"},
		{"a variable", "", "<p>{{agent.name}}<br>{{customer.first_name|A &amp; B}}</p>", "{{agent.name}}\n{{customer.first_name|A & B}}", "<p>{{agent.name}}<br>{{customer.first_name|A &amp; B}}</p>"},
	} {
		if got := New(c.words, c.html); got.Plain != c.plain || got.HTML != c.kept {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	if !New("", "").Empty() || New("", `<img src="cid:file-7@rapport">`).Empty() || Plain("x").Empty() {
		t.Error("a picture is something, nothing is nothing")
	}
	if got := Plain("a & b").Markup(); got != "<p>a &amp; b</p>" {
		t.Errorf("words as HTML: %s", got)
	}
}

func TestVariablesAreFilledInBothForms(t *testing.T) {
	t.Parallel()
	values := variable.Values{"inbox.name": `Miska "&" Co`, "agent.name": "Anna <b>"}
	text := New("", `<p><img src="cid:file-7@rapport" alt="{{inbox.name}}"/> {{agent.name}}, {{customer.first_name|there}} {{conversation.number}}</p>`)
	got, open := text.Fill(values)
	if want := `<p><img src="cid:file-7@rapport" alt="Miska &#34;&amp;&#34; Co"/> Anna &lt;b&gt;, there {{conversation.number}}</p>`; got.HTML != want {
		t.Errorf("got %s, want %s", got.HTML, want)
	}
	if got.Plain != "Anna <b>, there {{conversation.number}}" || !slices.Equal(open, []string{"conversation.number"}) {
		t.Errorf("got %q, open %v", got.Plain, open)
	}
	if got := text.Variables(); !slices.Equal(got, []string{"agent.name", "customer.first_name", "conversation.number", "inbox.name"}) {
		t.Errorf("variables %v", got)
	}
	_, open = New("", `<p><img src="cid:file-7@rapport" alt="{{customer.name}}"/></p>`).Fill(values)
	if !slices.Equal(open, []string{"customer.name"}) {
		t.Errorf("a variable inside a picture: open %v", open)
	}
	for html, want := range map[string]string{
		"<p>{{agent.name}}</p>": "", "<p><strong>{{agent.name}}</strong></p>": "", "<p>{{agent.<em>name</em>}}</p>": "agent.name", "<p>{<b>{agent.name}}</b></p>": "agent.name",
		`<p><a href="https://miska.example">{{customer.name|there</a>}}</p>`: "customer.name", "": "",
	} {
		if got := New("", html).Torn(); got != want {
			t.Errorf("%s is torn at %q, want %q", html, got, want)
		}
	}
}

func TestATemplateIsDividedAtItsMark(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text          Text
		found         bool
		before, after Text
	}{
		{Plain("Hello\n\n{{message}}\n\nBye"), true, Text{Plain: "Hello\n\n"}, Text{Plain: "\n\nBye"}},
		{New("", "<p>Hello</p><p>{{message}}</p><p><em>Bye</em></p>"), true, Text{"Hello\n\n", "<p>Hello</p>"}, Text{"\n\nBye", "<p><em>Bye</em></p>"}},
		{New("", `<p>Hello</p><p dir="ltr"> {{message}} </p>`), true, Text{"Hello\n\n", "<p>Hello</p>"}, Text{}},
		{New("", "<p><b>Hello</b><br>there<br>{{message}}<br>Bye</p>"), true, Text{"Hello\nthere\n", "<p><b>Hello</b><br>there</p>"}, Text{"\nBye", "<p>Bye</p>"}},
		{New("", `<p>Hello</p><p dir="ltr">{{message}}<br>Bye</p>`), true, Text{"Hello\n\n", "<p>Hello</p>"}, Text{"\nBye", `<p dir="ltr">Bye</p>`}},
		{New("", "<p>Hello<br><b>you<br>{{message}}<br>Bye</b></p>"), false, Text{}, Text{}},
		{New("", "<p>Hello</p>{{message}}<p>Bye</p>"), false, Text{}, Text{}},
		{New("", "<p><b>{{message}}</b></p>"), false, Text{}, Text{}},
		{New("", "<p>Hello {{message}}</p>"), false, Text{}, Text{}},
		{New("", "<ul><li>{{message}}</li></ul>"), false, Text{}, Text{}},
		{New("", "<p>{{message}}</p><p>{{message}}</p>"), false, Text{}, Text{}},
		{New("", `<p>{{message}}</p><p><img src="cid:file-7@rapport" alt="{{message}}"></p>`), false, Text{}, Text{}},
		{Plain("Hello"), false, Text{}, Text{}},
	} {
		before, after, found := c.text.Around("{{message}}")
		if found != c.found || found && (before != c.before || after != c.after) {
			t.Errorf("%+v: %q, %q, %v", c.text, before, after, found)
		}
	}
}

func TestPicturesAreKnownByTheirNames(t *testing.T) {
	t.Parallel()
	html := `<img src="cid:` + PictureName(7) + `"><img src="cid:file-12@rapport"><img src="cid:file-7@rapport"><img src="cid:photo@ewa"> cid:file-9@rapport <img src="cid:file-` + strings.Repeat("9", 30) + `@rapport">`
	if got := Pictures(html); !slices.Equal(got, []int64{7, 12}) {
		t.Errorf("pictures %v", got)
	}
}
