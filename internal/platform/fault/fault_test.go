package fault

import (
	"errors"
	"testing"
)

func TestWrapKeepsKindAndMessage(t *testing.T) {
	base := New("account.SignIn", Unauthenticated, "The address or the password is wrong.")
	err := Wrap("httpapi.signIn", base)
	if KindOf(err) != Unauthenticated {
		t.Errorf("kind = %v, want unauthenticated", KindOf(err))
	}
	if got := MessageOf(err); got != base.Message {
		t.Errorf("message = %q, want %q", got, base.Message)
	}
	if Wrap("x", nil) != nil {
		t.Error("Wrap(nil) is not nil")
	}
}

func TestForeignErrorsAreInternal(t *testing.T) {
	if KindOf(errors.New("disk on fire")) != Internal {
		t.Error("a foreign error must be internal")
	}
	if Is(nil, Internal) {
		t.Error("nil is no fault")
	}
}

func TestFieldsAreFoundThroughWraps(t *testing.T) {
	err := Wrap("a", Wrap("b", InvalidField("c", "email", "Write an address such as ewa@harbour.example.")))
	fields := FieldsOf(err)
	if len(fields) != 1 || fields[0].Path != "email" {
		t.Errorf("fields = %v", fields)
	}
}
