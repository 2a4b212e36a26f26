package attachment

import (
	"slices"
	"strings"
	"testing"
)

func TestOnlyPicturesThatTheTextNamesStandInIt(t *testing.T) {
	t.Parallel()
	const html = `<p>Look: <img src="cid:file-7@rapport" alt="a"/> and cid:file-8@rapport <img src="cid:file-9@rapport"/></p>`
	for _, c := range []struct {
		id   int64
		kind string
		want bool
	}{{7, "image/png", true}, {7, "application/pdf", false}, {7, "image/svg+xml", false}, {8, "image/png", false}, {9, "image/jpeg", true}, {70, "image/png", false}, {10, "image/png", false}} {
		name, ok := Picture(html, File{ID: c.id, ContentType: c.kind})
		if ok != c.want || !strings.HasPrefix(name, "file-") {
			t.Errorf("file %d, %s: %q, %v", c.id, c.kind, name, ok)
		}
	}
}

func TestPicturesInATextHaveALimit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		files []File
		want  bool
	}{
		{nil, false}, {[]File{{Size: maxPictures, Inline: true}}, false}, {[]File{{Size: maxPictures}, {Size: 1, Inline: true}}, false},
		{[]File{{Size: maxPictures, Inline: true}, {Size: 1, Inline: true}}, true},
	} {
		if got := TooLarge(c.files); got != c.want {
			t.Errorf("%v: %v", c.files, got)
		}
	}
}

func TestAQuoteKeepsItsPicturesWhileTheyAreSmall(t *testing.T) {
	t.Parallel()
	const html = `<p><img src="cid:a@x" alt="A"/><img alt="B" src="cid:b+@x" width="5"/><img src="cid:c@x"/></p>`
	got, files := Quoted(html, []File{{ID: 1, ContentID: "a@x", Size: 2 << 20}, {ID: 2, ContentID: "b+@x", Size: 2 << 20}, {ID: 3, ContentID: "c@x", Size: 1 << 20}, {ID: 4, ContentID: "d@x"}, {ID: 5}})
	if want := `<p><img src="cid:a@x" alt="A"/>[image]<img src="cid:c@x"/></p>`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if ids := []int64{}; true {
		for _, f := range files {
			ids = append(ids, f.ID)
			if !f.Inline {
				t.Errorf("file %d is not in the text", f.ID)
			}
		}
		if !slices.Equal(ids, []int64{1, 3}) {
			t.Errorf("files %v", ids)
		}
	}
}
