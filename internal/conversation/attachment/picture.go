package attachment

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rapport/internal/platform/rich"
)

// Picture is the name under which the HTML of a message shows file f; false when
// it does not, or the file is no picture that mail programs show.
func Picture(html string, f File) (contentID string, ok bool) {
	return rich.PictureName(f.ID), rich.Shows(f.ContentType) && slices.Contains(rich.Pictures(html), f.ID)
}

// maxPictures is how large the pictures of a text may be together: what stands
// in the text is loaded with it, wherever it is read.
const maxPictures = 10 << 20

// TooLarge reports whether the pictures in a text are more than a mail should
// carry in it.
func TooLarge(files []File) bool {
	var sum int64
	for _, f := range files {
		if f.Inline {
			sum += f.Size
		}
	}
	return sum > maxPictures
}

// MaxQuoted is the same for what is quoted, which its reader has already.
const MaxQuoted = 3 << 20

// Pictures are the files of one mail. A picture is in it once, under one name,
// however many of its words show it: else one in a signature would come back
// with every answer, and leave again with every quote.
type Pictures struct {
	Files []File

	sums  map[int64]string  // of the files' bytes, by id
	names map[string]string // of pictures in the text, by their bytes
	taken map[string]bool   // names
}

// NewPictures begins with the files of the words that are sent. sums are the
// hashes of all that may be shown.
func NewPictures(files []File, sums map[int64]string) *Pictures {
	p := &Pictures{sums: sums, names: map[string]string{}, taken: map[string]bool{}}
	for _, f := range files {
		if f.Inline {
			p.Show(f)
		} else {
			p.Files = append(p.Files, f)
		}
	}
	return p
}

// Show adds a picture that HTML of ours names.
func (p *Pictures) Show(f File) {
	if p.taken[f.ContentID] {
		return
	}
	f.Inline, p.taken[f.ContentID] = true, true
	if sum := p.sums[f.ID]; sum != "" && p.names[sum] == "" {
		p.names[sum] = f.ContentID
	}
	p.Files = append(p.Files, f)
}

// Quote adds the pictures that html shows out of files, until they are more than
// limit bytes; words stand in place of the rest. It returns html with the names
// under which the mail has them.
func (p *Pictures) Quote(html string, files []File, limit int64) string {
	var sum int64
	var names []string
	for _, f := range files {
		shown := `"cid:` + f.ContentID + `"`
		if f.ContentID == "" || !strings.Contains(html, shown) {
			continue
		}
		if there := p.names[p.sums[f.ID]]; there != "" {
			names = append(names, shown, `"cid:`+there+`"`)
			continue
		}
		if sum += f.Size; sum > limit {
			sum -= f.Size
			html = picture(f.ContentID).ReplaceAllLiteralString(html, "[image]")
			continue
		}
		if p.taken[f.ContentID] { // by another picture
			f.ContentID = "quoted-" + strconv.FormatInt(f.ID, 10) + "@rapport"
			names = append(names, shown, `"cid:`+f.ContentID+`"`)
		}
		p.Show(f)
	}
	return strings.NewReplacer(names...).Replace(html)
}

func picture(contentID string) *regexp.Regexp {
	return regexp.MustCompile(`<img\b[^>]*"cid:` + regexp.QuoteMeta(contentID) + `"[^>]*>`)
}
