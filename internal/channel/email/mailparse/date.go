package mailparse

import (
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	dateParts = regexp.MustCompile(`(?i)(\d{1,2})[ -]+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?[ ,-]+(\d{4}|\d{2})[ ,T]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d+)?\s*(am|pm)?\s*([+-]\d{4}|[+-]\d{2}:\d{2}|[a-z]{1,5})?`)
	dateIn    = []string{time.RFC3339, "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05", "Mon Jan _2 15:04:05 2006", "Mon Jan _2 15:04:05 MST 2006", "Mon Jan _2 15:04:05 -0700 2006"}
	zones     = map[string]int{"ut": 0, "utc": 0, "gmt": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
		"pst": -8, "pdt": -7, "kst": 9, "jst": 9, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "wet": 0, "west": 1, "bst": 1, "msk": 3, "ist": 5}
)

// parseDate reads a Date field, zero when it cannot.
func parseDate(value string) time.Time {
	value = strings.Join(strings.Fields(value), " ")
	if len(value) > 200 || value == "" {
		return time.Time{}
	}
	if p := dateParts.FindStringSubmatch(value); p != nil {
		return dateOf(p)
	}
	if t, err := mail.ParseDate(value); err == nil {
		return t.UTC()
	}
	for _, layout := range dateIn {
		if t, err := time.Parse(layout, value); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

func dateOf(p []string) time.Time {
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	month := strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", strings.ToLower(p[2]))/3 + 1
	day, year, hour, minute, second := number(p[1]), number(p[3]), number(p[4]), number(p[5]), number(p[6])
	if len(p[3]) == 2 {
		year += 1900
		if year < 1970 {
			year += 100
		}
	}
	switch {
	case strings.EqualFold(p[7], "pm") && hour < 12:
		hour += 12
	case strings.EqualFold(p[7], "am") && hour == 12:
		hour = 0
	}
	if day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60 {
		return time.Time{}
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	return t.Add(-zoneOffset(p[8]))
}

func zoneOffset(zone string) time.Duration {
	zone = strings.ReplaceAll(strings.ToLower(zone), ":", "")
	if len(zone) == 5 && (zone[0] == '+' || zone[0] == '-') {
		n, err := strconv.Atoi(zone[1:])
		if err != nil || n > 1500 {
			return 0
		}
		offset := time.Duration(n/100)*time.Hour + time.Duration(n%100)*time.Minute
		if zone[0] == '-' {
			return -offset
		}
		return offset
	}
	return time.Duration(zones[zone]) * time.Hour
}
