package automation

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"rapport/internal/account"
	"rapport/internal/channel/letterhead"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/rich"
	"rapport/internal/platform/search"
	"rapport/internal/platform/text"
)

// What fits.
const (
	maxName   = 80
	maxFolder = 60
	maxText   = 20_000 // characters; HTML may have four times as many
	maxShared = 1000   // of a workspace
	maxOwn    = 500    // of an agent
)

// Entry is what a snippet and a macro have in common.
type Entry struct {
	WorkspaceID int64
	ID          int64
	Key         string // stable, for export and import
	Name        string
	Folder      string // "": none
	OwnerID     int64  // 0: shared by all
	Uses        int64
	LastUsedAt  time.Time
	UpdatedAt   time.Time
}

// Heading is what a caller gives of an Entry.
type Heading struct {
	Name   string
	Folder string
	Shared bool
}

// named is h tidied; one without a name is refused.
func (h Heading) named(op string) (Heading, error) {
	if len([]rune(strings.TrimSpace(h.Name))) > maxName {
		return h, fault.InvalidField(op, "name", "This name is too long: write at most 80 characters.")
	}
	if len([]rune(strings.TrimSpace(h.Folder))) > maxFolder {
		return h, fault.InvalidField(op, "folder", "The name of a folder has at most 60 characters.")
	}
	h.Name, h.Folder = text.Line(h.Name, maxName), text.Line(h.Folder, maxFolder)
	if h.Name == "" {
		return h, fault.InvalidField(op, "name", "Give it a name by which it is found.")
	}
	return h, nil
}

// owner is whom something belongs to that actor shares, or keeps for themselves.
func owner(actor account.Actor, shared bool) int64 {
	if shared {
		return 0
	}
	return actor.AgentID
}

// mayChange lets actor change what belongs to ownerID. What is somebody else's is
// not there.
func mayChange(op string, actor account.Actor, ownerID int64) error {
	if ownerID != 0 && ownerID != actor.AgentID {
		return fault.New(op, fault.NotFound, "")
	}
	action := account.AutomationEdit
	if ownerID == 0 {
		action = account.AutomationShare
	}
	return account.Can(actor, action, account.Object{WorkspaceID: actor.WorkspaceID})
}

// writable refuses a text that is empty, too long or could never be filled.
func writable(op, field string, t rich.Text) error {
	switch {
	case t.Empty():
		return fault.InvalidField(op, field, "Write the text that shall stand there.")
	case len([]rune(t.Plain)) > maxText || len(t.HTML) > 4*maxText:
		return fault.InvalidField(op, field, "This text is too long: write at most 20,000 characters.")
	case strings.Contains(t.HTML, "<img"):
		return fault.InvalidField(op, field, "Pictures cannot stand here. Put them in where you write.")
	}
	if name := t.Torn(); name != "" {
		return fault.InvalidField(op, field, "Give all of {{"+name+"}} the same look, or write it anew: as it stands it cannot be filled.")
	}
	for _, name := range t.Variables() {
		if !slices.Contains(letterhead.Variables, name) {
			return fault.InvalidField(op, field, "There is no variable called {{"+name+"}}.")
		}
	}
	return nil
}

// freeKey is a key made of a name that nobody has: small letters and digits of any
// script, with dashes between words.
func freeKey(name, otherwise string, taken []string) string {
	words := strings.FieldsFunc(search.Fold(name), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	key := strings.Join(words, "-")
	if key == "" {
		key = otherwise
	}
	for n, free := 2, key; ; n++ {
		if !slices.Contains(taken, free) {
			return free
		}
		free = key + "-" + strconv.Itoa(n)
	}
}
