package safehtml

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"script":          {`<p>a<script>alert(1)</script>b</p>`, `<p>ab</p>`},
		"handler":         {`<b onclick="x()">a</b>`, `<b>a</b>`},
		"javascript link": {`<a href="java&#10;script:alert(1)">a</a>`, `<a>a</a>`},
		"data link":       {`<a href="data:text/html,x">a</a>`, `<a>a</a>`},
		"web link":        {`<a href="https://e.org/a?b=1&amp;c=2">a</a>`, `<a href="https://e.org/a?b=1&amp;c=2" rel="noreferrer noopener" target="_blank">a</a>`},
		"inline image":    {`<img src="cid:logo@x" alt="Logo" width="10">`, `<img src="cid:logo@x" alt="Logo" width="10">`},
		"relative image":  {`<img src="/api/v1/x">`, ``},
		"table":           {`<table bgcolor="#ffffff"><tr><td colspan="2">a</td></tr></table>`, `<table bgcolor="#ffffff"><tr><td colspan="2">a</td></tr></table>`},
		"style kept":      {`<p style="color: red; font-family: 'Noto Sans KR', serif">한글</p>`, `<p style="color: red; font-family: &#39;Noto Sans KR&#39;, serif">한글</p>`},
		"style dropped":   {`<p style="background:url(http://x/); position:fixed; width:expression(1)">a</p>`, `<p>a</p>`},
		"form":            {`<form action="/x"><input name="a">words</form>`, `words`},
		"office leftover": {`<!--[if mso]><b>x</b><![endif]--><o:p>Zażółć</o:p>`, `Zażółć`},
		"quote class":     {`<div class="gmail_quote evil">x</div><div class="gmail_quote">y</div>`, `<div>x</div><div class="gmail_quote">y</div>`},
		"nul":             {"a\x00b", "ab"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Clean(c.in); got != c.want {
				t.Errorf("Clean(%q)\n got %s\nwant %s", c.in, got, c.want)
			}
		})
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"paragraphs":  {"<p>one</p><p>two<br>three</p>", "one\n\ntwo\nthree"},
		"divs":        {"<div>one</div><div>two</div><div><br></div><div>three</div>", "one\ntwo\n\nthree"},
		"white space": {"  a \n b&nbsp;c<b> d</b>e ", "a b c de"},
		"link":        {`See <a href="https://e.org/x">our page</a>.`, "See our page <https://e.org/x> ."},
		"bare link":   {`<a href="https://e.org/">e.org</a> <a href="mailto:a@e.org">a@e.org</a>`, "e.org a@e.org"},
		"lists":       {"x<ul><li>a<li>b<ol><li>c</li><li>d</ol></ul>y", "x\n\n- a\n- b\n  1. c\n  2. d\n\ny"},
		"table":       {"<table><tr><td>a</td><td>b</td></tr><tr><th>c<td></td><td>d</table>", "a | b\nc | d"},
		"quote":       {"new<blockquote>old<blockquote>older</blockquote></blockquote>end", "new\n\n> old\n>\n> > older\n\nend"},
		"pre":         {"<pre>a\n  b</pre>c", "a\n  b\n\nc"},
		"hidden":      {"<head><title>t</title><style>p{}</style></head><p>a<script>x</script>", "a"},
		"entities":    {"&lt;b&gt; &amp;amp; 안녕", "<b> &amp; 안녕"},
		"image words": {`<img alt="Our logo" src="x"> hi`, "[Our logo] hi"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Text(c.in); got != c.want {
				t.Errorf("Text(%q)\n got %q\nwant %q", c.in, got, c.want)
			}
		})
	}
}

func TestFromText(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"paragraphs": {"a\nb\n\n\nc", "<p>a<br>b</p><p>c</p>"},
		"escaped":    {`<script>"x"</script>`, "<p>&lt;script&gt;&#34;x&#34;&lt;/script&gt;</p>"},
		"link":       {"see https://e.org/a?b=1&c=2.", `<p>see <a href="https://e.org/a?b=1&amp;c=2" rel="noreferrer noopener" target="_blank">https://e.org/a?b=1&amp;c=2</a>.</p>`},
		"mail":       {"(ala@e.pl)", `<p>(<a href="mailto:ala@e.pl" rel="noreferrer noopener" target="_blank">ala@e.pl</a>)</p>`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := FromText(c.in)
			if got != c.want {
				t.Errorf("FromText(%q)\n got %s\nwant %s", c.in, got, c.want)
			}
			if danger(got) != "" {
				t.Errorf("FromText(%q) is not safe", c.in)
			}
		})
	}
}

func TestDeepAndLargeInput(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("<div><blockquote><ul><li><table>", 40_000) + "words"
	if !strings.Contains(Text(deep), "words") {
		t.Error("the words at the bottom are gone")
	}
	Clean(deep)
	if got := Clean(`<img src="data:image/png;base64,` + strings.Repeat("A", 2*maxInput) + `"><p>words`); !strings.Contains(got, "words") {
		t.Error("a large picture in the page hides the words after it")
	}
	if got := len(Text(strings.Repeat("a ", maxInput))); got > maxInput {
		t.Errorf("input is not bounded: %d bytes came out", got)
	}
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{"<p>x", "<a href='javascript:1'>", "<svg><style><img src=x onerror=1>", "<p style='color:\\72 ed'>", "<table><a></table>", "\xff<b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		cleaned := Clean(in)
		if found := danger(cleaned); found != "" {
			t.Errorf("%q -> %q: %s", in, cleaned, found)
		}
		if Clean(cleaned) != cleaned {
			t.Errorf("%q is not stable: %q", in, cleaned)
		}
		for _, out := range []string{cleaned, Text(in), FromText(in)} {
			if !utf8.ValidString(out) || strings.ContainsRune(out, 0) {
				t.Errorf("%q: not storable: %q", in, out)
			}
		}
		if found := danger(FromText(in)); found != "" {
			t.Errorf("FromText(%q): %s", in, found)
		}
	})
}

func BenchmarkClean(b *testing.B) {
	page := strings.Repeat(`<tr><td style="color:red">Order <a href="https://e.org/1">1</a></td></tr>`, 250)
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		Clean(page)
	}
}
