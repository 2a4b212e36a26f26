package app

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"rapport/internal/platform/config"
	"rapport/internal/platform/control"
)

// Main runs the program with the arguments after its name and returns the exit
// code.
func Main(args, env []string, version string, in io.Reader, out, errOut io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	name, rest := config.Command(args)
	switch name {
	case "", "help":
		help(out)
		return codeOK
	case "version":
		fmt.Fprintln(out, version)
		return codeOK
	case "serve":
		return exit(errOut, serveMain(ctx, rest, env, version, errOut))
	}
	c, known := commands()[name]
	if !known {
		second, after := config.Command(rest)
		if c, known = commands()[name+" "+second]; known {
			name, rest = name+" "+second, after
		}
	}
	if !known {
		return exit(errOut, usage("there is no command %q; see rapport help", name))
	}
	return runCommand(ctx, name, c, rest, env, version, in, out, errOut)
}

func serveMain(ctx context.Context, args, env []string, version string, errOut io.Writer) error {
	var demo bool
	c, err := config.Load(args, env, func(f *flag.FlagSet) {
		f.BoolVar(&demo, "demo", false, "a sample shop; nothing leaves the machine")
	})
	if err != nil {
		return err
	}
	if len(c.Args) > 0 {
		return usage("serve takes no arguments, only settings: %v", c.Args)
	}
	if demo {
		c = forDemo(c)
	}
	startLog(c, errOut)
	go giveHeadroom(ctx)
	return Serve(ctx, c, demo, version, errOut)
}

// forDemo fills in what the demo wants: a folder of its own and a mail door on
// this machine only.
func forDemo(c config.Config) config.Config {
	if !c.Given("DATA") {
		c.Data = filepath.Join(c.Data, "demo")
	}
	if c.SMTPListen == "" {
		c.SMTPListen = "127.0.0.1:2525"
	}
	if !c.Given("LOG_FORMAT") {
		c.LogFormat = "text" // somebody is looking on
	}
	return c
}

func startLog(c config.Config, w io.Writer) {
	options := &slog.HandlerOptions{Level: c.LogLevel}
	var h slog.Handler = slog.NewTextHandler(w, options)
	if c.LogFormat == "json" {
		h = slog.NewJSONHandler(w, options)
	}
	slog.SetDefault(slog.New(h))
	for _, warning := range c.Warnings {
		slog.Warn(warning)
	}
}

// runCommand runs one command: right here when it needs no data or the data is
// on PostgreSQL, else in the server that holds the folder or, when none runs,
// in this process.
func runCommand(ctx context.Context, name string, c command, args, env []string, version string, in io.Reader, out, errOut io.Writer) int {
	flags, settings, err := c.parse(args, env)
	if err != nil {
		return exit(errOut, usageError{explain(err)})
	}
	if c.pure != nil {
		return exit(errOut, c.pure(ctx, flags, settings.Args, in, out))
	}
	if settings.LogLevel < slog.LevelWarn {
		settings.LogLevel = slog.LevelWarn // stderr is for people here
	}
	startLog(settings, errOut)
	if c.local != nil {
		return exit(errOut, c.local(ctx, settings, flags, settings.Args, in, out))
	}
	open := func(ctx context.Context) (*App, func(), error) {
		a, err := open(ctx, settings, isDemo(settings.Data), version, false)
		if err != nil {
			return nil, nil, err
		}
		return a, a.Close, nil
	}
	run := func(out io.Writer) int {
		call := &control.Call{Args: args, Stdin: in, Stdout: out, Stderr: errOut}
		if settings.DatabaseURL != "" {
			return c.overControl(open)(ctx, call)
		}
		local := control.Commands{name: c.overControl(open)}
		code, err := control.Run(ctx, settings.Data, local, name, call)
		if err != nil {
			return exit(errOut, err)
		}
		return code
	}
	if c.around == nil {
		return run(out)
	}
	return exit(errOut, c.around(settings, flags, settings.Args, out, func(to io.Writer) error {
		if code := run(to); code != codeOK {
			return toldError{code}
		}
		return nil
	}))
}

func isDemo(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, demoMark))
	return err == nil
}
