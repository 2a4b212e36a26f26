package conversation

import (
	"cmp"
	"strconv"
	"strings"

	"rapport/internal/channel"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/rich"
	"rapport/internal/platform/variable"
)

// Variables are the values of letterhead.Variables in a conversation. A new one has
// no number yet.
func Variables(author Author, customer string, inbox channel.Inbox, number int64) variable.Values {
	if strings.Contains(customer, "@") { // an address is no name to call somebody by
		customer = ""
	}
	v := variable.Values{"agent.name": author.Name, "agent.first_name": variable.First(author.Name), "customer.name": customer, "customer.first_name": variable.First(customer), "inbox.name": inbox.Name}
	if number > 0 {
		v["conversation.number"] = strconv.FormatInt(number, 10)
	}
	return v
}

// Signature is what an agent's answer is signed with: the agent's own words, or
// those of the inbox.
func Signature(own rich.Text, inbox channel.Inbox) rich.Text { return cmp.Or(own, inbox.Signature) }

// fill puts the variables into the words of m. It refuses words with a variable
// that has no value, and those whose signature or template has one: nobody
// shall read "Hello {{customer.first_name}}".
func fill(m *Message, customer string, inbox channel.Inbox, number int64, signature rich.Text) error {
	const op = "conversation.Reply"
	values := Variables(m.Author, customer, inbox, number)
	text, open := variable.Fill(m.Text, values)
	htmlText, more := variable.FillHTML(m.HTML, values)
	if open = append(open, more...); len(open) > 0 {
		return fault.InvalidField(op, "text", "{{"+open[0]+"}} has no value here. Write something in its place, or give it words for that: {{"+open[0]+"|there}}.")
	}
	m.Text, m.HTML, m.ReplyText = text, htmlText, text
	if values["conversation.number"] == "" {
		values["conversation.number"] = "1" // it has one when the mail is built
	}
	_, open = Signature(signature, inbox).Fill(values)
	_, more = inbox.Template.Fill(values)
	if open = append(open, more...); len(open) > 0 {
		return fault.InvalidField(op, "text", "{{"+open[0]+"}} in the signature or the template has no value for this customer. Have an administrator give it words for that: {{"+open[0]+"|there}}.")
	}
	return nil
}
