package config

// setting is one thing an administrator can set.
type setting struct {
	name     string // the environment's name without RAPPORT_; the flag is this in small letters with dashes
	fallback string
	help     string
	secret   bool                        // has a _FILE variant and is masked by Explain
	set      func(*Config, string) error // checks the value and keeps it; not called for an empty one
}

// Prefix begins the name of every setting in the environment.
const Prefix = "RAPPORT_"

var settings = []setting{
	{name: "LISTEN", fallback: ":8080", help: "address the web server listens on", set: func(c *Config, v string) error {
		return address(&c.Listen, v)
	}},
	{name: "URL", help: "public address of this server, as in https://help.example.com", set: func(c *Config, v string) error {
		return baseURL(&c.URL, v)
	}},
	{name: "DATA", fallback: "./data", help: "folder for everything that is kept", set: func(c *Config, v string) error {
		return text(&c.Data, v)
	}},
	{name: "DATABASE_URL", secret: true, help: "postgres://… address; empty: SQLite in the data folder", set: func(c *Config, v string) error {
		return schemes(&c.DatabaseURL, v, "postgres", "postgresql")
	}},
	{name: "NATS_URL", secret: true, help: "nats://… address that joins several nodes, or several with commas between", set: func(c *Config, v string) error {
		return servers(&c.NATSURL, v, "nats", "tls", "ws", "wss")
	}},
	{name: "S3_ENDPOINT", help: "S3 server for large files, as in https://s3.example.com; empty: the data folder", set: func(c *Config, v string) error {
		return schemes(&c.S3.Endpoint, v, "https", "http")
	}},
	{name: "S3_BUCKET", help: "bucket in the S3 server", set: func(c *Config, v string) error { return text(&c.S3.Bucket, v) }},
	{name: "S3_KEY", secret: true, help: "access key of the S3 server", set: func(c *Config, v string) error { return text(&c.S3.Key, v) }},
	{name: "S3_SECRET", secret: true, help: "secret key of the S3 server", set: func(c *Config, v string) error { return text(&c.S3.Secret, v) }},
	{name: "S3_REGION", help: "region of the S3 server, where it has some", set: func(c *Config, v string) error { return text(&c.S3.Region, v) }},
	{name: "SMTP_LISTEN", help: "address that takes mail in, as in :25; empty: off", set: func(c *Config, v string) error {
		return address(&c.SMTPListen, v)
	}},
	{name: "SECRET_FILE", help: "file with the master key; empty: secret.key in the data folder", set: func(c *Config, v string) error {
		return text(&c.SecretFile, v)
	}},
	{name: "BACKUPS", fallback: "7", help: "nightly backups kept in the data folder; 0: none are made", set: func(c *Config, v string) error {
		return number(&c.Backups, v, 0, 1000)
	}},
	{name: "UPGRADE_BACKUP", fallback: "on", help: "on: data of an older version is copied before it is brought up to date; off: it is not", set: func(c *Config, v string) error {
		var word string
		err := oneOf(&word, v, "on", "off")
		c.UpgradeBackup = word == "on"
		return err
	}},
	{name: "TRUSTED_PROXIES", help: "networks whose X-Forwarded-For is believed, separated by commas", set: func(c *Config, v string) error {
		return networks(&c.TrustedProxies, v)
	}},
	{name: "OUTBOUND_ALLOW", help: "private networks that may be called, separated by commas", set: func(c *Config, v string) error {
		return networks(&c.OutboundAllow, v)
	}},
	{name: "DNS", help: "name server, host or host:port; empty: the system's", set: func(c *Config, v string) error {
		return nameServer(&c.DNS, v)
	}},
	{name: "LOG_LEVEL", fallback: "info", help: "debug, info, warn or error", set: func(c *Config, v string) error {
		return level(&c.LogLevel, v)
	}},
	{name: "LOG_FORMAT", fallback: "json", help: "json or text", set: func(c *Config, v string) error {
		return oneOf(&c.LogFormat, v, "text", "json")
	}},
}
