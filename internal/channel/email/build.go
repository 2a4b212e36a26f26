package email

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"html"
	"io"
	netmail "net/mail"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"rapport/internal/channel"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/safehtml"
)

// Build makes the mail that goes over the wire: plain and HTML parts, the
// signed reply address, the references, and a Message-ID that proves the
// conversation when it comes back.
func (a *Adapter) Build(ctx context.Context, inbox channel.Inbox, out channel.Outbound) (channel.Built, error) {
	const op = "email.Build"
	m := mail.NewMsg(mail.WithCharset(mail.CharsetUTF8))
	built := channel.Built{ExternalID: a.signer.messageID(inbox.Address, out.ConversationID, out.ID), From: inbox.Address}
	if out.Automatic {
		built.From = "" // what becomes of it is told to nobody
	}
	if err := a.address(m, inbox, out, &built); err != nil {
		return channel.Built{}, fault.As(op, fault.Invalid, "One of the addresses cannot be written to.", err)
	}
	m.Subject(clean(out.Subject))
	m.SetDateWithValue(a.clock.Now())
	m.SetMessageIDWithValue(built.ExternalID)
	if refs := angle(out.References); len(refs) > 0 {
		m.SetGenHeader(mail.HeaderInReplyTo, refs[len(refs)-1])
		m.SetGenHeader(mail.HeaderReferences, strings.Join(refs, " "))
	}
	switch { // what asks other machines not to answer
	case out.Automatic:
		m.SetGenHeader("Auto-Submitted", "auto-replied")
		m.SetGenHeader("X-Auto-Response-Suppress", "All")
		m.SetGenHeader("Precedence", "auto_reply")
	case out.System:
		m.SetGenHeader("Auto-Submitted", "auto-generated")
		m.SetGenHeader("X-Auto-Response-Suppress", "All")
	}
	if out.News {
		a.offerWayOut(m, inbox, out)
	}
	text, htmlText := bodies(out)
	m.SetBodyString(mail.TypeTextPlain, text)
	m.AddAlternativeString(mail.TypeTextHTML, htmlText)
	if err := a.attach(ctx, m, out); err != nil {
		return channel.Built{}, fault.Wrap(op, err)
	}
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return channel.Built{}, fault.As(op, fault.Internal, "", err)
	}
	built.Bytes = a.attest(ctx, inbox, b.Bytes())
	return built, nil
}

// address sets the people of a mail: From is the inbox under the agent's name,
// Reply-To proves the conversation, Bcc appears in the envelope only.
func (a *Adapter) address(m *mail.Msg, inbox channel.Inbox, out channel.Outbound, built *channel.Built) error {
	name := out.FromName
	if name == "" {
		name = inbox.Name
	}
	if err := named(m.From, name, inbox.Address); err != nil {
		return err
	}
	if !out.System {
		if err := named(m.ReplyTo, inbox.Name, a.signer.replyAddress(inbox.Address, out.ConversationID)); err != nil {
			return err
		}
	}
	for _, group := range []struct {
		list []channel.Party
		add  func(person string) error
	}{{out.To, m.AddTo}, {out.Cc, m.AddCc}, {out.Bcc, func(string) error { return nil }}} {
		for _, p := range group.list {
			if err := named(group.add, p.Name, p.Address); err != nil {
				return err
			}
			built.Recipients = append(built.Recipients, p.Address)
		}
	}
	return nil
}

// named gives a header one person, whatever the name is made of. What is no
// address is refused.
func named(add func(string) error, name, address string) error {
	parsed, err := netmail.ParseAddress(address)
	if err != nil || parsed.Address != address || parsed.Name != "" {
		return fmt.Errorf("%q is no address", address)
	}
	return add((&netmail.Address{Name: clean(name), Address: address}).String())
}

func (a *Adapter) attach(ctx context.Context, m *mail.Msg, out channel.Outbound) error {
	for _, file := range out.Attachments {
		f, info, err := a.blobs.Open(ctx, out.WorkspaceID, file.BlobID)
		if err != nil {
			return err
		}
		content, err := io.ReadAll(f)
		f.Close()
		if err != nil {
			return fault.As("email.attach", fault.Unavailable, "An attachment cannot be read from the store.", err)
		}
		name, kind := file.Name, file.ContentType
		if name = cmp.Or(name, info.Name); name == "" {
			name = "attachment"
		}
		if kind == "" {
			kind = info.ContentType
		}
		options := []mail.FileOption{mail.WithFileName(clean(name)), mail.WithFileContentType(mail.ContentType(clean(kind)))}
		if file.Inline && file.ContentID != "" {
			options = append(options, mail.WithFileContentID("<"+clean(file.ContentID)+">"))
			err = m.EmbedReader(clean(name), bytes.NewReader(content), options...)
		} else {
			err = m.AttachReader(clean(name), bytes.NewReader(content), options...)
		}
		if err != nil {
			return fault.As("email.attach", fault.Internal, "", err)
		}
	}
	return nil
}

// bodies are the plain and the HTML text with signature and quote.
func bodies(out channel.Outbound) (text, htmlText string) {
	text, htmlText = out.Text, out.HTML
	if htmlText == "" {
		htmlText = safehtml.FromText(text)
	}
	if out.Signature.Plain != "" {
		text += "\n\n-- \n" + out.Signature.Plain
	}
	switch {
	case out.Signature.HTML != "":
		htmlText += `<div class="rapport_signature">-- <br>` + out.Signature.HTML + "</div>"
	case out.Signature.Plain != "":
		htmlText += "<p>-- <br>" + strings.ReplaceAll(html.EscapeString(out.Signature.Plain), "\n", "<br>") + "</p>"
	}
	if q := out.Quoted; q != nil {
		intro := quoteIntro(out.Language, q)
		text += "\n\n" + intro + "\n" + quotePlain(q.Text)
		quoted := q.HTML
		if quoted == "" {
			quoted = safehtml.FromText(q.Text)
		}
		htmlText += `<div class="rapport_quote"><p>` + html.EscapeString(intro) + `</p><blockquote type="cite" style="margin:0 0 0 0.8ex;border-left:1px solid #ccc;padding-left:1ex">` + quoted + "</blockquote></div>"
	}
	for _, q := range out.Forwarded {
		t, h := passedOn(out.Language, q)
		text, htmlText = text+t, htmlText+h
	}
	return text + "\n", "<!DOCTYPE html><html><body>" + htmlText + "</body></html>"
}

// quoteIntro is the line above a quote, in a form that mail programs know.
func quoteIntro(language string, q *channel.Quoted) string {
	who := q.From.Name
	if who == "" {
		who = q.From.Address
	}
	switch language {
	case "ko":
		return fmt.Sprintf("%s, %s님이 작성:", q.At.Format("2006년 1월 2일 15:04"), who)
	case "pl":
		return fmt.Sprintf("%s %s napisał(a):", q.At.Format("02.01.2006 15:04"), who)
	}
	return fmt.Sprintf("On %s, %s wrote:", q.At.Format(time.RFC1123), who)
}

func quotePlain(text string) string {
	var b strings.Builder
	for line := range strings.Lines(strings.TrimRight(text, "\n") + "\n") {
		if strings.HasPrefix(line, ">") {
			b.WriteString(">" + line)
		} else {
			b.WriteString("> " + line)
		}
	}
	return b.String()
}

// angle puts ids into their brackets; what cannot stand in a header is left out.
func angle(ids []string) []string {
	var out []string
	for _, id := range ids {
		if id = clean(id); id != "" && !strings.ContainsAny(id, " <>") {
			out = append(out, "<"+id+">")
		}
	}
	return out
}
