package testkit

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"text/template"
	"time"
)

// Dovecot is a company's IMAP server on this machine: a real one, with a
// configuration, ports and one mailbox of its own. Mail is kept as Maildir, so
// tests deliver by writing files and see flags in file names.
type Dovecot struct {
	User, Password string
	Host           string // 127.0.0.1
	Port           int    // begins in the open, with STARTTLS
	TLSPort        int
	Roots          *x509.CertPool // knows who issued the certificate

	t         testing.TB
	folder    string
	uid, gid  int
	cmd       *exec.Cmd
	gone      <-chan struct{}
	log       bytes.Buffer
	delivered atomic.Int64
}

// StartDovecot starts a server with an empty INBOX and ends it with the test.
func StartDovecot(t testing.TB) *Dovecot {
	t.Helper()
	if _, err := exec.LookPath("dovecot"); err != nil {
		Require(t, fmt.Errorf("no dovecot: scripts/setup installs it (%w)", err))
	}
	folder, err := os.MkdirTemp("/tmp", "rapport-dovecot-")
	if err != nil {
		t.Fatal(err)
	}
	d := &Dovecot{User: "hello@miska.example", Password: "mailbox-of-the-shop", Host: "127.0.0.1", Port: freePort(t), TLSPort: freePort(t), t: t, folder: folder}
	t.Cleanup(func() {
		d.Stop()
		os.RemoveAll(folder)
	})
	d.configure()
	d.Start()
	return d
}

// Start starts the server, or starts it again on the same ports and mails.
func (d *Dovecot) Start() {
	d.t.Helper()
	d.log.Reset()
	d.cmd = exec.Command("dovecot", "-F", "-c", filepath.Join(d.folder, "dovecot.conf"))
	d.cmd.Stdout, d.cmd.Stderr = &d.log, &d.log
	d.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM, Setpgid: true}
	var err error
	if d.gone, err = launch(d.cmd); err != nil {
		d.t.Fatal(err)
	}
	for range 400 {
		if d.greets() {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	d.Stop()
	d.t.Fatalf("dovecot does not answer\n%s", d.log.String())
}

func (d *Dovecot) greets() bool {
	conn, err := net.Dial("tcp", net.JoinHostPort(d.Host, strconv.Itoa(d.Port)))
	if err != nil {
		return false
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(5 * time.Second))
	b := make([]byte, 4)
	_, err = conn.Read(b)
	return err == nil && string(b) == "* OK"
}

// Stop ends the server and every session with it; the mails stay.
func (d *Dovecot) Stop() {
	if d.cmd == nil {
		return
	}
	syscall.Kill(-d.cmd.Process.Pid, syscall.SIGTERM) // its sessions as well: by itself it waits for them
	<-d.gone
	d.cmd = nil
}

// Deliver puts a mail into INBOX, also while the server is stopped.
func (d *Dovecot) Deliver(raw []byte) {
	d.t.Helper()
	d.DeliverDated(raw, time.Now())
}

// DeliverDated is Deliver for a mail that the server got at another time.
func (d *Dovecot) DeliverDated(raw []byte, at time.Time) {
	d.t.Helper()
	// Names sort in the order of delivery, for servers that number them later.
	name := fmt.Sprintf("%d.M%06d.miska", time.Now().Unix(), d.delivered.Add(1))
	written := filepath.Join(d.mail("tmp"), name)
	if err := os.WriteFile(written, raw, 0o600); err != nil {
		d.t.Fatal(err)
	}
	d.give(written)
	if err := os.Chtimes(written, at, at); err != nil {
		d.t.Fatal(err)
	}
	if err := os.Rename(written, filepath.Join(d.mail("new"), name)); err != nil {
		d.t.Fatal(err)
	}
}

// Renumber gives INBOX a new UIDVALIDITY while its mails stay, as after a move
// to another server. The server must be stopped.
func (d *Dovecot) Renumber(validity uint32) {
	d.t.Helper()
	old, _ := filepath.Glob(filepath.Join(d.mail(""), "dovecot*"))
	for _, name := range old {
		os.Remove(name)
	}
	header := fmt.Sprintf("3 V%d N1 G%032x\n", validity, validity)
	list := filepath.Join(d.mail(""), "dovecot-uidlist")
	if err := os.WriteFile(list, []byte(header), 0o600); err != nil {
		d.t.Fatal(err)
	}
	d.give(list)
}

// Names lists the mails' file names, with their flags after ":2,".
func (d *Dovecot) Names() []string {
	var names []string
	for _, part := range []string{"new", "cur"} {
		files, _ := os.ReadDir(d.mail(part))
		for _, f := range files {
			names = append(names, f.Name())
		}
	}
	return names
}

// RemoveAll empties INBOX, as its owner would.
func (d *Dovecot) RemoveAll() {
	for _, part := range []string{"new", "cur"} {
		files, _ := filepath.Glob(filepath.Join(d.mail(part), "*"))
		for _, f := range files {
			os.Remove(f)
		}
	}
}

func (d *Dovecot) mail(part string) string { return filepath.Join(d.folder, "mail", part) }

// give hands a file to the user under whom the server keeps mail.
func (d *Dovecot) give(name string) {
	if os.Getuid() == 0 {
		if err := os.Chown(name, d.uid, d.gid); err != nil {
			d.t.Fatal(err)
		}
	}
}

// configure writes what the server reads. It refuses to keep mail as root:
// started by root it keeps it as nobody, started by anybody else everything
// runs as that user.
func (d *Dovecot) configure() {
	d.t.Helper()
	d.uid, d.gid = os.Getuid(), os.Getgid()
	owner := ""
	if d.uid == 0 {
		d.uid, d.gid = 65534, 65534
	} else if me, err := user.Current(); err == nil {
		owner = me.Username
	}
	os.Chmod(d.folder, 0o755)
	for _, part := range []string{"run", "state", "mail", "mail/tmp", "mail/new", "mail/cur"} {
		name := filepath.Join(d.folder, part)
		if err := os.Mkdir(name, 0o755); err != nil {
			d.t.Fatal(err)
		}
		if strings.HasPrefix(part, "mail") {
			d.give(name)
		}
	}
	d.Renumber(1_700_000_000)
	d.certify()
	d.write("users", fmt.Sprintf("%s:{PLAIN}%s:%d:%d::%s::\n", d.User, d.Password, d.uid, d.gid, d.folder))
	var conf strings.Builder
	err := dovecotConf.Execute(&conf, map[string]any{"Folder": d.folder, "Owner": owner, "UID": d.uid, "Port": d.Port, "TLSPort": d.TLSPort})
	if err != nil {
		d.t.Fatal(err)
	}
	d.write("dovecot.conf", conf.String())
}

func (d *Dovecot) write(name, content string) {
	if err := os.WriteFile(filepath.Join(d.folder, name), []byte(content), 0o644); err != nil {
		d.t.Fatal(err)
	}
}

// certify makes a certificate for 127.0.0.1 that only Roots trusts.
func (d *Dovecot) certify() {
	d.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		d.t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Miska"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.ParseIP(d.Host)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		d.t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		d.t.Fatal(err)
	}
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	d.write("certificate.pem", string(certificate))
	d.write("key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})))
	d.Roots = x509.NewCertPool()
	d.Roots.AppendCertsFromPEM(certificate)
}

// givenPorts are not given again: the system may offer the same one twice before it is used.
var givenPorts sync.Map

func freePort(t testing.TB) int {
	for {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		port := l.Addr().(*net.TCPAddr).Port
		l.Close()
		if _, given := givenPorts.LoadOrStore(port, true); !given {
			return port
		}
	}
}

var dovecotConf = template.Must(template.New("dovecot.conf").Parse(`base_dir = {{.Folder}}/run
state_dir = {{.Folder}}/state
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{{.Folder}}/certificate.pem
ssl_key = <{{.Folder}}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
{{with .Owner}}default_internal_user = {{.}}
default_login_user = {{.}}
default_internal_group =
{{end}}first_valid_uid = {{.UID}}
last_valid_uid = {{.UID}}
first_valid_gid = 0
mail_location = maildir:{{.Folder}}/mail
mail_fsync = never
mailbox_list_index = no
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {{.Folder}}/users
}
userdb {
  driver = passwd-file
  args = username_format=%u {{.Folder}}/users
}
namespace inbox {
  inbox = yes
  separator = /
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = {{.Port}}
  }
  inet_listener imaps {
    address = 127.0.0.1
    port = {{.TLSPort}}
    ssl = yes
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`))
