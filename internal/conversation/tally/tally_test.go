package tally

import (
	"fmt"
	"strings"
	"testing"

	"rapport/internal/account"
)

func TestTally(t *testing.T) {
	counts := []counted{
		{countKey{3, "open", 0, 0}, 2}, {countKey{3, "open", 7, 5}, 3}, {countKey{4, "open", 7, 6}, 1000}, {countKey{3, "pending", 0, 5}, 4},
		{countKey{3, "snoozed", 0, 5}, 1}, {countKey{3, "spam", 0, 0}, 6}, {countKey{9, "open", 0, 0}, 50}, {countKey{3, "closed", 0, 0}, 0},
	}
	var got []string
	for _, v := range tally(counts, account.Scope{Inboxes: []int64{3, 4}}, 5) {
		got = append(got, fmt.Sprintf("%s=%d%v", v.Key, v.Count, v.More))
	}
	want := "mine=3false unassigned=2false all_open=999true waiting=4false snoozed=1false closed=0false spam=6false inbox:3=5false inbox:4=999true team:7=999true"
	if strings.Join(got, " ") != want {
		t.Errorf("%v", got)
	}
}
