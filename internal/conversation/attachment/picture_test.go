package attachment

import (
	"fmt"
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
	p := NewPictures(nil, nil)
	got := p.Quote(html, []File{{ID: 1, ContentID: "a@x", Size: 2 << 20}, {ID: 2, ContentID: "b+@x", Size: 2 << 20}, {ID: 3, ContentID: "c@x", Size: 1 << 20}, {ID: 4, ContentID: "d@x"}, {ID: 5}}, MaxQuoted)
	if want := `<p><img src="cid:a@x" alt="A"/>[image]<img src="cid:c@x"/></p>`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := names(p); got != "1=a@x 3=c@x" {
		t.Errorf("files %v", got)
	}
}

func TestAPictureStandsInAMailOnce(t *testing.T) {
	t.Parallel()
	const logo, ours, theirs = "file-7@rapport", "logo", "photo"
	sums := map[int64]string{7: ours, 8: ours, 20: ours, 21: ours, 30: theirs, 31: theirs}
	for _, c := range []struct {
		name, html, want, parts string
		own, quoted             []File
	}{
		{"theirs beside ours", `<img src="cid:p@x">`, `<img src="cid:p@x">`, "7=file-7@rapport 30=p@x", nil, []File{{ID: 30, ContentID: "p@x"}}},
		{"ours comes back under a name of theirs", `<img src="cid:i1@x"> <img src="cid:i2@x">`, `<img src="cid:file-7@rapport"> <img src="cid:file-7@rapport">`, "7=file-7@rapport", nil,
			[]File{{ID: 20, ContentID: "i1@x"}, {ID: 21, ContentID: "i2@x"}}},
		{"ours comes back under our name", `<img src="cid:file-7@rapport">`, `<img src="cid:file-7@rapport">`, "7=file-7@rapport", nil, []File{{ID: 20, ContentID: logo}}},
		{"theirs under our name", `<img src="cid:file-7@rapport">`, `<img src="cid:quoted-30@rapport">`, "7=file-7@rapport 30=quoted-30@rapport", nil, []File{{ID: 30, ContentID: logo}}},
		{"both names changed at once", `<img src="cid:i1@x"><img src="cid:file-7@rapport">`, `<img src="cid:file-7@rapport"><img src="cid:quoted-30@rapport">`, "7=file-7@rapport 30=quoted-30@rapport", nil,
			[]File{{ID: 20, ContentID: "i1@x"}, {ID: 30, ContentID: logo}}},
		{"theirs twice", `<img src="cid:p@x"><img src="cid:q@x">`, `<img src="cid:p@x"><img src="cid:p@x">`, "7=file-7@rapport 30=p@x", nil, []File{{ID: 30, ContentID: "p@x"}, {ID: 31, ContentID: "q@x"}}},
		{"the logo in the words, too", "", "", "8=file-8@rapport 7=file-7@rapport", []File{{ID: 8, ContentID: "file-8@rapport", Inline: true}}, nil},
		{"a file beside the words", "", "", "8= 7=file-7@rapport", []File{{ID: 8}}, nil},
		{"a file of unknown bytes", `<img src="cid:p@x">`, `<img src="cid:p@x">`, "7=file-7@rapport 50=p@x", nil, []File{{ID: 50, ContentID: "p@x"}}},
	} {
		p := NewPictures(c.own, sums)
		p.Show(File{ID: 7, ContentID: logo})
		p.Show(File{ID: 7, ContentID: logo})
		if got := p.Quote(c.html, c.quoted, MaxQuoted); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if got := names(p); got != c.parts {
			t.Errorf("%s: parts %s, want %s", c.name, got, c.parts)
		}
	}
}

func names(p *Pictures) string {
	var out []string
	for _, f := range p.Files {
		out = append(out, fmt.Sprintf("%d=%s", f.ID, f.ContentID))
		if f.Inline != (f.ContentID != "") {
			out = append(out, "beside the text")
		}
	}
	return strings.Join(out, " ")
}
