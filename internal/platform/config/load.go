package config

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"rapport/internal/platform/fault"
)

// problem is one mistake: the setting's name and what is wrong with it.
type problem struct{ name, says string }

// Load reads the settings from the arguments of a command, which may hold flags
// of its own (registered by own), and from the environment (as os.Environ
// gives it). Mistakes are one Invalid fault that tells all of them; -h is
// flag.ErrHelp.
func Load(args, env []string, own ...func(*flag.FlagSet)) (Config, error) {
	const op = "config.Load"
	flags := newFlags()
	for _, register := range own {
		register(flags.FlagSet)
	}
	c := Config{origins: map[string]origin{}}
	var err error
	if c.Args, err = parse(flags.FlagSet, args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return c, err
		}
		return c, fault.As(op, fault.Invalid, err.Error(), nil)
	}
	values, warnings := environment(env)
	c.Warnings = warnings
	var problems []problem
	for _, s := range settings {
		if says := c.take(s, flags.given, values); says != "" {
			problems = append(problems, problem{s.name, says})
		}
	}
	if len(problems) == 0 {
		problems = c.together()
	}
	if len(problems) > 0 {
		return c, tell(op, problems)
	}
	return c, nil
}

// take sets one setting from the best source and returns what is wrong with it.
func (c *Config) take(s setting, flags, env map[string]string) string {
	value, from := s.fallback, "default"
	file, inFile := env[s.name+"_FILE"]
	inFile = inFile && s.secret && file != ""
	if v := env[s.name]; v != "" {
		if inFile {
			return "is set twice: here and in " + Prefix + s.name + "_FILE"
		}
		value, from = v, "environment"
	}
	if v, ok := flags[s.name]; ok {
		value, from = v, "flag"
	} else if inFile {
		content, err := os.ReadFile(file)
		if err != nil {
			return "cannot be read from its file: " + err.Error()
		}
		value, from = strings.TrimSpace(string(content)), "file "+file
	}
	c.origins[s.name] = origin{from, value}
	if value == "" {
		return ""
	}
	if err := s.set(c, value); err != nil {
		return err.Error()
	}
	return ""
}

// environment picks the settings out of env, and warns of names that are none.
func environment(env []string) (values map[string]string, warnings []string) {
	values = map[string]string{}
	for _, pair := range env {
		full, value, _ := strings.Cut(pair, "=")
		name, ours := strings.CutPrefix(full, Prefix)
		if !ours {
			continue
		}
		values[name] = value
		if slices.Contains(names(), name) {
			continue
		}
		warning := full + " is not a setting and has no effect."
		if near := nearest(name, names()); near != "" {
			warning += " Did you mean " + Prefix + near + "?"
		}
		warnings = append(warnings, warning)
	}
	slices.Sort(warnings)
	return values, warnings
}

// names are the names a setting can have in the environment.
func names() []string {
	var all []string
	for _, s := range settings {
		all = append(all, s.name)
		if s.secret {
			all = append(all, s.name+"_FILE")
		}
	}
	return all
}

func tell(op string, problems []problem) error {
	slices.SortFunc(problems, func(a, b problem) int { return cmp.Compare(a.name, b.name) })
	f := fault.New(op, fault.Invalid, "")
	var lines []string
	for _, p := range problems {
		lines = append(lines, fmt.Sprintf("%s%s (--%s) %s", Prefix, p.name, flagName(p.name), p.says))
		f.Fields = append(f.Fields, fault.Field{Path: Prefix + p.name, Message: p.says})
	}
	f.Message = strings.Join(lines, "\n")
	return f
}
