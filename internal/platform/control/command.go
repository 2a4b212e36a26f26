package control

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"strings"
)

// Call is one use of a command. Stdout carries the result and nothing else. A
// stream may be nil: empty, or not of interest.
type Call struct {
	Args   []string
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
}

// complete is the call with every stream in place.
func (c Call) complete() *Call {
	if c.Stdin == nil {
		c.Stdin = strings.NewReader("")
	}
	if c.Stdout == nil {
		c.Stdout = io.Discard
	}
	if c.Stderr == nil {
		c.Stderr = io.Discard
	}
	return &c
}

// Command does the work of a call and returns the exit code. It ends soon after
// ctx has ended. It may use the call's streams only until it returns.
type Command func(ctx context.Context, call *Call) int

// Commands are the commands by name.
type Commands map[string]Command

// Exit codes of this package; commands return what they want.
const (
	codeFailed  = 1
	codeUnknown = 2
)

// do runs a command; a panic in it must not end the server.
func (c Commands) do(ctx context.Context, name string, call *Call) (code int) {
	command, ok := c[name]
	if !ok {
		fmt.Fprintf(call.Stderr, "There is no command %q. Is another version of Rapport running?\n", name)
		return codeUnknown
	}
	defer func() {
		if p := recover(); p != nil {
			slog.Error("panic in a command", "command", name, "panic", p, "stack", string(debug.Stack()))
			fmt.Fprintln(call.Stderr, "The command broke off because of an error in Rapport. The log says more.")
			code = codeFailed
		}
	}()
	return command(ctx, call)
}
