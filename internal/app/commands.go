package app

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
)

type setupFlags struct {
	workspace, name, email, password, language string
	json                                       bool
}

var setupCommand = command{
	args: "--workspace NAME --email ADDRESS --password WORDS [--name NAME] [--json]", help: "make the first workspace and its owner without a browser",
	flags: func(f *flag.FlagSet) any {
		v := &setupFlags{}
		f.StringVar(&v.workspace, "workspace", "", "name of the company")
		f.StringVar(&v.name, "name", "", "name of the owner")
		f.StringVar(&v.email, "email", "", "address the owner signs in with")
		f.StringVar(&v.password, "password", "", "the owner's password")
		f.StringVar(&v.language, "language", "", "en, ko or pl")
		f.BoolVar(&v.json, "json", false, "print ids and a token as JSON")
		return v
	},
	run: func(ctx context.Context, a *App, flags any, _ []string, out io.Writer) error {
		v := flags.(*setupFlags)
		made, err := a.Accounts.SetupDirect(ctx, account.Setup{Workspace: v.workspace, Name: v.name, Email: v.email, Password: v.password, Language: v.language})
		if err != nil {
			return err
		}
		if v.json {
			return printJSON(out, map[string]any{"workspace_id": made.WorkspaceID, "agent_id": made.AgentID, "token": made.Token})
		}
		_, err = fmt.Fprintf(out, "The workspace %q is ready; sign in as %s.\nAn API token of the owner, shown once: %s\n", v.workspace, v.email, made.Token)
		return err
	},
}

type tokenFlags struct{ email, name string }

var tokenCommand = command{
	args: "--email ADDRESS [--name NAME]", help: "make an API token with the rights of an agent",
	flags: func(f *flag.FlagSet) any {
		v := &tokenFlags{}
		f.StringVar(&v.email, "email", "", "address the agent signs in with")
		f.StringVar(&v.name, "name", "command line", "what the token is for")
		return v
	},
	run: func(ctx context.Context, a *App, flags any, _ []string, out io.Writer) error {
		v := flags.(*tokenFlags)
		token, err := a.Accounts.CreateToken(ctx, v.email, v.name)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(out, token)
		return err
	},
}

type resetFlags struct{ email, password string }

var resetCommand = command{
	args: "--email ADDRESS --password WORDS", help: "set an agent's password and end all other sessions",
	flags: func(f *flag.FlagSet) any {
		v := &resetFlags{}
		f.StringVar(&v.email, "email", "", "address the agent signs in with")
		f.StringVar(&v.password, "password", "", "the new password")
		return v
	},
	run: func(ctx context.Context, a *App, flags any, _ []string, out io.Writer) error {
		v := flags.(*resetFlags)
		if err := a.Accounts.ResetPasswordDirect(ctx, v.email, v.password); err != nil {
			return err
		}
		_, err := fmt.Fprintf(out, "%s has a new password; other sessions were ended.\n", v.email)
		return err
	},
}

type mailListFlags struct {
	json  bool
	state string
	limit int
}

var mailListCommand = command{
	args: "[--json] [--state received|applied|rejected|quarantined] [--limit N]", help: "list accepted mails and what became of them",
	flags: func(f *flag.FlagSet) any {
		v := &mailListFlags{}
		f.BoolVar(&v.json, "json", false, "print one JSON object a line")
		f.StringVar(&v.state, "state", "", "only mails in this state")
		f.IntVar(&v.limit, "limit", 0, "at most so many, newest first (0: all)")
		return v
	},
	run: func(ctx context.Context, a *App, flags any, _ []string, out io.Writer) error {
		v := flags.(*mailListFlags)
		switch channel.ReceiptState(v.state) {
		case "", channel.Received, channel.Applied, channel.Rejected, channel.Quarantined:
		default:
			return usage("--state is received, applied, rejected or quarantined")
		}
		left := v.limit
		return a.eachMail(ctx, channel.ReceiptState(v.state), func(r channel.Receipt) (bool, error) {
			if err := printMail(out, r, v.json); err != nil {
				return false, err
			}
			left--
			return v.limit == 0 || left > 0, nil
		})
	},
}

func printMail(out io.Writer, r channel.Receipt, asJSON bool) error {
	if asJSON {
		return printJSON(out, map[string]any{"id": r.ID, "received_at": r.ReceivedAt.Format(time.RFC3339Nano), "inbox": r.InboxName,
			"state": r.State, "reason": r.Reason, "from": r.From, "subject": r.Subject})
	}
	_, err := fmt.Fprintf(out, "%d  %s  %-11s  %-20s  %-30s  %s  %s\n", r.ID, r.ReceivedAt.Format(time.DateTime), r.State, r.InboxName, r.From, r.Subject, r.Reason)
	return err
}

// eachMail goes through the receipts of all workspaces, newest first, until
// show says that it is enough.
func (a *App) eachMail(ctx context.Context, state channel.ReceiptState, show func(channel.Receipt) (bool, error)) error {
	workspaces, err := a.Accounts.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, w := range workspaces {
		f := channel.ReceiptFilter{State: state, Limit: 500}
		for {
			list, err := a.Channels.Receipts(ctx, account.System(w.ID), f)
			if err != nil {
				return err
			}
			for _, r := range list {
				if more, err := show(r); err != nil || !more {
					return err
				}
			}
			if len(list) < f.Limit {
				break
			}
			f.Before = list[len(list)-1].ID
		}
	}
	return nil
}

var mailReplayCommand = command{
	args: "ID...|--quarantined", help: "handle quarantined or rejected mails again",
	flags: func(f *flag.FlagSet) any { return f.Bool("quarantined", false, "every mail in quarantine") },
	run: func(ctx context.Context, a *App, flags any, args []string, out io.Writer) error {
		wanted, err := numbers(args)
		if err != nil {
			return err
		}
		every := *flags.(*bool)
		if len(wanted) == 0 && !every {
			return usage("name the mails by their numbers (rapport mail list), or say --quarantined")
		}
		var found []channel.Receipt
		err = a.eachMail(ctx, "", func(r channel.Receipt) (bool, error) {
			if wanted[r.ID] || every && r.State == channel.Quarantined {
				found = append(found, r)
				delete(wanted, r.ID)
			}
			return true, nil
		})
		if err != nil {
			return err
		}
		for id := range wanted {
			return fault.Newf("app.mailReplay", fault.NotFound, "There is no mail %d.", id)
		}
		for _, r := range found {
			if _, err := a.Channels.Replay(ctx, account.System(r.WorkspaceID), r.ID); err != nil {
				return fault.As("app.mailReplay", fault.KindOf(err), fmt.Sprintf("Mail %d: %s", r.ID, explain(err)), err)
			}
			fmt.Fprintf(out, "%d will be handled again\n", r.ID)
		}
		return nil
	},
}

type queueListFlags struct {
	json  bool
	state string
}

var queueListCommand = command{
	args: "[--json] [--state waiting|running|dead]", help: "list the newest jobs",
	flags: func(f *flag.FlagSet) any {
		v := &queueListFlags{}
		f.BoolVar(&v.json, "json", false, "print one JSON object a line")
		f.StringVar(&v.state, "state", "", "only jobs in this state")
		return v
	},
	run: func(ctx context.Context, a *App, flags any, _ []string, out io.Writer) error {
		v := flags.(*queueListFlags)
		list, err := a.Jobs.List(ctx, 0, job.State(v.state))
		if err != nil {
			return err
		}
		for _, j := range list {
			if v.json {
				err = printJSON(out, map[string]any{"id": j.ID, "kind": j.Kind, "state": j.State, "attempt": j.Attempt, "max_attempts": j.MaxAttempts,
					"run_at": j.RunAt.Format(time.RFC3339Nano), "last_error": j.LastError})
			} else {
				_, err = fmt.Fprintf(out, "%d  %-16s  %-8s  %d/%d  %s  %s\n", j.ID, j.Kind, j.State, j.Attempt, j.MaxAttempts, j.RunAt.Format(time.DateTime), j.LastError)
			}
			if err != nil {
				return err
			}
		}
		return nil
	},
}

var queueRetryCommand = command{
	args: "ID...", help: "try failed jobs again, now",
	run: func(ctx context.Context, a *App, _ any, args []string, out io.Writer) error {
		return a.eachJob(ctx, args, out, "will be tried again", a.Jobs.Retry)
	},
}

var queueDropCommand = command{
	args: "ID...", help: "remove jobs for good",
	run: func(ctx context.Context, a *App, _ any, args []string, out io.Writer) error {
		return a.eachJob(ctx, args, out, "is gone", a.Jobs.Drop)
	},
}

var queuePauseCommand = command{
	help: "let nothing leave until rapport queue resume; mail goes on coming in",
	run: func(ctx context.Context, a *App, _ any, _ []string, out io.Writer) error {
		if err := a.Jobs.PauseOutgoing(ctx, commandPause); err != nil {
			return err
		}
		_, err := fmt.Fprintln(out, "Sending is paused.")
		return err
	},
}

var queueResumeCommand = command{
	help: "let leave what waits after a restore or rapport queue pause",
	run: func(ctx context.Context, a *App, _ any, _ []string, out io.Writer) error {
		waiting, err := a.Jobs.OutgoingWaiting(ctx)
		if err != nil {
			return err
		}
		paused, err := a.Jobs.ResumeOutgoing(ctx)
		if err != nil {
			return err
		}
		if !paused {
			_, err = fmt.Fprintln(out, "Sending was not paused.")
			return err
		}
		_, err = fmt.Fprintf(out, "Sending goes on. %d wait.\n", waiting)
		return err
	},
}

func (a *App) eachJob(ctx context.Context, args []string, out io.Writer, done string, do func(ctx context.Context, workspaceID, id int64) error) error {
	wanted, err := numbers(args)
	if err != nil {
		return err
	}
	if len(wanted) == 0 {
		return usage("name the jobs by their numbers (rapport queue list)")
	}
	for id := range wanted {
		info, err := a.Jobs.Info(ctx, id)
		if err != nil {
			return err
		}
		if err := do(ctx, info.WorkspaceID, id); err != nil {
			return err
		}
		fmt.Fprintf(out, "%d %s\n", id, done)
	}
	return nil
}

func numbers(args []string) (map[int64]bool, error) {
	out := map[int64]bool{}
	for _, arg := range args {
		id, err := strconv.ParseInt(strings.TrimSpace(arg), 10, 64)
		if err != nil {
			return nil, usage("%q is not a number", arg)
		}
		out[id] = true
	}
	return out, nil
}
