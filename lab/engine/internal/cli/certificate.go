package cli

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/sirupsen/logrus"
	"k8s.io/apimachinery/pkg/util/duration"
	"sigs.k8s.io/yaml"

	"drover/lab/engine/internal/config"
	"drover/lab/engine/internal/files"
	"drover/lab/engine/internal/paths"
	"drover/lab/engine/internal/pki"
)

// checked is one line of `k3s certificate check`; the names are those of its JSON.
type checked struct {
	Filename     string
	Subject      string
	Issuer       string
	Usages       []string
	ExpiryTime   time.Time
	ResidualTime time.Duration
	Status       string
}

type checkedList struct{ Certificates []checked }

func certificate(_ context.Context, v *config.Values) error {
	d := paths.Data(v.String("data-dir"))
	switch sub, _ := subcommand(v, "check"); sub {
	case "check":
		return printCertificates(os.Stdout, v.String("output"), collect(d, time.Now()))
	case "rotate":
		return rotateCertificates(d, time.Now())
	default:
		return fmt.Errorf("lab engine: k3s certificate %s is not supported; it has check and rotate", sub)
	}
}

// leafFiles are this host's certificates: a server has those of its node too.
func leafFiles(d paths.Data) []string {
	var out []string
	if files.Exists(d.Server()) {
		for _, n := range pki.ServerLeaves() {
			out = append(out, d.TLS(n+".crt"))
		}
	}
	for _, n := range pki.AgentLeaves {
		out = append(out, d.Agent(n+".crt"))
	}
	return out
}

func collect(d paths.Data, now time.Time) checkedList {
	var out checkedList
	all := leafFiles(d)
	if files.Exists(d.Server()) {
		logrus.Info("Server detected, checking agent and server certificates")
		for _, n := range pki.CAs {
			all = append(all, d.TLS(n+".crt"))
		}
	} else {
		logrus.Info("Agent detected, checking agent certificates")
	}
	for _, f := range all {
		cert, err := pki.Read(f)
		if err != nil {
			logrus.Debugf("%v", err)
			continue
		}
		out.Certificates = append(out.Certificates, checked{
			Filename: filepath.Base(f), Subject: cert.Subject.CommonName, Issuer: cert.Issuer.CommonName, Usages: usages(cert),
			ExpiryTime: cert.NotAfter, ResidualTime: cert.NotAfter.Sub(now), Status: certStatus(cert, now),
		})
	}
	return out
}

func certStatus(c *x509.Certificate, now time.Time) string {
	switch {
	case now.Before(c.NotBefore):
		return "NOT YET VALID"
	case now.After(c.NotAfter):
		return "EXPIRED"
	case now.Add(pki.RenewBefore).After(c.NotAfter):
		return "WARNING"
	default:
		return "OK"
	}
}

func usages(c *x509.Certificate) []string {
	if c.IsCA {
		return []string{"CertSign"}
	}
	var out []string
	for _, u := range c.ExtKeyUsage {
		switch u {
		case x509.ExtKeyUsageServerAuth:
			out = append(out, "ServerAuth")
		case x509.ExtKeyUsageClientAuth:
			out = append(out, "ClientAuth")
		}
	}
	return out
}

func printCertificates(w io.Writer, format string, list checkedList) error {
	switch format {
	case "", "text":
		for _, c := range list.Certificates {
			logCertificate(c)
		}
		return nil
	case "table":
		t := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
		fmt.Fprintf(t, "\nFILENAME\tSUBJECT\tUSAGES\tEXPIRES\tRESIDUAL TIME\tSTATUS\n--------\t-------\t------\t-------\t-------------\t------\n")
		for _, c := range list.Certificates {
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", c.Filename, c.Subject, strings.Join(c.Usages, ","), c.ExpiryTime.Format("Jan 02, 2006 15:04 MST"), duration.HumanDuration(c.ResidualTime), c.Status)
		}
		return t.Flush()
	case "json":
		return json.NewEncoder(w).Encode(list)
	case "yaml":
		b, err := yaml.Marshal(list)
		if err == nil {
			_, err = w.Write(b)
		}
		return err
	default:
		return fmt.Errorf("invalid output format %s", format)
	}
}

func logCertificate(c checked) {
	what := fmt.Sprintf("%s: certificate %s (%s)", c.Filename, c.Subject, strings.Join(c.Usages, ","))
	end := c.ExpiryTime.Format(time.RFC3339)
	switch c.Status {
	case "NOT YET VALID":
		logrus.Errorf("%s is not valid yet, ends at %s", what, end)
	case "EXPIRED":
		logrus.Errorf("%s expired at %s", what, end)
	case "WARNING":
		logrus.Warnf("%s will expire within %d days at %s", what, int(pki.RenewBefore.Hours()/24), end)
	default:
		logrus.Infof("%s is ok, expires at %s", what, end)
	}
}

// rotateCertificates sets the leaf certificates aside; the next start makes new ones.
func rotateCertificates(d paths.Data, now time.Time) error {
	backup := d.Agent(fmt.Sprintf("tls-%d", now.Unix()))
	if files.Exists(d.Server()) {
		backup = d.Server(fmt.Sprintf("tls-%d", now.Unix()))
	}
	if err := os.MkdirAll(backup, 0o700); err != nil {
		return err
	}
	for _, f := range leafFiles(d) {
		for _, path := range []string{f, strings.TrimSuffix(f, ".crt") + ".key"} {
			name := strings.ReplaceAll(strings.TrimPrefix(path, string(d)+"/"), "/", "_")
			if err := os.Rename(path, filepath.Join(backup, name)); err != nil && !os.IsNotExist(err) {
				return err
			}
		}
	}
	logrus.Infof("Successfully backed up certificates to %s, please restart k3s server or agent to rotate certificates", backup)
	return nil
}
