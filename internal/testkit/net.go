package testkit

import "net/netip"

// Loopback is what tests let the outbound guard through to.
var Loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
