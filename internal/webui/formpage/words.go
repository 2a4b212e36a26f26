package formpage

import (
	"embed"
	"encoding/json"
	"fmt"
)

//go:embed texts/*.json
var files embed.FS

// tags are the languages in the order in which they are offered.
var tags = []string{"en", "ko", "pl"}

// texts are what the page says by itself. What the company writes, and what is
// wrong with what was typed, comes from elsewhere.
var texts = func() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, tag := range tags {
		raw, _ := files.ReadFile("texts/" + tag + ".json")
		said := map[string]string{}
		if err := json.Unmarshal(raw, &said); err != nil {
			panic(fmt.Sprintf("formpage: %s: %v", tag, err)) // embedded: every test reads them
		}
		all[tag] = said
	}
	return all
}()

func say(language, key string) string {
	if said, ok := texts[language][key]; ok {
		return said
	}
	return texts["en"][key]
}

// summary says of how many fields something is wrong.
func summary(language string, n int) string {
	switch {
	case n == 0:
		return say(language, "notSent")
	case language == "ko":
		return fmt.Sprintf("확인이 필요한 곳이 %d곳 있습니다.", n)
	case language == "pl" && n == 1:
		return "Jedna rzecz wymaga poprawy."
	case language == "pl" && n%10 >= 2 && n%10 <= 4 && (n%100 < 12 || n%100 > 14):
		return fmt.Sprintf("%d rzeczy wymagają poprawy.", n)
	case language == "pl":
		return fmt.Sprintf("%d rzeczy wymaga poprawy.", n)
	case n == 1:
		return "One thing needs a look."
	}
	return fmt.Sprintf("%d things need a look.", n)
}
