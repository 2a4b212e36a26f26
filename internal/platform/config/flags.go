package config

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// flags are the settings as flags, and what was given of them.
type flags struct {
	*flag.FlagSet
	given map[string]string
}

func newFlags() flags {
	f := flags{flag.NewFlagSet("rapport", flag.ContinueOnError), map[string]string{}}
	f.SetOutput(io.Discard) // what is wrong is told by the caller, once
	for _, s := range settings {
		f.Func(flagName(s.name), s.help, func(v string) error {
			f.given[s.name] = v
			return nil
		})
	}
	return f
}

func flagName(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "-")) }

// parse is fs.Parse with flags before, between and after the arguments, which
// it returns. After "--" everything is an argument.
func parse(fs *flag.FlagSet, args []string) (rest []string, err error) {
	for {
		if err := fs.Parse(args); err != nil {
			return nil, explain(fs, err)
		}
		left := fs.Args()
		if len(left) == 0 {
			return rest, nil
		}
		if ended := len(args) > len(left) && args[len(args)-len(left)-1] == "--"; ended {
			return append(rest, left...), nil
		}
		rest, args = append(rest, left[0]), left[1:]
	}
}

// explain adds the flag that was probably meant.
func explain(fs *flag.FlagSet, err error) error {
	if errors.Is(err, flag.ErrHelp) {
		return err
	}
	unknown, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !ok {
		return err
	}
	var known []string
	fs.VisitAll(func(f *flag.Flag) { known = append(known, f.Name) })
	if near := nearest(unknown, known); near != "" {
		return fmt.Errorf("There is no flag --%s. Did you mean --%s?", unknown, near)
	}
	return fmt.Errorf("There is no flag --%s.", unknown)
}

// Command finds the name of the command in the arguments of the program, which
// may stand behind settings, and returns the arguments without it. Without a
// command the name is empty.
func Command(args []string) (name string, rest []string) {
	takesValue := map[string]bool{}
	for _, s := range settings {
		takesValue[flagName(s.name)] = true
	}
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if !strings.HasPrefix(arg, "-") {
			rest = append(rest, args[:i]...)
			return arg, append(rest, args[i+1:]...)
		}
		if takesValue[strings.TrimLeft(arg, "-")] {
			i++
		}
	}
	return "", args
}
