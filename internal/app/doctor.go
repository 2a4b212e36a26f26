package app

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"

	inboxes "rapport/internal/channel/checkup"
	"rapport/internal/channel/email/oauth"
	"rapport/internal/channel/form"
	"rapport/internal/conversation/checkup"
	"rapport/internal/conversation/view"
	"rapport/internal/platform/doctor"
)

type doctorFlags struct{ json, quick bool }

var doctorCommand = command{
	args: "[--quick] [--json]", help: "look whether everything that must hold does; changes nothing",
	flags: func(f *flag.FlagSet) any {
		v := &doctorFlags{}
		f.BoolVar(&v.json, "json", false, "print one JSON object a check")
		f.BoolVar(&v.quick, "quick", false, "look at the sizes of large files, not at their bytes, and leave out indexes")
		return v
	},
	run: func(ctx context.Context, a *App, flags any, args []string, out io.Writer) error {
		if len(args) > 0 {
			return usage("doctor takes no arguments")
		}
		v := flags.(*doctorFlags)
		failed, n := 0, 0
		ok, err := a.examine(ctx, v.quick, func(r doctor.Result) error {
			if n++; !r.OK {
				failed++
			}
			if v.json {
				return printJSON(out, r)
			}
			return printResult(out, r)
		})
		switch {
		case err != nil:
			return err
		case v.json:
		case ok:
			fmt.Fprintf(out, "All %d checks hold.\n", n)
		default:
			fmt.Fprintf(out, "%d of %d checks do not hold. Keep the data folder as it is, and a copy of it, before anything is mended.\n", failed, n)
		}
		if !ok {
			return toldError{codeFailed}
		}
		return nil
	},
}

func printResult(out io.Writer, r doctor.Result) error {
	mark := "ok   "
	if !r.OK {
		mark = "WRONG"
	}
	_, err := fmt.Fprintf(out, "%s  %-22s %s\n", mark, r.Name, r.Says)
	if r.Problem != "" {
		_, err = fmt.Fprintf(out, "       could not be looked at: %s\n", r.Problem)
	}
	for _, e := range r.Examples {
		_, err = fmt.Fprintf(out, "       %s\n", e)
	}
	if more := r.Wrong - len(r.Examples); more > 0 {
		_, err = fmt.Fprintf(out, "       and %d more\n", more)
	}
	return err
}

// examine makes all checks on one moment of the database.
func (a *App) examine(ctx context.Context, quick bool, each func(doctor.Result) error) (ok bool, err error) {
	checks := slices.Concat([]doctor.Check{
		{Name: "database.file", Says: "the database file is sound", Find: func(ctx context.Context, wrong func(string)) error { return a.DB.Sound(ctx, quick, wrong) }},
		{Name: "database.ids", Says: "no id in use will be given again", Find: a.DB.IDs},
	}, a.Log.Checks(), a.Jobs.Checks(), a.Accounts.Checks(), a.Contacts.Checks(), inboxes.Checks(a.DB), oauth.Checks(a.DB), form.Checks(a.DB), checkup.Checks(a.DB), a.Tally.Checks(), view.Checks(a.DB), a.Visitors.Checks(), a.Acknowledgements.Checks(), a.Follows.Checks(), a.Bulk.Checks(), a.Outreach.Checks(), a.Automation.Checks(), a.Notifications.Checks(), a.Blobs.Checks(quick))
	err = a.DB.Snapshot(ctx, func(ctx context.Context) error {
		ok, err = doctor.Run(ctx, checks, each)
		return err
	})
	return ok, err
}
