package notification

import (
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

//go:embed texts/*.json
var files embed.FS

// catalogue is what is said outside the app, by language. A test looks whether
// every language says all of it.
var catalogue = readCatalogue("en", "ko", "pl")

func readCatalogue(languages ...string) map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, language := range languages {
		text, _ := files.ReadFile("texts/" + language + ".json")
		var said map[string]string
		if err := json.Unmarshal(text, &said); err != nil {
			panic(fmt.Sprintf("notification: %s: %v", language, err)) // embedded: the tests read them all
		}
		all[language] = said
	}
	return all
}

// say fills in what a language has for key.
func say(language, key string, values ...string) string {
	said, ok := catalogue[language]
	if !ok {
		said = catalogue["en"]
	}
	return strings.NewReplacer(values...).Replace(said[key])
}

// title says in one line what happened.
func (g Group) title(language string) string {
	if g.Who == "" && (g.Newest.Event != Undelivered) {
		return say(language, string(g.Newest.Event)+".nobody", "{number}", strconv.FormatInt(g.Number, 10))
	}
	return say(language, string(g.Newest.Event), "{who}", g.Who, "{number}", strconv.FormatInt(g.Number, 10))
}

// about names the conversation.
func (g Group) about() string {
	return strings.TrimSpace("#" + strconv.FormatInt(g.Number, 10) + " " + line(g.Subject))
}

// line is a text in one line.
func line(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

// beginning is how a text begins, in one line.
func beginning(s string) string {
	s = line(s)
	if r := []rune(s); len(r) > excerptLength {
		return string(r[:excerptLength-1]) + "…"
	}
	return s
}
