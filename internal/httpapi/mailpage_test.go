package httpapi

import (
	"strings"
	"testing"

	"rapport/internal/conversation"
	"rapport/internal/httpapi/operation"
)

func TestAMailsOwnPicturesAndQuotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := conversation.Message{
		WorkspaceID: 7,
		HTML: `<p>Look &lt;here&gt;: <img src="cid:Pic%201@sea" alt="net"> <img src="cid:missing"> <img src="https://sea.example/x.png"></p>` +
			`<script>alert(1)</script><blockquote>You wrote <blockquote>I wrote</blockquote></blockquote><p>Bye</p><blockquote>More</blockquote>`,
		Attachments: []conversation.Attachment{{ID: 31, ContentID: "<pic 1@sea>"}},
	}
	page := w.mailBody(m)
	for want, n := range map[string]int{
		"Look &lt;here&gt;": 1, operation.Root + "/attachments/31?link=": 1, `src="cid:`: 0, `src="https://sea.example/x.png"`: 1, "<script": 0, `data-quote="1"`: 2, "<blockquote": 3,
	} {
		if got := strings.Count(page, want); got != n {
			t.Errorf("%q stands %d times, want %d, in %s", want, got, n, page)
		}
	}
	if plain := w.mailBody(conversation.Message{Text: "1 < 2"}); !strings.Contains(plain, "1 &lt; 2") {
		t.Errorf("plain text %s", plain)
	}
}
