package mailparse

func (m *Mail) classify(root *part) {}
