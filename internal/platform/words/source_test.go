package words

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2/validation"
)

// atTerminals are places below internal whose words are read in a terminal or a log, or have a catalogue of their own.
var atTerminals = []string{
	"app/",                    // commands, start and stop; the sample shop
	"platform/config/",        // settings, checked at the start
	"platform/backup/",        // archives, read and written by commands and at night
	"platform/control/",       // commands beside a running server
	"platform/secret/file.go", // the key, read at the start
	"platform/secret/store.go",
	"platform/db/db.go", "platform/db/postgres.go", // opening the database and bringing it up to date
	"platform/node/", // joining the others at the start
	"platform/db/migrate.go",
	"platform/db/snapshot.go",           // what is read at length, by commands and at night
	"platform/db/inspect.go",            // copied databases, read by commands
	"channel/email/mailparse/report.go", // the command that reads mails from files
	"webui/",                            // answers programs in plain text
	"bench/", "floors/", "testkit/",
}

// onScreen are files of those places that a screen shows after all.
var onScreen = []string{"app/health.go", "app/alarm.go", "app/signin.go"}

// fragments are what a sentence is put together from: its values, codes that a screen shows as they are.
var fragments = []string{
	" (the server says: %s)", "it took too long to answer", "a second", "%d seconds", "%d minutes",
	"duplicate", "blocked", "loop", "note",
	"An answer from %s", "Your chat with %s", "We have received your message #%d", // subjects of mail
}

// framework is what the framework says of a request that does not fit, as far as our description can make it.
var framework = []string{
	validation.MsgUnexpectedProperty, validation.MsgExpectedBoolean, validation.MsgExpectedNumber, validation.MsgExpectedInteger, validation.MsgExpectedString,
	validation.MsgExpectedArray, validation.MsgExpectedObject, validation.MsgExpectedOneOf, validation.MsgExpectedMinimumNumber, validation.MsgExpectedMaximumNumber,
	validation.MsgExpectedMaxLength, validation.MsgExpectedMaxItems, validation.MsgExpectedRequiredProperty, validation.MsgExpectedRFC3339DateTime,
	validation.MsgExpectedMatchAtLeastOneSchema, validation.MsgExpectedMatchExactlyOneSchema,
	"unknown query parameter", "required query parameter is missing", "required form parameter is missing", "invalid integer", "invalid boolean", "File required",
	"Request body is required.", "Request body read timeout.", "Request body is too large limit=%d bytes.", "Cannot read request body.", "Unable to marshal response.",
}

// titles are the statuses of problems.
var titles = []int{400, 401, 403, 404, 405, 406, 408, 409, 413, 415, 422, 429, 500, 503}

// said is a sentence of the source and where it stands.
type said struct{ text, place string }

func TestEverySentenceIsInEveryLanguage(t *testing.T) {
	t.Parallel()
	sentences, literals := source(t)
	if len(sentences) < 100 {
		t.Fatalf("%d sentences found: the walk does not see the tree", len(sentences))
	}
	for _, f := range fragments {
		sentences[f] = "fragments in source_test.go"
		if !literals[f] {
			t.Errorf("the fragment %q is no longer in the source: take it out of source_test.go", f)
		}
	}
	for _, f := range framework {
		sentences[f] = "huma"
	}
	for _, status := range titles {
		sentences[http.StatusText(status)] = "net/http"
	}
	for _, language := range languages[1:] {
		catalogue := readCatalogue(t, language)
		for _, text := range slices.Sorted(maps.Keys(sentences)) {
			if catalogue[text] == "" {
				t.Errorf("%s.json lacks %q (%s)", language, text, sentences[text])
			}
		}
		for _, text := range slices.Sorted(maps.Keys(catalogue)) {
			if sentences[text] == "" {
				t.Errorf("%s.json: nobody says %q any more", language, text)
			}
			if want, got := verbs(text), verbs(catalogue[text]); !slices.Equal(want, got) {
				t.Errorf("%s.json: %q has the values %v, its translation %v", language, text, want, got)
			}
		}
	}
}

// carriers are the JSON names under which answers carry words for a person.
var carriers = regexp.MustCompile(`json:"(title|detail|message|state_message|hint|reason|error|last_error)[",]`)

func TestFieldsWithWordsSaySo(t *testing.T) {
	t.Parallel()
	found := 0
	for _, folder := range []string{"httpapi", "httpapi/gate", "httpapi/live", "httpapi/upkeep"} {
		names, _ := filepath.Glob(filepath.Join("..", "..", folder, "*.go"))
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				f, ok := n.(*ast.Field)
				if !ok || f.Tag == nil || !carriers.MatchString(f.Tag.Value) || strings.Contains(f.Tag.Value, "enum:") {
					return true
				}
				if found++; !strings.Contains(f.Tag.Value, `words:"yes"`) {
					t.Errorf(`%s: the field %s lacks the tag words:"yes"`, filepath.Base(name), f.Names[0].Name)
				}
				return true
			})
		}
	}
	if found < 10 {
		t.Errorf("%d fields found", found)
	}
}

func readCatalogue(t *testing.T, language string) map[string]string {
	t.Helper()
	text, err := files.ReadFile(language + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var catalogue map[string]string
	if err := json.Unmarshal(text, &catalogue); err != nil {
		t.Fatalf("%s.json: %v", language, err)
	}
	return catalogue
}

// verbs are the kinds of a format's values in the order of the English ones.
func verbs(text string) []string {
	found := verb.FindAllStringSubmatch(text, -1)
	out := make([]string, len(found))
	for i, v := range found {
		if n, err := strconv.Atoi(v[1]); err == nil && n >= 1 && n <= len(out) {
			i = n - 1
		}
		out[i] += v[2]
	}
	return out
}

// source collects what the Go source says to people: every literal that reads like a sentence, and whatever stands where
// words for a person belong. literals are all strings there are.
func source(t *testing.T) (sentences map[string]string, literals map[string]bool) {
	t.Helper()
	sentences, literals = map[string]string{}, map[string]bool{}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		rel, _ := filepath.Rel(root, name)
		rel = filepath.ToSlash(rel)
		quiet := slices.ContainsFunc(atTerminals, func(p string) bool { return strings.HasPrefix(rel, p) })
		if quiet && !slices.Contains(onScreen, rel) || strings.HasSuffix(filepath.ToSlash(filepath.Dir(rel)), "test") {
			return nil
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			return err
		}
		c := collector{sentences, literals, func(n ast.Node) string {
			return "internal/" + rel + ":" + strconv.Itoa(set.Position(n.Pos()).Line)
		}}
		c.read(file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return sentences, literals
}

type collector struct {
	sentences map[string]string
	literals  map[string]bool
	place     func(ast.Node) string
}

// notForPeople are the calls and fields whose words are for logs and programmers.
var (
	notForPeople = regexp.MustCompile(`^(slog\.\w+|\w+\.warn|panic|errors\.New|fmt\.Errorf|http\.Error|regexp\.MustCompile|add)$`)
	notOnScreen  = []string{"Help", "Description", "summary", "doc"}
)

// messageAt is where a call takes words for a person.
var messageAt = map[string]int{"fault.New": 2, "fault.Newf": 2, "fault.As": 2, "fault.InvalidField": 2, "NewProblem": 1, "gate.NewProblem": 1, "f.fail": 1, "f.oneOf": 2}

// messageFields are fields that hold words for a person.
var messageFields = []string{"Message", "Title", "Hint"}

func (c collector) read(root ast.Node) {
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Field: // and its tag
			return n.Tag == nil
		case *ast.CallExpr:
			return c.call(n)
		case *ast.CompositeLit: // what mail servers are told
			return nameOf(n.Type) != "smtp.SMTPError"
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok {
				if slices.Contains(notOnScreen, key.Name) {
					return false
				}
				if slices.Contains(messageFields, key.Name) {
					c.add(n.Value, true)
				}
			}
		case *ast.AssignStmt:
			for i, to := range n.Lhs {
				s, ok := to.(*ast.SelectorExpr)
				switch {
				case !ok || len(n.Rhs) != len(n.Lhs):
				case slices.Contains(messageFields, s.Sel.Name):
					c.add(n.Rhs[i], true)
				case slices.Contains(notOnScreen, s.Sel.Name):
					return false
				}
			}
		case *ast.BinaryExpr:
			if n.Op == token.ADD {
				c.add(n, false)
				c.parts(n)
				return false
			}
		case *ast.BasicLit:
			c.add(n, false)
		}
		return true
	})
}

func (c collector) call(n *ast.CallExpr) bool {
	name := nameOf(n.Fun)
	if notForPeople.MatchString(name) {
		return false
	}
	if at, ok := messageAt[name]; ok && at < len(n.Args) && !ofTheLog(n) {
		c.add(n.Args[at], true)
	}
	return true
}

// ofTheLog tells a fault that nobody is shown: of the product itself, in small letters.
func ofTheLog(n *ast.CallExpr) bool {
	text, ok := folded(n.Args[min(2, len(n.Args)-1)])
	first, _ := utf8.DecodeRuneInString(text)
	return ok && unicode.IsLower(first)
}

// parts looks into the operands of a concatenation for what is not text of its own.
func (c collector) parts(n *ast.BinaryExpr) {
	for _, operand := range []ast.Expr{n.X, n.Y} {
		switch operand := operand.(type) {
		case *ast.BinaryExpr:
			c.parts(operand)
		case *ast.BasicLit:
			c.literals[operand.Value] = true
		default:
			c.read(operand)
		}
	}
}

// add notes the words of an expression: all of them where words belong, sentences anywhere.
func (c collector) add(e ast.Expr, belongs bool) {
	text, ok := folded(e)
	if !ok {
		return
	}
	c.literals[text] = true
	text = trimmed(text)
	if !strings.ContainsFunc(verb.ReplaceAllString(text, ""), unicode.IsLetter) || !belongs && !isSentence(text) {
		return
	}
	if _, ok := c.sentences[text]; !ok {
		c.sentences[text] = c.place(e)
	}
}

// folded is a text as a format: what is put between is %s.
func folded(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, e.Kind == token.STRING && err == nil
	case *ast.BinaryExpr:
		x, isX := folded(e.X)
		y, isY := folded(e.Y)
		if !isX {
			x = "%s"
		}
		if !isY {
			y = "%s"
		}
		return x + y, e.Op == token.ADD && (isX || isY)
	case *ast.CallExpr:
		if nameOf(e.Fun) == "fmt.Sprintf" {
			return folded(e.Args[0])
		}
	case *ast.ParenExpr:
		return folded(e.X)
	}
	return "", false
}

var (
	sentenceBefore = regexp.MustCompile(`^(%s)? (\p{Lu})`)
	sentenceAfter  = regexp.MustCompile(`([.!?]) (%s)?$`)
)

// trimmed takes off the sentences that stand beside this one; a beginning gets its end.
func trimmed(text string) string {
	text = sentenceAfter.ReplaceAllString(sentenceBefore.ReplaceAllString(text, "$2"), "$1")
	if strings.HasSuffix(text, ": ") {
		text += "%s"
	}
	return text
}

var endOfSentence = regexp.MustCompile(`([.!?]|: %s)$`)

// isSentence tells a sentence from names, codes and patterns.
func isSentence(text string) bool {
	first, _ := utf8.DecodeRuneInString(verb.ReplaceAllString(text, "X"))
	return unicode.IsUpper(first) && strings.Count(strings.ReplaceAll(text, ": %s", ""), " ") >= 1 && endOfSentence.MatchString(text) && !strings.ContainsAny(text, "<{$\n")
}

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return nameOf(e.X) + "." + e.Sel.Name
	}
	return ""
}
