package outbound

import "net/netip"

// special are the networks that are not the public internet (IANA's registries
// of special-purpose addresses), and those that can stand for another network.
var special = prefixes(
	"0.0.0.0/8",         // this host
	"10.0.0.0/8",        // private
	"100.64.0.0/10",     // behind a carrier's NAT
	"127.0.0.0/8",       // loopback
	"169.254.0.0/16",    // link-local, and the metadata of clouds
	"172.16.0.0/12",     // private
	"192.0.0.0/24",      // protocol assignments
	"192.0.2.0/24",      // documentation
	"192.31.196.0/24",   // AS112
	"192.52.193.0/24",   // AMT
	"192.88.99.0/24",    // 6to4 relays
	"192.168.0.0/16",    // private
	"192.175.48.0/24",   // AS112
	"198.18.0.0/15",     // benchmarks
	"198.51.100.0/24",   // documentation
	"203.0.113.0/24",    // documentation
	"224.0.0.0/4",       // multicast
	"240.0.0.0/4",       // reserved, and broadcast
	"168.63.129.16/32",  // Azure's platform address
	"2001::/23",         // protocol assignments, Teredo among them
	"2001:db8::/32",     // documentation
	"2620:4f:8000::/48", // AS112
	"3fff::/20",         // documentation
)

// global is all of IPv6 that is given to the public; what lies outside
// (loopback, mapped, unique local, link-local, multicast, …) is refused.
var global = netip.MustParsePrefix("2000::/3")

// Networks that carry an IPv4 address inside.
var (
	nat64  = netip.MustParsePrefix("64:ff9b::/96") // in the last 32 bits
	sixTo4 = netip.MustParsePrefix("2002::/16")    // after the first 16 bits
)

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, p := range list {
		out[i] = netip.MustParsePrefix(p)
	}
	return out
}

// public reports whether the address is one of the public internet. An address
// that carries another one is judged by that one.
func public(a netip.Addr) bool {
	a = a.WithZone("").Unmap()
	switch {
	case nat64.Contains(a):
		return public(embedded(a, 12))
	case sixTo4.Contains(a):
		return public(embedded(a, 2))
	case a.Is6() && !global.Contains(a):
		return false
	}
	return a.IsValid() && !within(special, a)
}

func embedded(a netip.Addr, at int) netip.Addr {
	b := a.As16()
	return netip.AddrFrom4([4]byte(b[at : at+4]))
}

func within(list []netip.Prefix, a netip.Addr) bool {
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
