package attachment

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A picture that a teammate has put into the text is a file of the message like
// any other; the HTML names it by its id, as in <img src="cid:file-7@rapport">.

// Picture is the name under which the HTML of a message shows file id; false when
// it does not, or the file is no picture that mail programs show.
func Picture(html string, f File) (contentID string, ok bool) {
	contentID = "file-" + strconv.FormatInt(f.ID, 10) + "@rapport"
	return contentID, slices.Contains(shown, f.ContentType) && strings.Contains(html, `"cid:`+contentID+`"`)
}

var shown = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

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

// maxQuoted is the same for what is quoted, which its reader has already.
const maxQuoted = 3 << 20

// Quoted are the pictures that go again with HTML that quotes them, and the HTML
// with words in place of those that would make the mail too large.
func Quoted(html string, files []File) (string, []File) {
	var kept []File
	var sum int64
	for _, f := range files {
		if f.ContentID == "" || !strings.Contains(html, "cid:"+f.ContentID) {
			continue
		}
		if sum += f.Size; sum <= maxQuoted {
			f.Inline = true
			kept = append(kept, f)
			continue
		}
		sum -= f.Size
		html = picture(f.ContentID).ReplaceAllLiteralString(html, "[image]")
	}
	return html, kept
}

func picture(contentID string) *regexp.Regexp {
	return regexp.MustCompile(`<img\b[^>]*"cid:` + regexp.QuoteMeta(contentID) + `"[^>]*>`)
}
