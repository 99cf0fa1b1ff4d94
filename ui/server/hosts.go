package server

import (
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/valyala/fasthttp"
)

// from is the address that a request came from. A proxy on this machine says whom
// it speaks for, at the end of X-Forwarded-For; nobody else is believed. It serves
// limits and logs, and opens nothing.
func from(ctx *fasthttp.RequestCtx) net.IP {
	ip := ctx.RemoteIP()
	if !ip.IsLoopback() {
		return ip
	}
	lines := ctx.Request.Header.PeekAll("X-Forwarded-For")
	if len(lines) == 0 {
		return ip
	}
	last := string(lines[len(lines)-1])
	if named := net.ParseIP(strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])); named != nil {
		return named
	}
	return ip
}

// neighbourhood is what limits for each address count by: an IPv4 address, or the
// /64 of an IPv6 address, of which one person has all; "" for this machine, which
// has no limits.
func neighbourhood(ip net.IP) string {
	if ip.IsLoopback() {
		return ""
	}
	if v4 := ip.To4(); v4 != nil {
		return v4.String()
	}
	return ip.Mask(net.CIDRMask(64, 128)).String()
}

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
