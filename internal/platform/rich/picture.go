package rich

import (
	"context"
	"regexp"
	"slices"
	"strconv"

	"rapport/internal/platform/blob"
	"rapport/internal/platform/fault"
)

// A picture that somebody has put into a text is a blob; the HTML names it by its
// id, as in <img src="cid:file-7@rapport">.

// PictureName is the name under which HTML shows the blob id.
func PictureName(id int64) string { return "file-" + strconv.FormatInt(id, 10) + "@rapport" }

var pictureName = regexp.MustCompile(`"cid:file-(\d{1,15})@rapport"`)

// Pictures are the blobs that html shows, each once.
func Pictures(html string) []int64 {
	var ids []int64
	for _, found := range pictureName.FindAllStringSubmatch(html, -1) {
		if id, err := strconv.ParseInt(found[1], 10, 64); err == nil && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Shows reports whether mail programs show a file of this type in a text.
func Shows(contentType string) bool { return slices.Contains(shown, contentType) }

var shown = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

// Pictures are the blobs that the text shows, each once.
func (t Text) Pictures() []int64 { return Pictures(t.HTML) }

// maxPictures is how large the pictures of a text may be together: every mail
// carries them.
const maxPictures = 1 << 20

// Files keeps pictures for as long as a text shows them (blob.Store).
type Files interface {
	Ref(ctx context.Context, workspaceID, blobID int64, owner string, ownerID int64) error
	Claim(ctx context.Context, workspaceID, blobID int64, uploader, owner string, ownerID int64) error
	Release(ctx context.Context, workspaceID int64, owner string, ownerID int64) error
	Describe(ctx context.Context, workspaceID, id int64) (blob.Info, error)
}

// Owner is the row whose texts show pictures: the table and the id that the
// references of blobs name.
type Owner struct {
	WorkspaceID int64
	Table       string
	ID          int64
}

// Keep makes owner hold the pictures of its texts, in the transaction of ctx, and
// lets go of those that its texts before had and these do not. What is new is an
// upload of uploader. field is what a refusal is about.
func Keep(ctx context.Context, files Files, owner Owner, uploader, field string, before, now []Text) error {
	const op = "rich.Keep"
	had, has := picturesOf(before), picturesOf(now)
	if slices.Equal(had, has) {
		return nil
	}
	if err := files.Release(ctx, owner.WorkspaceID, owner.Table, owner.ID); err != nil {
		return fault.Wrap(op, err)
	}
	var sum int64
	for _, id := range has {
		var err error
		if slices.Contains(had, id) {
			err = files.Ref(ctx, owner.WorkspaceID, id, owner.Table, owner.ID)
		} else {
			err = files.Claim(ctx, owner.WorkspaceID, id, uploader, owner.Table, owner.ID)
		}
		if fault.Is(err, fault.NotFound) {
			return fault.InvalidField(op, field, "A picture in the text is gone or belongs to somebody else. Put it in again.")
		}
		if err != nil {
			return fault.Wrap(op, err)
		}
		info, err := files.Describe(ctx, owner.WorkspaceID, id)
		if err != nil {
			return fault.Wrap(op, err)
		}
		if !Shows(info.ContentType) {
			return fault.InvalidField(op, field, "Only pictures that mail programs show can stand here: PNG, JPEG, GIF or WebP.")
		}
		sum += info.Size
	}
	if sum > maxPictures {
		return fault.InvalidField(op, field, "The pictures are more than 1 MB together, and every mail carries them. Make them smaller.")
	}
	return nil
}

func picturesOf(texts []Text) (ids []int64) {
	for _, t := range texts {
		for _, id := range t.Pictures() {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}
