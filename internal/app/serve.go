package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"rapport/internal/app/demo"
	"rapport/internal/channel/email"
	"rapport/internal/conversation/draft"
	"rapport/internal/conversation/outbox"
	"rapport/internal/httpapi"
	"rapport/internal/httpapi/upkeep"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/config"
	"rapport/internal/platform/control"
	"rapport/internal/platform/fault"
	"rapport/internal/webui"
)

// demoMark is a file that tells a demo's data folder from a company's.
const demoMark = "demo"

// A stop waits so long for requests in hand; and before that, where there are
// other nodes, so long for the balancer to send requests to them.
const (
	stopGrace  = 20 * time.Second
	stopNotice = 3 * time.Second
)

// Serve runs the server until ctx ends. say receives the few lines a person
// who starts it wants to read.
func Serve(ctx context.Context, c config.Config, demo bool, version string, say io.Writer) error {
	const op = "app.Serve"
	if err := checkFolder(c, demo); err != nil {
		return fault.Wrap(op, err)
	}
	hold, err := control.Lock(c.Data, "serve")
	if fault.Is(err, fault.Conflict) {
		return fault.As(op, fault.Conflict, fault.MessageOf(err)+" Several nodes need a data folder each, and one PostgreSQL database, NATS and an S3 server together.", err)
	}
	if err != nil {
		return fault.Wrap(op, err)
	}
	defer hold.Release()
	started := time.Now()
	a, err := open(ctx, c, demo, version, true)
	if err != nil {
		return fault.Wrap(op, err)
	}
	defer a.Close()
	if err := a.checkFiles(ctx); err != nil {
		return fault.Wrap(op, err)
	}
	if err := a.sit(ctx, version); err != nil {
		return fault.Wrap(op, err)
	}
	defer a.leave()
	if demo {
		if err := a.loadDemo(ctx); err != nil {
			return fault.Wrap(op, err)
		}
	}
	s := &server{App: a, version: version, started: started, say: say}
	return fault.Wrap(op, s.run(ctx, hold))
}

// checkFolder keeps the demo and a company's data apart.
func checkFolder(c config.Config, demo bool) error {
	const op = "app.checkFolder"
	_, markErr := os.Stat(filepath.Join(c.Data, demoMark))
	_, dataErr := os.Stat(filepath.Join(c.Data, databaseFile))
	marked, holdsData := markErr == nil, dataErr == nil
	switch {
	case !demo && marked:
		return fault.Newf(op, fault.Conflict, "%s holds the demo. Start it with --demo, or choose another folder with --data.", c.Data)
	case demo && holdsData && !marked:
		return fault.Newf(op, fault.Conflict, "%s holds a company's data; the demo needs a folder of its own. Choose one with --data.", c.Data)
	case demo && (c.DatabaseURL != "" || c.S3.Endpoint != "" || c.NATSURL != ""):
		return fault.New(op, fault.Invalid, "The demo keeps its data in a folder of its own; leave RAPPORT_DATABASE_URL, RAPPORT_NATS_URL and the RAPPORT_S3_ names empty.")
	case !demo || marked:
		return nil
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fault.As(op, fault.Unavailable, "The data folder cannot be made: "+c.Data, err)
	}
	return os.WriteFile(filepath.Join(c.Data, demoMark), []byte("the sample shop of rapport serve --demo\n"), 0o600)
}

// server is a running process.
type server struct {
	*App
	version string
	started time.Time
	say     io.Writer
	api     *httpapi.Server
	parts   sync.WaitGroup

	draining atomic.Bool // asked to stop
}

func (s *server) run(ctx context.Context, hold *control.Hold) error {
	web, err := listen(s.Config.Listen, s.Demo)
	if err != nil {
		return err
	}
	here := "http://" + reachable(web.Addr())
	s.address.Store(&here)
	var door net.Listener
	if s.Config.SMTPListen != "" {
		if door, err = listen(s.Config.SMTPListen, s.Demo); err != nil {
			web.Close()
			return err
		}
	}
	commandDoor, err := hold.Listen()
	if err != nil {
		return err
	}
	ctx, lost := context.WithCancelCause(ctx)
	defer lost(nil)
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	member, leave := context.WithCancel(context.WithoutCancel(ctx)) // ends last: leases are renewed while work ends
	kept := make(chan struct{})
	go func() {
		defer close(kept)
		s.keep(member, lost)
	}()
	s.start(work, commandDoor, door)
	if err = s.greet(ctx, door); err == nil {
		err = s.serveHTTP(ctx, stop, web)
	}
	stopping := ctx.Err() != nil
	stop()
	web.Close()
	s.parts.Wait()
	leave()
	<-kept
	if cause := context.Cause(ctx); fault.Is(cause, fault.Conflict) {
		return cause
	}
	if stopping {
		return nil // asked to: what was interrupted is no failure
	}
	return err
}

// start sets everything but HTTP going.
func (s *server) start(ctx context.Context, commandDoor *control.Server, door net.Listener) {
	s.part(func() { s.Log.Run(ctx) })
	s.part(func() { s.Readers.Run(ctx) })
	s.schedule()
	s.scheduleBackups(ctx)
	s.part(func() { s.wake(ctx) })
	s.part(func() { s.Jobs.Run(ctx, s.seat.First) })
	s.part(func() { s.fetcher().Run(ctx) })
	s.part(func() { s.report("commands", commandDoor.Serve(ctx, s.controlCommands())) })
	if door != nil {
		d := email.NewDoor(s.Channels, clock.System, s.host())
		s.part(func() { s.report("mail door", d.Serve(ctx, door)) })
	}
}

func (s *server) fetcher() *email.Fetcher {
	return email.NewFetcher(email.FetcherDeps{Channels: s.Channels, Store: s.DB, Guard: s.Guard, Clock: s.clock, Bell: s.Bus, Leases: s.nodes, Tokens: s.Authorizations})
}

func (s *server) part(run func()) { s.parts.Go(run) }

func (s *server) report(what string, err error) {
	if err != nil {
		slog.Error(what+" ended", "error", err)
	}
}

// controlCommands are the commands as this server offers them.
func (s *server) controlCommands() control.Commands {
	out := control.Commands{}
	for name, c := range commands() {
		if c.run != nil {
			out[name] = c.overControl(func(context.Context) (*App, func(), error) { return s.App, func() {}, nil })
		}
	}
	return out
}

// serveHTTP answers requests until ctx ends. Then whoever asks for readiness
// hears no; a balancer gets the time to notice, if there are other nodes; stop
// ends all other work, sockets are closed, and requests in hand are answered.
func (s *server) serveHTTP(ctx context.Context, stop func(), l net.Listener) error {
	var captures upkeep.Outbox
	if s.Demo {
		captures = captured{s.Channels}
	}
	s.api = httpapi.New(httpapi.Deps{
		Accounts: s.Accounts, Contacts: s.Contacts, Channels: s.Channels, Conversations: s.Conversations, Tally: s.Tally, Views: s.Views, Outgoing: outbox.New(s.DB, s.Accounts), Drafts: draft.New(s.DB, s.Accounts, s.clock), Follows: s.Follows, Bulk: s.Bulk, Visitors: s.Visitors, Acknowledgements: s.Acknowledgements,
		Automation: s.Automation, Notices: s.Notifications,
		Store: s.DB, Blobs: s.Blobs, Log: s.Log, Readers: s.Readers, Jobs: s.Jobs, Bus: s.Bus, Key: s.Key, Clock: clock.System,
		URL: s.Config.URL, TrustedProxies: s.Config.TrustedProxies, Version: s.version, Demo: s.Demo, StartedAt: s.started,
		Ready: s.ready, Remarks: s.remarks, Gauges: s.gauges, Checks: s.checks, Outbox: captures, SignIns: signIns{s.App}, FormPreview: s.formPreview, Pages: s.pages(webui.Handler()),
	})
	h := &http.Server{Handler: s.api, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug)}
	done := make(chan error, 1)
	go func() { done <- h.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	s.draining.Store(true)
	if s.others(context.WithoutCancel(ctx)) > 0 {
		time.Sleep(stopNotice)
	}
	stop()
	grace, cancel := context.WithTimeout(context.Background(), stopGrace)
	defer cancel()
	s.api.Close()
	if err := h.Shutdown(grace); err != nil {
		h.Close()
	}
	if err := <-done; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// ready reports whether this node should get requests.
func (s *server) ready(ctx context.Context) error {
	if s.draining.Load() {
		return fault.New("app.ready", fault.Unavailable, "this node is stopping")
	}
	return s.DB.Ping(ctx)
}

// greet tells a person where to go.
func (s *server) greet(ctx context.Context, door net.Listener) error {
	fmt.Fprintf(s.say, "Rapport %s\n  open     %s\n  data     %s\n", s.version, s.URL(), s.Config.Data)
	if door != nil {
		fmt.Fprintf(s.say, "  mail in  %s\n", door.Addr())
	}
	fmt.Fprint(s.say, s.pausedLine(ctx))
	if s.Demo {
		fmt.Fprintf(s.say, "  shop     %s%s, with the chat on it\n  sign in  %s\n  password %s\n  The sample shop Miska: outgoing mail is captured, nothing leaves this machine.\n", s.URL(), demo.ShopRoot, demoEmail, demoPassword)
		return nil
	}
	token, needed, err := s.Accounts.SetupLink(ctx)
	if err != nil || !needed {
		return err
	}
	fmt.Fprintf(s.say, "  set up   %s/setup?token=%s\n           (once, within 24 hours; a restart makes a new link)\n", s.URL(), url.QueryEscape(token))
	return nil
}

// listen opens an address. In the demo a taken port gives way to the next free
// one.
func listen(address string, giveWay bool) (net.Listener, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fault.As("app.listen", fault.Invalid, fmt.Sprintf("%q is not an address to listen on; write :8080 or 127.0.0.1:8080.", address), err)
	}
	n, _ := strconv.Atoi(port)
	for i := range 50 {
		l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(n+i)))
		if err == nil {
			return l, nil
		}
		if !giveWay || n == 0 {
			return nil, fault.As("app.listen", fault.Unavailable, fmt.Sprintf("%s is taken by another program, or not allowed: %v", address, err), err)
		}
	}
	return nil, fault.Newf("app.listen", fault.Unavailable, "no free port from %s on", address)
}

// reachable is an address a browser on this machine can open.
func reachable(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() || ip.IsLoopback() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}
