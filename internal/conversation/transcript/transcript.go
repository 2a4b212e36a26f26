// Package transcript writes a conversation down as text, for teammates to keep
// or to send.
package transcript

import (
	"context"
	"fmt"
	"strings"
	"time"

	"rapport/internal/account"
	"rapport/internal/conversation"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/words"
)

// Of is a conversation in actor's sight as text. Notes are for the team alone.
func Of(ctx context.Context, room *conversation.Room, actor account.Actor, id int64, notes bool) (string, error) {
	const op = "transcript.Of"
	c, _, err := room.Get(ctx, actor, id)
	if err != nil {
		return "", fault.Wrap(op, err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "#%d %s\n", c.Number, c.Subject)
	for after, more := int64(0), true; more; {
		var list []conversation.Message
		if list, more, err = room.Messages(ctx, actor, id, conversation.Span{After: after, Oldest: true, Limit: page}); err != nil {
			return "", fault.Wrap(op, err)
		}
		for _, m := range list {
			after = m.Position
			if !m.Cancelled && (notes || m.Kind != conversation.KindNote) {
				write(&b, m, actor.Language)
			}
		}
	}
	return b.String(), nil
}

const page = 100

func write(b *strings.Builder, m conversation.Message, language string) {
	who := m.Author.Name
	if m.Author.Address != "" {
		who = strings.TrimSpace(who + " <" + m.Author.Address + ">")
	}
	if m.Kind == conversation.KindNote {
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
