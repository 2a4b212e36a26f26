package config_test

import (
	"bytes"
	"errors"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"rapport/internal/platform/config"
	"rapport/internal/platform/fault"
)

func TestNothingIsRequired(t *testing.T) {
	t.Parallel()
	c, err := config.Load(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != ":8080" || c.Data != "./data" || c.LogLevel != slog.LevelInfo || c.LogFormat != "json" || c.URL != "" ||
		c.SMTPListen != "" || c.DatabaseURL != "" || len(c.Warnings) != 0 {
		t.Errorf("%+v", c)
	}
}

func TestAFlagWinsOverTheEnvironment(t *testing.T) {
	t.Parallel()
	env := []string{"RAPPORT_LISTEN=:1", "RAPPORT_DATA=/env", "RAPPORT_LOG_LEVEL=", "OTHER=x", "RAPPORT_OUTBOUND_ALLOW=10.1.2.3/8, ::1"}
	c, err := config.Load([]string{"--listen", ":2", "-log-format=JSON"}, env)
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != ":2" || c.Data != "/env" || c.LogLevel != slog.LevelInfo || c.LogFormat != "json" {
		t.Errorf("%+v", c)
	}
	if len(c.OutboundAllow) != 2 || c.OutboundAllow[0].String() != "10.0.0.0/8" || c.OutboundAllow[1].String() != "::1/128" {
		t.Errorf("networks: %v", c.OutboundAllow)
	}
}

func TestFlagsStandAnywhere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line, args, data string
		json             bool
	}{
		{"mail list", "mail list", "./data", false},
		{"--json --data /d mail list", "mail list", "/d", true},
		{"mail --json list --data /d", "mail list", "/d", true},
		{"mail list --data=/d --json", "mail list", "/d", true},
		{"mail -- list --json", "mail list --json", "./data", false},
		{"mail - list", "mail - list", "./data", false},
	} {
		var json bool
		got, err := config.Load(strings.Fields(c.line), nil, func(f *flag.FlagSet) { f.BoolVar(&json, "json", false, "") })
		if err != nil {
			t.Errorf("%s: %v", c.line, err)
		}
		if strings.Join(got.Args, " ") != c.args || got.Data != c.data || json != c.json {
			t.Errorf("%s: arguments %q, data %q, json %v", c.line, got.Args, got.Data, json)
		}
	}
}

func TestCommandIsFoundBehindSettings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ line, name, rest string }{
		{"", "", ""},
		{"serve", "serve", ""},
		{"serve --demo", "serve", "--demo"},
		{"--data /d serve --demo", "serve", "--data /d --demo"},
		{"--data=/d --json setup --email a@b", "setup", "--data=/d --json --email a@b"},
		{"--data /d", "", "--data /d"},
		{"mail list", "mail", "list"},
	} {
		name, rest := config.Command(strings.Fields(c.line))
		if name != c.name || strings.Join(rest, " ") != c.rest {
			t.Errorf("%q: %q, %q", c.line, name, rest)
		}
	}
}

func TestMistakesAreToldAllAtOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, value string
		says        string // empty: it is fine
	}{
		{"LISTEN", "8080", "with a port"},
		{"LISTEN", ":99999", "with a port"},
		{"LISTEN", "127.0.0.1:0", ""},
		{"LISTEN", "[::1]:80", ""},
		{"URL", "help.example.com", "https://help.example.com"},
		{"URL", "ftp://help.example.com", "https://help.example.com"},
		{"URL", "https://help.example.com/desk", "nothing after the host"},
		{"URL", "https://me:pw@help.example.com", "nothing after the host"},
		{"URL", "https://help.example.com/", ""},
		{"DATABASE_URL", "mysql://x", "postgres://"},
		{"DATABASE_URL", "postgresql://u:p@h/d", ""},
		{"NATS_URL", "bell:4222", "nats://host:4222"},
		{"NATS_URL", "nats://host:port:1", "nats://host:4222"},
		{"NATS_URL", "nats://a:4222,http://b:4222", "nats://host:4222"},
		{"NATS_URL", "nats://", "nats://host:4222"},
		{"NATS_URL", "nats://u:p@a:4222, nats://[::1]:4222,tls://c", ""},
		{"S3_ENDPOINT", "s3.example.com", "https://"},
		{"S3_ENDPOINT", "https://s3.example.com", "RAPPORT_S3_BUCKET"},
		{"S3_BUCKET", "files", "RAPPORT_S3_ENDPOINT"},
		{"TRUSTED_PROXIES", "10.0.0.0/33", "separated by commas"},
		{"TRUSTED_PROXIES", "proxy", "separated by commas"},
		{"TRUSTED_PROXIES", "10.0.0.1,fd00::/8", ""},
		{"DNS", "10.0.0.2:dns", "host:port"},
		{"DNS", "10.0.0.2:53", ""},
		{"DNS", "fd00::1", ""},
		{"LOG_LEVEL", "loud", "debug, info"},
		{"LOG_FORMAT", "xml", "text, json"},
		{"SMTP_LISTEN", "25", "with a port"},
	} {
		_, err := config.Load(nil, []string{"RAPPORT_" + c.name + "=" + c.value})
		if c.says == "" && err != nil || c.says != "" && !strings.Contains(fault.MessageOf(err), c.says) {
			t.Errorf("%s=%s: %v", c.name, c.value, err)
		}
	}
	_, err := config.Load([]string{"--listen", "x"}, []string{"RAPPORT_URL=y", "RAPPORT_LOG_LEVEL=z"})
	if !fault.Is(err, fault.Invalid) || len(fault.FieldsOf(err)) != 3 || !strings.Contains(fault.MessageOf(err), "--listen") {
		t.Errorf("three mistakes: %v", err)
	}
}

func TestTheURLIsNormal(t *testing.T) {
	t.Parallel()
	c, err := config.Load(nil, []string{"RAPPORT_URL=https://Help.Example.com:8443/"})
	if err != nil || c.URL != "https://help.example.com:8443" {
		t.Errorf("%q, %v", c.URL, err)
	}
}

func TestUnknownNamesAreWarnings(t *testing.T) {
	t.Parallel()
	for env, meant := range map[string]string{
		"RAPPORT_LISTN=x":          "RAPPORT_LISTEN?",
		"RAPPORT_DATABASE=x":       "RAPPORT_DATABASE_URL?",
		"RAPPORT_SMTP_LITSEN=x":    "RAPPORT_SMTP_LISTEN?",
		"RAPPORT_S3_SECRET_FIL=x":  "RAPPORT_S3_SECRET_FILE?",
		"RAPPORT_LISTEN_FILE=x":    "",
		"RAPPORT_QUARTERLY_CAKE=x": "",
	} {
		c, err := config.Load(nil, []string{env})
		name, _, _ := strings.Cut(env, "=")
		if err != nil || len(c.Warnings) != 1 || !strings.HasPrefix(c.Warnings[0], name+" ") || !strings.HasSuffix(c.Warnings[0], meant) {
			t.Errorf("%s: %q, %v", env, c.Warnings, err)
		}
		if meant == "" && env != "RAPPORT_LISTEN_FILE=x" && strings.Contains(c.Warnings[0], "mean") {
			t.Errorf("%s: %q", env, c.Warnings)
		}
	}
}

func TestUnknownFlagsAreMistakes(t *testing.T) {
	t.Parallel()
	_, err := config.Load([]string{"--lisen", ":1"}, nil)
	if !fault.Is(err, fault.Invalid) || !strings.Contains(fault.MessageOf(err), "Did you mean --listen?") {
		t.Error(err)
	}
	if _, err := config.Load([]string{"-h"}, nil); !errors.Is(err, flag.ErrHelp) {
		t.Error(err)
	}
}

func TestSecretsFromFiles(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "url")
	if err := os.WriteFile(file, []byte("postgres://u:p@h/d\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(nil, []string{"RAPPORT_DATABASE_URL_FILE=" + file})
	if err != nil || c.DatabaseURL != "postgres://u:p@h/d" {
		t.Errorf("%q, %v", c.DatabaseURL, err)
	}
	_, err = config.Load(nil, []string{"RAPPORT_DATABASE_URL_FILE=" + file, "RAPPORT_DATABASE_URL=postgres://x"})
	if !strings.Contains(fault.MessageOf(err), "set twice") {
		t.Error(err)
	}
	_, err = config.Load(nil, []string{"RAPPORT_S3_KEY_FILE=" + file + ".none"})
	if !strings.Contains(fault.MessageOf(err), "cannot be read") {
		t.Error(err)
	}
}

func TestExplainShowsNoSecret(t *testing.T) {
	t.Parallel()
	c, err := config.Load([]string{"--log-level=debug"}, []string{
		"RAPPORT_DATABASE_URL=postgres://user:CANARY@db.internal/rapport?password=CANARY", "RAPPORT_NATS_URL=nats://CANARY@bell,nats://me:CANARY@other, nats://CANARY@third",
		"RAPPORT_S3_ENDPOINT=https://CANARY:CANARY@s3", "RAPPORT_S3_BUCKET=files", "RAPPORT_S3_KEY=CANARY", "RAPPORT_S3_SECRET=CANARY",
	})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := c.Explain(&out); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "CANARY") {
		t.Errorf("a secret is shown:\n%s", out.String())
	}
	for _, want := range []string{"db.internal/rapport", "(flag)", "(environment)", "(default)", "RAPPORT_LISTEN"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not shown:\n%s", want, out.String())
		}
	}
}

func TestAMistakeInASecretIsNotQuoted(t *testing.T) {
	t.Parallel()
	_, err := config.Load(nil, []string{"RAPPORT_DATABASE_URL=CANARY://x"})
	if err == nil || strings.Contains(err.Error(), "CANARY") {
		t.Error(err)
	}
}

// Every name that the design gives is a setting, and no other.
func TestTheNamesAreTheDesigns(t *testing.T) {
	t.Parallel()
	want := strings.Fields(`LISTEN URL DATA DATABASE_URL NATS_URL S3_ENDPOINT S3_BUCKET S3_KEY S3_SECRET S3_REGION SMTP_LISTEN
		SECRET_FILE BACKUPS UPGRADE_BACKUP TRUSTED_PROXIES OUTBOUND_ALLOW DNS LOG_LEVEL LOG_FORMAT`)
	var out bytes.Buffer
	if err := config.Usage(&out); err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(out.String()) {
		got = append(got, strings.TrimPrefix(strings.Fields(line)[1], config.Prefix))
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("settings %v, want %v", got, want)
	}
}
