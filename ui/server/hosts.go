package server

import (
	"net"
	"net/netip"
	"slices"
	"strings"
)

// hostAllowed decides whether to answer to a raw Host header. A foreign site
// whose name was made to point here (DNS rebinding) sends its own name.
func (s *core) hostAllowed(host string) bool {
	if host == "" || strings.ContainsAny(host, "@/\\ \t,") {
		return false
	}
	if s.cfg.Public != nil && strings.EqualFold(host, s.cfg.Public.Host) {
		return true
	}
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(name, "["), "]"))
	if name == "localhost" || slices.Contains(s.hosts, name) {
		return true
	}
	ip, err := netip.ParseAddr(name)
	if err != nil || ip.Zone() != "" {
		return false
	}
	return s.cfg.AnyIP || ip == netip.AddrFrom4([4]byte{127, 0, 0, 1}) || ip == netip.IPv6Loopback()
}

// scheme of URLs of this server as browsers see them.
func (s *core) scheme(host string) string {
	if s.cfg.Public != nil && strings.EqualFold(host, s.cfg.Public.Host) {
		return s.cfg.Public.Scheme
	}
	if s.cfg.TLS {
		return "https"
	}
	return "http"
}

// originAllowed compares an Origin header with the raw Host header. Browsers
// write origins in one way only, so nothing is normalised.
func (s *core) originAllowed(origin, host string) bool {
	return origin == s.scheme(host)+"://"+host
}
