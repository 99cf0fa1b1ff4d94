package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"stnb.dev/cmd/stnb/config"
	"stnb.dev/ui/server/provider"
)

// configured looks at what the settings name: files and services that a server
// would need only later, and then in the night.
func configured(v config.Values) (list []finding) {
	add := func(what, says string, err error) { list = append(list, finding{what, says, err}) }
	if cert, key := v.Text("server.tls_cert"), v.Text("server.tls_key"); cert != "" || key != "" {
		says, err := certificateOf(cert, key)
		add("TLS", says, err)
	}
	if issuer := v.Text("oidc.issuer"); issuer != "" {
		p, err := provider.New(provider.Config{Issuer: issuer, ClientID: v.Text("oidc.client_id")})
		if err == nil {
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			err = p.Check(ctx)
		}
		if err == nil && v.Text("server.public_url") == "" {
			err = errors.New("server.public_url is not set: the provider would send people back to an address of this machine")
		}
		add("sign-in", issuer+" answers", err)
	}
	if v.Text("metrics.listen") != "" {
		var err error
		if len(v.Text("metrics.token")) < 16 {
			err = errors.New("metrics.listen needs a metrics.token of at least 16 characters")
		}
		add("metrics", "have a token", err)
	}
	if name := v.Text("log.audit"); name != "" {
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		if err == nil {
			f.Close()
		}
		add("audit", name+" can be written", reason(err))
	}
	return list
}

// soon is how long before its end a certificate is a finding.
const soon = 14 * 24 * time.Hour

func certificateOf(cert, key string) (says string, err error) {
	c, err := openCertificate(cert, key, slog.Default())
	if err != nil {
		return "", err
	}
	leaf := c.pair.Leaf
	if leaf == nil {
		if leaf, err = x509.ParseCertificate(c.pair.Certificate[0]); err != nil {
			return "", err
		}
	}
	ends := leaf.NotAfter.Format(time.DateOnly)
	if time.Until(leaf.NotAfter) < soon {
		return "", fmt.Errorf("the certificate in %s ends on %s", cert, ends)
	}
	return fmt.Sprintf("a certificate for %v until %s", leaf.DNSNames, ends), nil
}
