// Package fault is the one error value of Rapport: what was attempted, of what
// kind the failure is, and what a person may read about it. Rooms return
// faults; httpapi maps the kind to a problem response once; logs print the
// whole chain.
package fault

import (
	"errors"
	"fmt"
)

// Kind says what the caller can do about a failure.
type Kind uint8

const (
	Internal        Kind = iota // a bug or a broken machine; the person can only report it
	Invalid                     // the input is wrong; Message or Fields say how to mend it
	Unauthenticated             // nobody is signed in, or the proof was wrong
	Forbidden                   // signed in and in sight, but not allowed
	NotFound                    // not there, or not in the caller's sight
	Conflict                    // the state has moved; read again
	TooLarge                    // over a stated limit
	Limited                     // too many attempts; try later
	Unavailable                 // a thing we depend on does not answer; a retry may help
)

var kindNames = [...]string{"internal", "invalid", "unauthenticated", "forbidden", "not_found", "conflict", "too_large", "limited", "unavailable"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "internal"
}

// Field points at one wrong input: a JSON path and what is wrong with it.
type Field struct {
	Path    string `json:"path"`
	Message string `json:"message"`
}

// Error is the one error value.
type Error struct {
	Op      string // room and verb, e.g. "conversation.Assign"
	Kind    Kind
	Message string // for a person: what happened and what to do; empty means the kind's own words
	Fields  []Field
	Err     error // the cause, for the log only
}

// New makes a fault with words for a person.
func New(op string, kind Kind, message string) *Error {
	return &Error{Op: op, Kind: kind, Message: message}
}

// Newf is New with a format.
func Newf(op string, kind Kind, format string, args ...any) *Error {
	return New(op, kind, fmt.Sprintf(format, args...))
}

// InvalidField is an Invalid fault that points at one input.
func InvalidField(op, path, message string) *Error {
	return &Error{Op: op, Kind: Invalid, Message: message, Fields: []Field{{path, message}}}
}

// Wrap adds the operation to err and keeps its kind and message. Wrap of nil
// is nil.
func Wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return &Error{Op: op, Kind: KindOf(err), Err: err}
}

// As wraps err under another kind, with words for a person.
func As(op string, kind Kind, message string, err error) *Error {
	return &Error{Op: op, Kind: kind, Message: message, Err: err}
}

func (e *Error) Error() string {
	s := e.Op + ": "
	switch {
	case e.Message != "":
		s += e.Message
		if e.Err != nil {
			s += ": " + e.Err.Error()
		}
	case e.Err != nil:
		s += e.Err.Error()
	default:
		s += e.Kind.String()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of the outermost fault in err's chain; any other error
// is Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Is reports whether err is a fault of that kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// MessageOf is the outermost message for a person, or "" if there is none.
func MessageOf(err error) string {
	for err != nil {
		var e *Error
		if !errors.As(err, &e) {
			return ""
		}
		if e.Message != "" {
			return e.Message
		}
		err = e.Err
	}
	return ""
}

// FieldsOf is the outermost list of wrong inputs in err's chain.
func FieldsOf(err error) []Field {
	for err != nil {
		var e *Error
		if !errors.As(err, &e) {
			return nil
		}
		if len(e.Fields) > 0 {
			return e.Fields
		}
		err = e.Err
	}
	return nil
}
