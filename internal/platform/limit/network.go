package limit

import "net/netip"

// Network is what somebody nobody knows is counted by: an IPv4 address alone,
// and IPv6 addresses by their /64, which one customer of a provider has to
// themselves. What is no address stays as it is.
func Network(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	if a = a.Unmap().WithZone(""); a.Is6() {
		return netip.PrefixFrom(a, 64).Masked().String()
	}
	return a.String()
}
