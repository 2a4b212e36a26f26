package conversation_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/internal/conversation"
	"rapport/internal/conversation/draft"
	"rapport/internal/platform/fault"
)

func (w world) begin(id int64, text string, files ...int64) draft.Draft {
	w.t.Helper()
	d, err := w.drafts.Save(ctx, w.anna, draft.Draft{ConversationID: id, Kind: draft.Reply, Content: draft.Content{Text: text, Attachments: files}}, nil)
	w.want(err, "save a draft")
	return d
}

func (w world) saidBefore(id int64) string {
	w.t.Helper()
	all, err := w.drafts.Versions(ctx, w.anna, id, draft.Reply)
	w.want(err, "versions")
	var out []string
	for _, v := range all {
		out = append(out, v.Text)
	}
	return strings.Join(out, "|")
}

func TestAVersionIsKeptWhereSomethingCouldBeLost(t *testing.T) {
	long := "Dear Ewa, we have looked into it and found the parcel in the depot."
	for _, c := range []struct {
		name  string
		steps func(w world, id int64)
		want  string
	}{
		{"writing on is one version", func(w world, id int64) {
			w.begin(id, "Dear")
			w.clk.Advance(2 * time.Second)
			w.begin(id, "Dear Ewa")
		}, "Dear Ewa"},
		{"after half a minute it is another", func(w world, id int64) {
			w.begin(id, "Dear")
			w.clk.Advance(20 * time.Second)
			w.begin(id, "Dear Ewa")
			w.clk.Advance(20 * time.Second)
			w.begin(id, "Dear Ewa, hello")
		}, "Dear Ewa, hello|Dear Ewa"},
		{"what is cut away stays", func(w world, id int64) {
			w.begin(id, long)
			w.begin(id, "Dear Ewa")
		}, "Dear Ewa|" + long},
		{"saving the same again keeps nothing", func(w world, id int64) {
			w.begin(id, "Dear")
			w.clk.Advance(time.Hour)
			w.begin(id, "Dear")
		}, "Dear"},
		{"a file that goes makes a version", func(w world, id int64) {
			w.begin(id, "See this", 7)
			w.begin(id, "See this.")
		}, "See this.|See this"},
		{"thrown away, it can be brought back", func(w world, id int64) {
			w.begin(id, long)
			w.want(w.drafts.Delete(ctx, w.anna, id, draft.Reply), "throw away")
			w.begin(id, "Anew")
		}, "Anew|" + long},
		{"sent, nothing is left", func(w world, id int64) {
			w.begin(id, long)
			_, err := w.Reply(ctx, w.anna, id, conversation.NewMessage{Text: long})
			w.want(err, "reply")
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(w world) {
				id := w.fresh("ewa@harbour.example").ID
				c.steps(w, id)
				if got := w.saidBefore(id); got != c.want {
					t.Errorf("%q, want %q", got, c.want)
				}
			})
		})
	}
}

func TestTheLastTwentyVersionsAreKept(t *testing.T) {
	each(t, func(w world) {
		id := w.fresh("ewa@harbour.example").ID
		for n := range 25 {
			w.begin(id, fmt.Sprintf("Version %d", n))
			w.clk.Advance(time.Minute)
		}
		said := strings.Split(w.saidBefore(id), "|")
		if len(said) != draft.Kept || said[0] != "Version 24" || said[19] != "Version 5" {
			t.Errorf("%d versions: %v", len(said), said)
		}
		w.want(w.Delete(ctx, w.owner, id), "delete the conversation")
		if _, err := w.drafts.Versions(ctx, w.anna, id, draft.Reply); !fault.Is(err, fault.NotFound) {
			t.Errorf("of a conversation that is gone: %v", err)
		}
	})
}

func TestTeammatesSeeThatSomebodyDraftsAndReadOnlyWhatIsShared(t *testing.T) {
	each(t, func(w world) {
		id := w.fresh("ewa@harbour.example").ID
		share := true
		w.begin(id, "Not yet for others")
		look := func() []draft.Draft {
			all, err := w.drafts.Others(ctx, w.owner, id)
			w.want(err, "others")
			return all
		}
		if all := look(); len(all) != 1 || all[0].AgentID != w.anna.AgentID || all[0].Text != "" || all[0].Shared {
			t.Errorf("a draft of a teammate: %+v", all)
		}
		_, err := w.drafts.Save(ctx, w.anna, draft.Draft{ConversationID: id, Kind: draft.Reply, Content: draft.Content{Text: "What do you think?"}}, &share)
		w.want(err, "share")
		w.begin(id, "What do you think now?")
		if all := look(); len(all) != 1 || all[0].Text != "What do you think now?" || !all[0].Shared {
			t.Errorf("a shared draft: %+v", all)
		}
		share = false
		_, err = w.drafts.Save(ctx, w.anna, draft.Draft{ConversationID: id, Kind: draft.Reply, Content: draft.Content{Text: "Mine"}}, &share)
		w.want(err, "share no longer")
		if all := look(); len(all) != 1 || all[0].Text != "" {
			t.Errorf("no longer shared: %+v", all)
		}
		if own, err := w.drafts.Others(ctx, w.anna, id); err != nil || len(own) != 0 {
			t.Errorf("her own: %+v, %v", own, err)
		}
		if _, err := w.drafts.Others(ctx, w.bob, id); !fault.Is(err, fault.NotFound) {
			t.Errorf("out of sight: %v", err)
		}
		if _, err := w.drafts.Versions(ctx, w.bob, id, draft.Reply); !fault.Is(err, fault.NotFound) {
			t.Errorf("versions out of sight: %v", err)
		}
	})
}
