// Package hours is when somebody answers in a chat.
package hours

import (
	"fmt"
	"slices"
	"time"
)

// Hours are when somebody answers in a chat, in the time of a place. Without
// days it is always.
type Hours struct {
	TimeZone string `json:"time_zone"`
	Days     []Day  `json:"days"`
}

// Day is one stretch of one day of the week, Monday being 1. It ends on
// the same day; the end of the day is 24:00.
type Day struct {
	Day  int    `json:"day"`
	From string `json:"from"`
	To   string `json:"to"`
}

// Opening is how hours stand at a moment.
type Opening struct {
	Open     bool
	OpensAt  time.Time // when closed; zero: never
	ClosesAt time.Time // when open; zero: never
}

// At tells how the hours stand at a moment.
func (h Hours) At(now time.Time) Opening {
	if len(h.Days) == 0 {
		return Opening{Open: true}
	}
	spans := h.spans(now)
	for _, s := range spans {
		switch {
		case now.Before(s[0]):
			return Opening{OpensAt: s[0].UTC()}
		case now.Before(s[1]):
			if s[1].Sub(now) > 7*24*time.Hour {
				return Opening{Open: true} // day and night
			}
			return Opening{Open: true, ClosesAt: s[1].UTC()}
		}
	}
	return Opening{}
}

// spans are the times of the days around now, in order, those that touch as
// one.
func (h Hours) spans(now time.Time) [][2]time.Time {
	zone, err := time.LoadLocation(h.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	here := now.In(zone)
	var all [][2]time.Time
	for offset := -1; offset <= 8; offset++ {
		day := time.Date(here.Year(), here.Month(), here.Day()+offset, 12, 0, 0, 0, zone)
		for _, d := range h.Days {
			if d.Day != 1+(int(day.Weekday())+6)%7 {
				continue
			}
			from, _ := clockTime(d.From)
			to, _ := clockTime(d.To)
			at := func(minutes int) time.Time {
				return time.Date(day.Year(), day.Month(), day.Day(), 0, minutes, 0, 0, zone)
			}
			all = append(all, [2]time.Time{at(from), at(to)})
		}
	}
	slices.SortFunc(all, func(a, b [2]time.Time) int { return a[0].Compare(b[0]) })
	var joined [][2]time.Time
	for _, s := range all {
		if n := len(joined); n > 0 && !s[0].After(joined[n-1][1]) {
			if s[1].After(joined[n-1][1]) {
				joined[n-1][1] = s[1]
			}
			continue
		}
		joined = append(joined, s)
	}
	return joined
}

// clockTime reads 09:00 as minutes of the day; 24:00 is its end.
func clockTime(s string) (minutes int, ok bool) {
	var hour, minute int
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	for _, i := range []int{0, 1, 3, 4} {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	fmt.Sscanf(s, "%d:%d", &hour, &minute)
	minutes = hour*60 + minute
	return minutes, minute < 60 && minutes <= 24*60
}

// Valid reports whether a stretch is one.
func (d Day) Valid() bool {
	from, ok := clockTime(d.From)
	to, also := clockTime(d.To)
	return ok && also && from < to && d.Day >= 1 && d.Day <= 7
}
