package gate

import (
	"cmp"
	"context"
	"reflect"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"rapport/internal/platform/words"
)

// Rooms speak English. A string field of an answer that carries their words
// for a person has the tag words:"yes", and this is the one place where it is
// said in that person's language.

// Translate is the last step of every answer of an operation.
func Translate(ctx huma.Context, _ string, answer any) (any, error) {
	return said(ctx.Context(), answer), nil
}

// language is that of whoever is signed in with a browser; a program, and a
// person who has not signed in yet, is asked by Accept-Language.
func (r *request) language() string {
	return cmp.Or(r.actor.Language, words.Accepted(r.accepts))
}

// said is answer with its words in the caller's language. What answer points
// at is changed in place: answers are made for one caller.
func said(ctx context.Context, answer any) any {
	v := reflect.ValueOf(answer)
	if answer == nil || !wordy(v.Type()) {
		return answer
	}
	if v.Kind() == reflect.Struct {
		v = reflect.New(v.Type()).Elem()
		v.Set(reflect.ValueOf(answer))
	}
	if language := requestOf(ctx).language(); language != "en" {
		say(language, v)
	}
	return v.Interface()
}

func say(language string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			say(language, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			say(language, v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			switch f := v.Type().Field(i); {
			case worded(f):
				v.Field(i).SetString(words.In(language, v.Field(i).String()))
			case f.IsExported() && wordy(f.Type):
				say(language, v.Field(i))
			}
		}
	}
}

func worded(f reflect.StructField) bool { return f.Tag.Get("words") == "yes" }

// known are the types looked at before, and whether words are in them.
var known sync.Map

// wordy reports whether a type has words anywhere in it. Types of answers do
// not hold themselves.
func wordy(t reflect.Type) bool {
	if yes, ok := known.Load(t); ok {
		return yes.(bool)
	}
	yes := false
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		yes = wordy(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			yes = yes || worded(f) || f.IsExported() && wordy(f.Type)
		}
	}
	known.Store(t, yes)
	return yes
}
