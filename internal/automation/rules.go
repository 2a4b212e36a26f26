package automation

import (
	"slices"
	"time"

	"rapport/internal/platform/search"
	"rapport/internal/platform/text"
)

const morning = 9 // o'clock

// moment is the time a name means, where now is: the same as the choices of a
// screen (web/src/conversation/snooze.ts).
func moment(name string, now time.Time) time.Time {
	nine := func(days int) time.Time {
		return time.Date(now.Year(), now.Month(), now.Day()+days, morning, 0, 0, 0, now.Location())
	}
	switch name {
	case "tomorrow":
		return nine(1)
	case "monday":
		if days := (8 - int(now.Weekday())) % 7; days > 0 {
			return nine(days)
		}
		return nine(7)
	case "next_week":
		return nine(7)
	}
	return time.Date(now.Year(), now.Month(), now.Day(), now.Hour()+3, 0, 0, 0, now.Location())
}

// same tells tags that are one: they differ only in case or marks.
func same(tag string) func(string) bool {
	folded := search.Fold(tag)
	return func(other string) bool { return search.Fold(other) == folded }
}

// distinct tidies tags and keeps the first of each.
func distinct(tags []string) []string {
	var out []string
	for _, tag := range tags {
		if tag = text.Line(tag, maxTag); tag != "" && !slices.ContainsFunc(out, same(tag)) {
			out = append(out, tag)
		}
	}
	return out
}

// retagged are tags with some more and without others, in their order.
func retagged(have, add, remove []string) []string {
	var out []string
	for _, tag := range slices.Concat(have, add) {
		if !slices.ContainsFunc(remove, same(tag)) && !slices.ContainsFunc(out, same(tag)) {
			out = append(out, tag)
		}
	}
	return out
}
