package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// The functions of this file check one kind of value, keep it in *to, and
// otherwise say what was expected. They never quote the value: it may be a
// secret.

func text(to *string, v string) error {
	*to = v
	return nil
}

func oneOf(to *string, v string, choices ...string) error {
	v = strings.ToLower(v)
	if !slices.Contains(choices, v) {
		return fmt.Errorf("must be one of %s", strings.Join(choices, ", "))
	}
	*to = v
	return nil
}

func level(to *slog.Level, v string) error {
	var name string
	if err := oneOf(&name, v, "debug", "info", "warn", "error"); err != nil {
		return err
	}
	return to.UnmarshalText([]byte(name))
}

func number(to *int, v string, least, most int) error {
	n, err := strconv.Atoi(v)
	if err != nil || n < least || n > most {
		return fmt.Errorf("must be a number from %d to %d", least, most)
	}
	*to = n
	return nil
}

func address(to *string, v string) error {
	_, port, err := net.SplitHostPort(v)
	if err != nil || !validPort(port) {
		return errors.New("must be an address with a port, as in :8080 or 127.0.0.1:8080")
	}
	*to = v
	return nil
}

func validPort(port string) bool {
	_, err := strconv.ParseUint(port, 10, 16)
	return err == nil
}

func nameServer(to *string, v string) error {
	if host, port, err := net.SplitHostPort(v); err == nil && host != "" && validPort(port) {
		return text(to, v)
	}
	if strings.ContainsAny(v, " /") || strings.Contains(v, ":") && !isIP(v) {
		return errors.New("must be a host or host:port, as in 9.9.9.9 or 10.0.0.2:53")
	}
	return text(to, v)
}

func isIP(v string) bool {
	_, err := netip.ParseAddr(v)
	return err == nil
}

// baseURL takes an address without a path: the cookie and the widget rely on
// having the whole host.
func baseURL(to *string, v string) error {
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return errors.New("must be an address as in https://help.example.com")
	}
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return errors.New("must have nothing after the host, as in https://help.example.com")
	}
	*to = u.Scheme + "://" + strings.ToLower(u.Host)
	return nil
}

func schemes(to *string, v string, allowed ...string) error {
	u, err := url.Parse(v)
	if err != nil || !slices.Contains(allowed, u.Scheme) {
		return fmt.Errorf("must be an address that begins with %s://", strings.Join(allowed, ":// or "))
	}
	*to = v
	return nil
}

// servers takes addresses of the same servers, separated by commas.
func servers(to *string, v string, allowed ...string) error {
	for part := range strings.SplitSeq(v, ",") {
		u, err := url.Parse(strings.TrimSpace(part))
		if err != nil || !slices.Contains(allowed, u.Scheme) || u.Hostname() == "" || strings.ContainsAny(u.Hostname(), ": ") && !isIP(u.Hostname()) || u.Port() != "" && !validPort(u.Port()) {
			return fmt.Errorf("must be an address as in %s://host:4222, or several with commas between", allowed[0])
		}
	}
	*to = v
	return nil
}

func networks(to *[]netip.Prefix, v string) error {
	var list []netip.Prefix
	for part := range strings.SplitSeq(v, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		p, err := network(part)
		if err != nil {
			return errors.New("must be networks or addresses separated by commas, as in 10.0.0.0/8, 192.168.1.5")
		}
		list = append(list, p)
	}
	*to = list
	return nil
}

func network(v string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(v); err == nil {
		return netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()), nil
	}
	p, err := netip.ParsePrefix(v)
	return p.Masked(), err
}

// together checks what no single value can show.
func (c *Config) together() []problem {
	var found []problem
	if s := c.S3; s.Endpoint != "" {
		for name, v := range map[string]string{"S3_BUCKET": s.Bucket, "S3_KEY": s.Key, "S3_SECRET": s.Secret} {
			if v == "" {
				found = append(found, problem{name, "is needed as well, because " + Prefix + "S3_ENDPOINT is set"})
			}
		}
	} else if s.Bucket != "" || s.Key != "" || s.Secret != "" {
		found = append(found, problem{"S3_ENDPOINT", "is needed as well, because other S3 settings are set"})
	}
	return found
}
