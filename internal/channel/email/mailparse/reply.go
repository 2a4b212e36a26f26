package mailparse

func (m *Mail) readReply() { m.Reply = m.Text }
