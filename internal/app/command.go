package app

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"sort"
	"strings"

	"rapport/internal/channel/email/mailparse"
	"rapport/internal/httpapi"
	"rapport/internal/platform/config"
	"rapport/internal/platform/control"
)

// Exit codes.
const (
	codeOK     = 0
	codeFailed = 1
	codeUsage  = 2
)

// command is one thing the program does besides serving. It works on a running
// server's data as well as on a stopped one's.
type command struct {
	args string // what may follow its name
	help string
	// flags registers the command's own flags; nil means none.
	flags func(*flag.FlagSet) any
	// run does the work; flags holds what the function above returned.
	run func(ctx context.Context, a *App, flags any, args []string, out io.Writer) error
	// around runs in the caller's process, around run: it opens the files that
	// were named. do runs the command with its output going elsewhere.
	around func(c config.Config, flags any, args []string, out io.Writer, do func(io.Writer) error) error
	// local commands work on a data folder that no server may hold.
	local func(ctx context.Context, c config.Config, flags any, args []string, in io.Reader, out io.Writer) error
	// pure commands need no data: run gets a nil App and happens right here.
	pure func(ctx context.Context, flags any, args []string, in io.Reader, out io.Writer) error
}

// commands by name.
func commands() map[string]command {
	return map[string]command{
		"setup":               setupCommand,
		"token create":        tokenCommand,
		"user reset-password": resetCommand,
		"mail list":           mailListCommand,
		"mail replay":         mailReplayCommand,
		"mail parse":          mailParseCommand,
		"queue list":          queueListCommand,
		"queue retry":         queueRetryCommand,
		"queue drop":          queueDropCommand,
		"queue pause":         queuePauseCommand,
		"queue resume":        queueResumeCommand,
		"backup create":       backupCreateCommand,
		"backup verify":       backupVerifyCommand,
		"backup restore":      backupRestoreCommand,
		"doctor":              doctorCommand,
		"openapi":             openapiCommand,
	}
}

var mailParseCommand = command{
	args: "--json FILE...", help: "read mails and print what Rapport makes of them, one JSON object a line (.txt and .html are bodies)",
	flags: func(f *flag.FlagSet) any { return f.Bool("json", false, "print JSON (the only form there is)") },
	pure: func(_ context.Context, _ any, args []string, _ io.Reader, out io.Writer) error {
		if len(args) == 0 {
			return usage("name at least one file")
		}
		return mailparse.WriteJSON(out, args)
	},
}

var openapiCommand = command{
	help: "print the description of the HTTP API",
	pure: func(_ context.Context, _ any, _ []string, _ io.Reader, out io.Writer) error {
		doc, err := httpapi.OpenAPI()
		if err != nil {
			return err
		}
		_, err = out.Write(doc)
		return err
	},
}

// usageError is a mistake in the call, not in the work.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

func usage(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// overControl is the form in which a running server offers a command.
func (c command) overControl(open func(context.Context) (*App, func(), error)) control.Command {
	return func(ctx context.Context, call *control.Call) int {
		return exit(call.Stderr, func() error {
			flags, settings, err := c.parse(call.Args, nil)
			if err != nil {
				return err
			}
			a, done, err := open(ctx)
			if err != nil {
				return err
			}
			defer done()
			return c.run(ctx, a, flags, settings.Args, call.Stdout)
		}())
	}
}

// parse reads settings and the command's own flags from args.
func (c command) parse(args, env []string) (flags any, settings config.Config, err error) {
	settings, err = config.Load(args, env, func(f *flag.FlagSet) {
		if c.flags != nil {
			flags = c.flags(f)
		}
	})
	return flags, settings, err
}

// toldError is a failure whose words are on stderr already.
type toldError struct{ code int }

func (e toldError) Error() string { return fmt.Sprintf("the command ended with %d", e.code) }

func exit(stderr io.Writer, err error) int {
	if err == nil {
		return codeOK
	}
	if told, ok := errors.AsType[toldError](err); ok {
		return told.code
	}
	fmt.Fprintln(stderr, "rapport: "+explain(err))
	if _, wrong := err.(usageError); wrong {
		return codeUsage
	}
	return codeFailed
}

// printJSON prints v on one line.
func printJSON(w io.Writer, v any) error { return json.NewEncoder(w).Encode(v) }

// help prints all commands.
func help(w io.Writer) {
	fmt.Fprint(w, "Rapport, customer service on one binary.\n\n  rapport serve [--demo]  start the server\n")
	all := commands()
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Fprintf(w, "  rapport %s\n      %s\n", strings.TrimSpace(name+" "+all[name].args), all[name].help)
	}
	fmt.Fprint(w, "  rapport version\n      print the version\n\nSettings, as flags (--data) or in the environment (RAPPORT_DATA):\n")
	_ = config.Usage(w)
}
