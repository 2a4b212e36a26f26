// Package shape is what operations take and give: bodies, pages, cursors, and
// what may be null or left out.
package shape

import (
	"encoding/json"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Body is an answer that is one JSON value.
type Body[T any] struct{ Body T }

// One is the answer that is v.
func One[T any](v T) *Body[T] { return &Body[T]{v} }

// None is an answer, or an input, with nothing in it.
type None struct{}

// ByID is the input of an operation on one thing.
type ByID struct {
	ID int64 `path:"id" minimum:"1"`
}

// With is the input of an operation whose body is a T.
type With[T any] struct{ Body T }

// On is the input of an operation on one thing whose body is a T.
type On[T any] struct {
	ByID
	Body T
}

// Paging asks for a part of a list.
type Paging struct {
	Cursor string `query:"cursor" maxLength:"500"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

// Page is a part of a list.
type Page[T any] struct {
	Items      []T     `json:"items"`
	NextCursor *string `json:"next_cursor"`
}

// Whole is a list that fits on one page.
func Whole[T any](items []T) *Body[Page[T]] { return Part(items, "") }

// Part is one part of a list; next is empty on the last.
func Part[T any](items []T, next string) *Body[Page[T]] {
	p := Page[T]{Items: items}
	if items == nil {
		p.Items = []T{}
	}
	if next != "" {
		p.NextCursor = &next
	}
	return &Body[Page[T]]{p}
}

// Each turns every item into its outside form; the result is never nil.
func Each[A, B any](items []A, f func(A) B) []B {
	out := make([]B, len(items))
	for i, item := range items {
		out[i] = f(item)
	}
	return out
}

// Filled is items, but never nil.
func Filled[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}

// IDOrNull is an id, or null for 0.
func IDOrNull(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// TextOrNull is a text, or null when it is empty.
func TextOrNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// TimeOrNull is a time, or null for the zero time.
func TimeOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Value is what p points at, or the zero value.
func Value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// OrNull is an object or null. Its schema says so, which that of a bare
// pointer to a struct does not.
type OrNull[T any] struct{ Value *T }

func (n OrNull[T]) MarshalJSON() ([]byte, error) { return json.Marshal(n.Value) }

func (n *OrNull[T]) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &n.Value) }

func (OrNull[T]) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{AnyOf: []*huma.Schema{r.Schema(reflect.TypeFor[T](), true, ""), {Type: "null"}}}
}

// Change is a field of a PATCH that may be absent, null (which clears it), or
// a new value.
type Change[T any] struct {
	Given bool
	Value T // the zero value for null
}

func (c *Change[T]) UnmarshalJSON(b []byte) error {
	c.Given = true
	return json.Unmarshal(b, &c.Value)
}

func (Change[T]) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[*T](), true, "")
}

// Pointer is the change as rooms take it: nil leaves the field as it is.
func (c Change[T]) Pointer() *T {
	if !c.Given {
		return nil
	}
	return &c.Value
}
