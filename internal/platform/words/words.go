package words

import (
	"embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed *.json
var files embed.FS

// Limits of what is searched for sentences; longer texts are somebody else's.
const (
	longest   = 2000
	sentences = 16
	longName  = 120
)

// book is the words of one language.
type book struct {
	exact   map[string]string
	formats []format
}

// format is a sentence with values in it, such as "Only %d MB are free.".
type format struct {
	head, tail string // what stands before the first value and after the last
	pattern    *regexp.Regexp
	said       []part
}

// part is a piece of a translation: text, then a value, if there is one.
type part struct {
	text  string
	value int // its place in the English format; -1: none
}

var books = sync.OnceValue(func() map[string]*book {
	all := map[string]*book{}
	for _, language := range languages[1:] {
		text, _ := files.ReadFile(language + ".json")
		b, err := read(text)
		if err != nil {
			panic(fmt.Sprintf("words: %s: %v", language, err)) // embedded: the tests read them all
		}
		all[language] = b
	}
	return all
})

func read(text []byte) (*book, error) {
	b := &book{exact: map[string]string{}}
	if err := json.Unmarshal(text, &b.exact); err != nil {
		return nil, err
	}
	for english, said := range b.exact {
		if verb.MatchString(english) {
			b.formats = append(b.formats, newFormat(english, said))
			delete(b.exact, english)
		}
	}
	// The most particular first, and always in the same order.
	slices.SortFunc(b.formats, func(x, y format) int {
		if n := len(y.head) - len(x.head); n != 0 {
			return n
		}
		if n := len(y.tail) - len(x.tail); n != 0 {
			return n
		}
		return strings.Compare(x.pattern.String(), y.pattern.String())
	})
	return b, nil
}

// verb is a value in a format; a translation may name its place: %[2]s.
var verb = regexp.MustCompile(`%(?:\[(\d+)\])?([sdqv])`)

func newFormat(english, said string) format {
	at := verb.FindAllStringSubmatchIndex(english, -1)
	f := format{head: english[:at[0][0]], tail: english[at[len(at)-1][1]:]}
	pattern, from := strings.Builder{}, 0
	for i, v := range at {
		pattern.WriteString(regexp.QuoteMeta(english[from:v[0]]))
		from = v[1]
		switch kind := english[v[4]:v[5]]; {
		case kind == "d":
			pattern.WriteString(`(-?\d+)`)
		case kind == "q":
			pattern.WriteString(`("(?:[^"\\]|\\.)*")`)
		case i == 0 && f.head == "":
			pattern.WriteString(`("[^"]*"|\S*)`) // a name, no sentence before this one
		default:
			pattern.WriteString(`(.*?)`)
		}
	}
	f.pattern = regexp.MustCompile(`^(?s:` + pattern.String() + regexp.QuoteMeta(f.tail) + `)$`)
	f.said = parts(said)
	return f
}

func parts(said string) []part {
	var out []part
	from := 0
	for i, v := range verb.FindAllStringSubmatchIndex(said, -1) {
		p := part{said[from:v[0]], i}
		if v[2] >= 0 {
			n, _ := strconv.Atoi(said[v[2]:v[3]])
			p.value = n - 1
		}
		out, from = append(out, p), v[1]
	}
	return append(out, part{said[from:], -1})
}

// In says an English sentence, or several, in a language, line by line. A line
// it does not know comes back as it is.
func In(language, english string) string {
	if language == languages[0] || english == "" {
		return english
	}
	b := books()[language]
	if b == nil {
		return english
	}
	lines := strings.Split(english, "\n")
	for i, line := range lines {
		if said, ok := b.say(line); ok {
			lines[i] = said
		}
	}
	return strings.Join(lines, "\n")
}

// say finds the words for a text of one or more sentences, all of them known.
func (b *book) say(text string) (string, bool) {
	if said, ok := b.exact[text]; ok {
		return said, true
	}
	if len(text) > longest {
		return "", false
	}
	var ends []int
	for i := 1; i < len(text); i++ {
		if text[i] == ' ' && strings.IndexByte(".!?", text[i-1]) >= 0 {
			ends = append(ends, i)
		}
	}
	if len(ends) >= sentences {
		return "", false
	}
	return b.from(text, 0, append(ends, len(text)), map[int]bool{})
}

// from says what begins at start. The shortest known sentence is taken first;
// dead are the starts from where there is no way to the end.
func (b *book) from(text string, start int, ends []int, dead map[int]bool) (string, bool) {
	if dead[start] {
		return "", false
	}
	for i, end := range ends {
		said, ok := b.one(text[start:end])
		if !ok {
			continue
		}
		if end == len(text) {
			return said, true
		}
		if rest, ok := b.from(text, end+1, ends[i+1:], dead); ok {
			return said + " " + rest, true
		}
	}
	dead[start] = true
	return "", false
}

// one says one sentence of the catalogue, perhaps with a name before it, as in
// "ewa@harbour.example: Greylisted.".
func (b *book) one(text string) (string, bool) {
	if said, ok := b.listed(text); ok {
		return said, true
	}
	for at, from := 0, 0; ; from = at + 2 {
		i := strings.Index(text[from:], ": ")
		if at = from + i; i < 0 || at > longName {
			return "", false
		}
		if said, ok := b.listed(text[at+2:]); ok && !strings.Contains(text[:at], ". ") {
			return text[:at+2] + said, true
		}
	}
}

func (b *book) listed(text string) (string, bool) {
	if said, ok := b.exact[text]; ok {
		return said, true
	}
	for _, f := range b.formats {
		if !strings.HasPrefix(text, f.head) || !strings.HasSuffix(text, f.tail) {
			continue
		}
		if values := f.pattern.FindStringSubmatch(text); values != nil {
			return b.fill(f.said, values[1:]), true
		}
	}
	return "", false
}

// fill puts the values into a translation. A value that is a sentence of ours
// is said as well.
func (b *book) fill(said []part, values []string) string {
	var out strings.Builder
	for _, p := range said {
		out.WriteString(p.text)
		if p.value < 0 || p.value >= len(values) {
			continue
		}
		v := values[p.value]
		if strings.Contains(v, " ") {
			if known, ok := b.say(v); ok {
				v = known
			}
		}
		out.WriteString(v)
	}
	return out.String()
}
