package testkit

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver pgx of database/sql

	"rapport/internal/platform/db"
)

// schemaName is the database with the whole schema, which others are copied from.
const schemaName = "migrated"

// cluster is a throw-away PostgreSQL server on a socket, one per test binary.
// It ends with the test process: its parent-death signal is set, and Main ends
// it in the ordinary case.
type cluster struct {
	dir  string
	make func() *exec.Cmd // of its server
	cmd  *exec.Cmd
	gone <-chan struct{} // closed when it has ended
	next atomic.Int64

	schema    sync.Once // of the database schemaName
	schemaErr error
}

var (
	clusterOnce sync.Once
	shared      *cluster
	clusterErr  error
)

// postgresBin finds the folder of the newest server's programs.
func postgresBin() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	sort.Strings(found)
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1]), nil
	}
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), nil
	}
	return "", fmt.Errorf("no initdb: scripts/setup installs PostgreSQL")
}

// Require skips the test when a thing it needs is missing on this machine, and
// fails it in CI, where everything is installed.
func Require(t testing.TB, err error) {
	t.Helper()
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatal(err)
	default:
		t.Skip(err)
	}
}

// quick are settings of a server whose data nobody will miss.
var quick = []string{"-c", "fsync=off", "-c", "full_page_writes=off"}

func startCluster(settings ...string) (*cluster, error) {
	bin, err := postgresBin()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("/tmp", "rapport-pg-")
	if err != nil {
		return nil, err
	}
	attr := &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if os.Getuid() == 0 { // PostgreSQL refuses to run as root
		nobody, err := user.Lookup("nobody")
		if err != nil {
			return nil, err
		}
		uid, _ := strconv.Atoi(nobody.Uid)
		gid, _ := strconv.Atoi(nobody.Gid)
		attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		if err := os.Chown(dir, uid, gid); err != nil {
			return nil, err
		}
	}
	run := func(name string, args ...string) *exec.Cmd {
		cmd := exec.Command(filepath.Join(bin, name), args...)
		cmd.SysProcAttr, cmd.Dir = attr, dir
		cmd.Env = []string{"LC_ALL=C.UTF-8", "PATH=" + bin + ":/usr/bin:/bin"}
		return cmd
	}
	data := filepath.Join(dir, "data")
	if out, err := run("initdb", "-D", data, "-U", "rapport", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	c := &cluster{dir: dir, make: func() *exec.Cmd {
		return run("postgres", append([]string{"-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "max_connections=300"}, settings...)...)
	}}
	return c, c.start()
}

// start starts the server of the cluster, again after it was ended.
func (c *cluster) start() error {
	c.cmd = c.make()
	var err error
	if c.gone, err = launch(c.cmd); err != nil {
		return err
	}
	for range 200 {
		if db, err := sql.Open("pgx", c.url("postgres")); err == nil {
			err = db.PingContext(context.Background())
			db.Close()
			if err == nil {
				return nil
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	c.stop()
	return fmt.Errorf("PostgreSQL did not start in %s", c.dir)
}

func (c *cluster) url(name string) string {
	return "postgres://rapport@/" + name + "?host=" + c.dir
}

func (c *cluster) end() {
	c.cmd.Process.Signal(syscall.SIGINT)
	<-c.gone
}

func (c *cluster) stop() {
	c.end()
	os.RemoveAll(c.dir)
}

// Postgres is a server of a test's own, with one empty database.
type Postgres struct {
	*cluster
	t   testing.TB
	URL string
}

// StartPostgres starts a server and ends it with the test.
func StartPostgres(t testing.TB) *Postgres {
	t.Helper()
	c, err := startCluster(quick...)
	Require(t, err)
	t.Cleanup(c.stop)
	return &Postgres{c, t, c.create(t, "template1")}
}

// Restart ends the server, whoever is connected, and starts it again after
// meanwhile.
func (p *Postgres) Restart(meanwhile func()) {
	p.t.Helper()
	p.end()
	meanwhile()
	if err := p.start(); err != nil {
		p.t.Fatal(err)
	}
}

// PostgresURL makes an empty database of its own for t and returns its address.
func PostgresURL(t testing.TB) string {
	t.Helper()
	return sharedCluster(t).create(t, "template1")
}

// migratedPostgresURL is PostgresURL with the whole schema.
func migratedPostgresURL(t testing.TB) string {
	t.Helper()
	c := sharedCluster(t)
	c.schema.Do(func() {
		c.createNamed(t, schemaName, "template1")
		c.schemaErr = migrate(db.Options{URL: c.url(schemaName), Readers: 2})
	})
	Require(t, c.schemaErr)
	return c.create(t, schemaName)
}

func sharedCluster(t testing.TB) *cluster {
	t.Helper()
	clusterOnce.Do(func() { shared, clusterErr = startCluster(quick...) })
	Require(t, clusterErr)
	return shared
}

// DurablePostgresURL is PostgresURL on a server of its own for measurements: it
// syncs as one in earnest does, and has a quarter of the memory for its buffers,
// as its manual advises.
func DurablePostgresURL(t testing.TB) string {
	t.Helper()
	var machine syscall.Sysinfo_t
	Require(t, syscall.Sysinfo(&machine))
	c, err := startCluster("-c", fmt.Sprintf("shared_buffers=%dMB", machine.Totalram*uint64(machine.Unit)/4>>20))
	Require(t, err)
	t.Cleanup(c.stop)
	return c.create(t, "template1")
}

// Settle does at once what PostgreSQL does by itself in the days after much was
// put in, so that it does not fall into a measurement: it tidies up, and holds
// in its buffers what was asked before.
func Settle(t testing.TB, url string) {
	t.Helper()
	d, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for _, statement := range []string{
		"VACUUM ANALYZE", "CHECKPOINT", "CREATE EXTENSION IF NOT EXISTS pg_prewarm",
		"SELECT sum(pg_prewarm(oid)) FROM pg_class WHERE relkind IN ('r', 'i', 't') AND NOT relisshared",
	} {
		if _, err := d.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
}

// create makes a database like another one and returns its address.
func (c *cluster) create(t testing.TB, like string) string {
	t.Helper()
	name := fmt.Sprintf("t%d", c.next.Add(1))
	c.createNamed(t, name, like)
	return c.url(name)
}

func (c *cluster) createNamed(t testing.TB, name, like string) {
	t.Helper()
	admin, err := sql.Open("pgx", c.url("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	if _, err := admin.Exec("CREATE DATABASE " + name + " TEMPLATE " + like + " STRATEGY FILE_COPY"); err != nil {
		t.Fatal(err)
	}
}

// Main runs a package's tests and ends the PostgreSQL server they started.
// Packages that use Engines call it from TestMain.
func Main(m *testing.M) {
	code := m.Run()
	if shared != nil {
		shared.stop()
	}
	os.Exit(code)
}
