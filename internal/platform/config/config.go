package config

import (
	"log/slog"
	"net/netip"
)

// Config is what an administrator decides before the start. Everything else is
// a setting on screen.
type Config struct {
	Listen         string
	URL            string // public base URL without a slash at the end; empty: not known
	Data           string
	DatabaseURL    string // empty: SQLite in the data folder
	NATSURL        string
	S3             S3
	SMTPListen     string // empty: no SMTP door
	SecretFile     string // empty: secret.key in the data folder
	TrustedProxies []netip.Prefix
	OutboundAllow  []netip.Prefix
	Backups        int    // nightly backups that are kept; 0: none are made
	UpgradeBackup  bool   // data of an older version is copied before it is brought up to date
	DNS            string // empty: the system's resolver
	LogLevel       slog.Level
	LogFormat      string // "text" or "json"

	// Args are the arguments that are not flags, in order.
	Args []string

	// Warnings are remarks for the log that do not keep Rapport from starting.
	Warnings []string

	origins map[string]origin
}

// S3 is the store for large files; with Endpoint empty they are kept in the
// data folder.
type S3 struct {
	Endpoint, Bucket, Key, Secret, Region string
}

// origin is where a value was taken from, and its text for Explain.
type origin struct{ from, text string }

// Given reports whether a setting was given, by its name without RAPPORT_; if not it
// has its default.
func (c Config) Given(name string) bool {
	o, known := c.origins[name]
	return known && o.from != "default"
}
