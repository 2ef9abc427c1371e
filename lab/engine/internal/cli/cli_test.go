package cli

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"drover/lab/engine/internal/paths"
	"drover/lab/engine/internal/pki"
)

func TestVersionHasK3sFormAndSaysWhatItIs(t *testing.T) {
	if v := Version(); !regexp.MustCompile(`^k3s version \S+ \(drover-lab-engine\)\ngo version go\S+\n$`).MatchString(v) {
		t.Errorf("%q", v)
	}
}

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		want int
	}{
		{"--version", nil, 0}, {"--help", nil, 0}, {"server", []string{"--help"}, 0}, {"crictl", nil, 1}, {"nonsense", nil, 3},
		{"server", []string{"--nonsense"}, 1}, {"token", []string{"generate"}, 0}, {"token", []string{"nonsense", "--data-dir", "/nowhere"}, 1},
		{"agent", nil, 1},
	} {
		if got := Run(c.name, c.args); got != c.want {
			t.Errorf("k3s %s %v: %d, want %d", c.name, c.args, got, c.want)
		}
	}
}

func TestBootstrapTokensHaveTheirForm(t *testing.T) {
	for range 20 {
		if s := randomBootstrapToken(); !regexp.MustCompile(`^[a-z0-9]{6}\.[a-z0-9]{16}$`).MatchString(s) {
			t.Error(s)
		}
	}
}

func certificates(t *testing.T, now time.Time) (paths.Data, checkedList) {
	t.Helper()
	d, made := paths.Data(t.TempDir()), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	if err := pki.MakeCAs(d, made); err != nil {
		t.Fatal(err)
	}
	s := pki.Server{Data: d, Node: "m0", IP: "10.0.0.1", SANs: []string{"m0"}, Port: 6443, Kubeconfig: string(d) + "/k3s.yaml"}
	if err := pki.EnsureServer(s, made); err != nil {
		t.Fatal(err)
	}
	return d, collect(d, now)
}

func TestCertificateStatusFollowsTheClock(t *testing.T) {
	made := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for status, now := range map[string]time.Time{"OK": made, "WARNING": made.AddDate(0, 11, 0), "EXPIRED": made.AddDate(2, 0, 0), "NOT YET VALID": made.AddDate(0, 0, -1)} {
		_, list := certificates(t, now)
		for _, c := range list.Certificates {
			if c.Filename == "client-admin.crt" && c.Status != status {
				t.Errorf("%s: %s", status, c.Status)
			}
		}
		if len(list.Certificates) != len(pki.ServerLeaves())+len(pki.CAs) {
			t.Errorf("%d certificates", len(list.Certificates))
		}
	}
}

func TestCertificateFormats(t *testing.T) {
	_, list := certificates(t, time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC))
	var table, asJSON bytes.Buffer
	if err := printCertificates(&table, "table", list); err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^FILENAME +SUBJECT +USAGES +EXPIRES +RESIDUAL TIME +STATUS$`).MatchString(table.String()) || !strings.Contains(table.String(), "serving-kube-apiserver.crt") {
		t.Error(table.String())
	}
	if err := printCertificates(&asJSON, "json", list); err != nil {
		t.Fatal(err)
	}
	var back struct {
		Certificates []struct{ Filename, Subject, Status, ExpiryTime string }
	}
	if err := json.Unmarshal(asJSON.Bytes(), &back); err != nil || len(back.Certificates) == 0 || back.Certificates[0].Status != "OK" {
		t.Errorf("%v %s", err, asJSON.String())
	}
	if err := printCertificates(&table, "xml", list); err == nil {
		t.Error("no error")
	}
}

func TestRotatedCertificatesAreKept(t *testing.T) {
	d, _ := certificates(t, time.Now())
	if err := rotateCertificates(d, time.Unix(5, 0)); err != nil {
		t.Fatal(err)
	}
	if _, err := pki.Read(d.TLS("client-admin.crt")); err == nil {
		t.Error("still there")
	}
	if _, err := pki.Read(d.Server("tls-5", "server_tls_client-admin.crt")); err != nil {
		t.Error(err)
	}
	if _, err := pki.Read(d.TLS("server-ca.crt")); err != nil {
		t.Errorf("authorities stay: %v", err)
	}
}
