package listing

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"rapport/internal/platform/fault"
	"rapport/internal/platform/search"
	"rapport/internal/platform/text"
)

// Conditions say which conversations belong to a saved view: all of All, and at
// least one of Any where there are some. Spam is left out unless All asks for it.
type Conditions struct {
	All []Condition `json:"all"`
	Any []Condition `json:"any"`
}

// Condition asks one thing of a conversation: a field stands in a relation to
// one of the values.
type Condition struct {
	Field    string   `json:"field"`
	Relation string   `json:"relation"`
	Values   []string `json:"values"`
}

// Relations of conditions.
const (
	Is       = "is"           // one of the values
	IsNot    = "is_not"       // none of the values
	Within   = "within"       // no longer ago than
	Before   = "before"       // longer ago than
	Contains = "contains"     // all the words of one of the values
	Lacks    = "not_contains" // Contains of none
)

// Limits of the conditions of one view.
const (
	MaxConditions = 20
	MaxValues     = 20
	maxValue      = 100 // characters
	maxHours      = 10_000 * 24
)

// words of values that are not ids
const (
	me     = "me"
	nobody = "nobody"
)

// field is what can be asked of a conversation.
type field struct {
	relations []string
	valid     func(value string) bool
}

var (
	choice  = []string{Is, IsNot}
	plain   = []string{Is}
	ago     = []string{Within, Before}
	wording = []string{Contains, Lacks}
)

// fields are all that can be asked.
var fields = map[string]field{
	"inbox":    {choice, isID},
	"team":     {choice, func(v string) bool { return v == nobody || isID(v) }},
	"assignee": {choice, func(v string) bool { return v == nobody || v == me || isID(v) }},
	"status":   {choice, oneOf("open", "pending", "on_hold", "closed", Snoozed)},
	"priority": {choice, oneOf(priorities...)},
	"tag":      {choice, func(v string) bool { return search.Fold(v) != "" }},
	"channel":  {choice, func(v string) bool { return v == strings.ToLower(v) }},
	"customer": {choice, isID},
	"company":  {choice, isID},
	"spam":     {plain, oneOf("yes", "no")},
	"draft":    {plain, oneOf("yes", "no")},
	"unread":   {plain, oneOf("yes", "no")},
	"waiting":  {plain, oneOf("us", "them")},
	"created":  {ago, isSpan},
	"activity": {ago, isSpan},
	"subject":  {wording, hasWords},
	"text":     {wording, hasWords},
}

// priorities, the most pressing first.
var priorities = []string{"urgent", "high", "normal", "low"}

func oneOf(values ...string) func(string) bool {
	return func(v string) bool { return slices.Contains(values, v) }
}

func isID(v string) bool {
	n, err := strconv.ParseInt(v, 10, 64)
	return err == nil && n > 0 && n < 1<<53 && v[0] != '+' && v[0] != '0'
}

func isSpan(v string) bool { _, ok := span(v); return ok }

func hasWords(v string) bool { return len(strings.Fields(search.Fold(v))) > 0 }

// span reads a time such as 4h or 3d.
func span(v string) (time.Duration, bool) {
	digits, unit := strings.TrimRight(v, "hd"), time.Hour
	switch strings.TrimPrefix(v, digits) {
	case "h":
	case "d":
		unit = 24 * time.Hour
	default:
		return 0, false
	}
	n, err := strconv.ParseUint(digits, 10, 32)
	if err != nil || n == 0 || n > maxHours || digits[0] == '0' || digits[0] == '+' {
		return 0, false
	}
	d := time.Duration(n) * unit
	return d, d <= maxHours*time.Hour
}

// Checked is c with its values cleaned, or a fault that names the condition
// which cannot be kept.
func (c Conditions) Checked(op string) (Conditions, error) {
	if n := len(c.All) + len(c.Any); n > MaxConditions {
		return c, fault.InvalidField(op, "conditions", fmt.Sprintf("A view has at most %d conditions.", MaxConditions))
	}
	out := Conditions{All: []Condition{}, Any: []Condition{}}
	for n, one := range c.All {
		kept, err := one.checked(op, fmt.Sprintf("conditions.all[%d]", n))
		if err != nil {
			return c, err
		}
		out.All = append(out.All, kept)
	}
	for n, one := range c.Any {
		kept, err := one.checked(op, fmt.Sprintf("conditions.any[%d]", n))
		if err != nil {
			return c, err
		}
		if kept.Field == "spam" {
			return c, fault.InvalidField(op, fmt.Sprintf("conditions.any[%d]", n), "Whether it is spam can only be asked of all conversations of a view.")
		}
		out.Any = append(out.Any, kept)
	}
	return out, nil
}

func (c Condition) checked(op, path string) (Condition, error) {
	f, known := fields[c.Field]
	switch {
	case !known:
		return c, fault.InvalidField(op, path+".field", "Nothing of this name can be asked of a conversation.")
	case !slices.Contains(f.relations, c.Relation):
		return c, fault.InvalidField(op, path+".relation", "This relation does not fit what is asked.")
	case len(c.Values) == 0:
		return c, fault.InvalidField(op, path+".values", "Say what it is compared with.")
	case len(c.Values) > MaxValues || len(c.Values) > 1 && (len(f.relations) == 1 || slices.Contains(f.relations, Within)):
		return c, fault.InvalidField(op, path+".values", "These are too many values for one condition.")
	}
	out := Condition{c.Field, c.Relation, make([]string, 0, len(c.Values))}
	for n, v := range c.Values {
		v = strings.TrimSpace(text.Line(v, maxValue+1))
		if utf8.RuneCountInString(v) > maxValue || !f.valid(v) {
			return c, fault.InvalidField(op, fmt.Sprintf("%s.values[%d]", path, n), "This value does not fit what is asked.")
		}
		if !slices.Contains(out.Values, v) {
			out.Values = append(out.Values, v)
		}
	}
	return out, nil
}

// Quiet reports whether what belongs to the view may change without an event.
func (c Conditions) Quiet() bool {
	return slices.ContainsFunc(slices.Concat(c.All, c.Any), func(one Condition) bool { return one.Field == "draft" || one.Field == "unread" })
}

// Mine reports whether who asks decides about what belongs to the view.
func (c Conditions) Mine() bool {
	return slices.ContainsFunc(slices.Concat(c.All, c.Any), func(one Condition) bool {
		return one.Field == "draft" || one.Field == "unread" || one.Field == "assignee" && slices.Contains(one.Values, me)
	})
}
