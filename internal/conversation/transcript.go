package conversation

import (
	"context"
	"fmt"
	"strings"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/words"
)

// Transcript is a conversation as text. Notes are for the team alone.
func (r *Room) Transcript(ctx context.Context, actor account.Actor, id int64, notes bool) (string, error) {
	const op = "conversation.Transcript"
	c, err := r.sighted(ctx, actor, account.ConversationRead, id)
	if err != nil {
		return "", fault.Wrap(op, err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "#%d %s\n", c.Number, c.Subject)
	for from := int64(1); from <= c.LastPosition; from += transcriptPage {
		n := min(transcriptPage, c.LastPosition-from+1) // positions are dense
		list, err := r.store.messages(ctx, c.WorkspaceID, c.ID, Span{Before: from + n}, int(n))
		if err != nil {
			return "", fault.Wrap(op, err)
		}
		for _, m := range list {
			if !m.Cancelled && (notes || m.Kind != KindNote) {
				m.print(&b, actor.Language)
			}
		}
	}
	return b.String(), nil
}

const transcriptPage int64 = 200

func (m Message) print(b *strings.Builder, language string) {
	who := m.Author.Name
	if m.Author.Address != "" {
		who = strings.TrimSpace(who + " <" + m.Author.Address + ">")
	}
	if m.Kind == KindNote {
		who += " (" + words.In(language, "note") + ")"
	}
	text := m.ReplyText
	if text == "" {
		text = m.Text
	}
	fmt.Fprintf(b, "\n%s  %s\n%s\n", m.CreatedAt.Format(time.RFC3339), who, strings.TrimSpace(text))
	for _, a := range m.Attachments {
		fmt.Fprintf(b, "[%s, %d B]\n", a.Name, a.Size)
	}
}
