package acknowledgement

import (
	"context"
	"slices"
	"unicode/utf8"

	"rapport/internal/account"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/text"
)

// Languages are those that words are shipped in; the first is that of the source.
var Languages = []string{"en", "ko", "pl"}

// shipped are our words, by language.
var shipped = map[string]string{
	"en": `Hello {{customer.name|and thank you for writing}},

we have received your message and will answer as soon as we can. Its number is #{{conversation.number}}.

There is nothing you need to do. If you want to add something, simply answer this mail.`,
	"ko": `안녕하세요, {{customer.name|고객}}님.

보내 주신 메시지를 잘 받았습니다. 가능한 한 빨리 답변드리겠습니다. 접수 번호는 #{{conversation.number}}입니다.

따로 하실 일은 없습니다. 덧붙일 내용이 있으면 이 메일에 답장해 주세요.`,
	"pl": `Dzień dobry,

otrzymaliśmy Państwa wiadomość i odpowiemy najszybciej, jak to możliwe. Jej numer to #{{conversation.number}}.

Nie trzeba nic więcej robić. Jeśli chcą Państwo coś dodać, wystarczy odpowiedzieć na tę wiadomość.`,
}

// Settings say whether an inbox acknowledges mails, and in which words.
type Settings struct {
	InboxID  int64
	On       bool
	Language string            // for who writes in a language we have no words in
	Texts    map[string]string // the inbox's own words by language; where there are none, ours
}

// words are what is said in a language.
func (s Settings) words(language string) string {
	if own := s.Texts[language]; own != "" {
		return own
	}
	return shipped[language]
}

// Shipped are our words in a language.
func Shipped(language string) string { return shipped[language] }

const maxText = 4000

// checked returns s tidied, or what is wrong with it.
func (s Settings) checked(op string) (Settings, error) {
	if !slices.Contains(Languages, s.Language) {
		return s, fault.InvalidField(op, "language", "Choose en, ko or pl.")
	}
	own := map[string]string{}
	for language, words := range s.Texts {
		words = text.Lines(words, 2*maxText)
		switch {
		case !slices.Contains(Languages, language):
			return s, fault.InvalidField(op, "texts", "Write the answer in en, ko or pl.")
		case utf8.RuneCountInString(words) > maxText:
			return s, fault.InvalidField(op, "texts", "An automatic answer has at most 4000 characters.")
		}
		if err := checkVariables(op, words); err != nil {
			return s, err
		}
		if words != "" && words != shipped[language] {
			own[language] = words
		}
	}
	s.Texts = own
	return s, nil
}

// Settings returns those of an e-mail inbox. Admins only.
func (r *Room) Settings(ctx context.Context, actor account.Actor, inboxID int64) (Settings, error) {
	const op = "acknowledgement.Settings"
	if err := r.may(ctx, actor, inboxID); err != nil {
		return Settings{}, err
	}
	s, err := r.store.settings(ctx, actor.WorkspaceID, inboxID)
	return s, fault.Wrap(op, err)
}

// Change sets those of an e-mail inbox. Admins only.
func (r *Room) Change(ctx context.Context, actor account.Actor, s Settings) (Settings, error) {
	const op = "acknowledgement.Change"
	if err := r.may(ctx, actor, s.InboxID); err != nil {
		return Settings{}, err
	}
	s, err := s.checked(op)
	if err != nil {
		return Settings{}, err
	}
	err = r.store.within(ctx, func(ctx context.Context) error {
		if err := r.store.putSettings(ctx, actor.WorkspaceID, s); err != nil {
			return err
		}
		return r.log.Append(ctx, event.Event{WorkspaceID: actor.WorkspaceID, Kind: EventChanged, Actor: actor.Event(), Data: event.Data(details{InboxID: s.InboxID})})
	})
	return s, fault.Wrap(op, err)
}

// may lets administrators in, to inboxes that have mail of their own.
func (r *Room) may(ctx context.Context, actor account.Actor, inboxID int64) error {
	const op = "acknowledgement.may"
	inbox, err := r.channels.Inbox(ctx, actor, inboxID)
	if err == nil {
		err = r.allow.Allow(ctx, actor, account.InboxManage, inboxID)
	}
	if err == nil && inbox.Channel != "email" {
		err = fault.New(op, fault.NotFound, "Only an e-mail inbox answers by itself.")
	}
	return fault.Wrap(op, err)
}
