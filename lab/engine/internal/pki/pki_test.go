package pki

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"slices"
	"testing"
	"time"

	"k8s.io/client-go/tools/clientcmd"

	"drover/lab/engine/internal/paths"
)

var now = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func server(t *testing.T) Server {
	t.Helper()
	dir := t.TempDir()
	return Server{Data: paths.Data(dir), Node: "m0", IP: "10.0.0.1", SANs: []string{"m0", "10.0.0.1", "localhost", "127.0.0.1"}, Port: 6443, Kubeconfig: dir + "/k3s.yaml", Mode: 0o640}
}

func made(t *testing.T) Server {
	t.Helper()
	s := server(t)
	if err := MakeCAs(s.Data, now); err != nil {
		t.Fatal(err)
	}
	if err := EnsureServer(s, now); err != nil {
		t.Fatal(err)
	}
	return s
}

func read(t *testing.T, path string) *x509.Certificate {
	t.Helper()
	c, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryLeafVerifiesAgainstItsAuthority(t *testing.T) {
	s := made(t)
	for _, l := range s.leaves() {
		cert, ca := read(t, s.Data.TLS(l.file+".crt")), read(t, s.Data.TLS(l.ca+".crt"))
		pool := x509.NewCertPool()
		pool.AddCert(ca)
		if _, err := cert.Verify(x509.VerifyOptions{Roots: pool, CurrentTime: now, KeyUsages: l.subject.usages()}); err != nil {
			t.Errorf("%s: %v", l.file, err)
		}
		if slices.Contains(cert.ExtKeyUsage, x509.ExtKeyUsageServerAuth) != (len(l.subject.Names) > 0) {
			t.Errorf("%s: usages %v", l.file, cert.ExtKeyUsage)
		}
	}
}

func TestKeysAreSecret(t *testing.T) {
	s := made(t)
	for _, f := range []string{"server-ca.key", "service.key", "etcd/peer-ca.key", "client-admin.key"} {
		st, err := os.Stat(s.Data.TLS(f))
		if err != nil {
			t.Fatal(err)
		}
		if st.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v", f, st.Mode())
		}
	}
}

func TestMakingAgainChangesNothing(t *testing.T) {
	s := made(t)
	before := read(t, s.Data.TLS("serving-kube-apiserver.crt"))
	ca := read(t, s.Data.TLS("server-ca.crt"))
	if err := MakeCAs(s.Data, now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := EnsureServer(s, now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if !ca.Equal(read(t, s.Data.TLS("server-ca.crt"))) || !before.Equal(read(t, s.Data.TLS("serving-kube-apiserver.crt"))) {
		t.Error("certificates were replaced")
	}
}

func TestLeavesAreRenewedNearTheirEnd(t *testing.T) {
	s := made(t)
	before := read(t, s.Data.TLS("client-admin.crt"))
	later := before.NotAfter.Add(-RenewBefore + time.Hour)
	if err := EnsureServer(s, later); err != nil {
		t.Fatal(err)
	}
	after := read(t, s.Data.TLS("client-admin.crt"))
	if !after.NotAfter.Equal(later.AddDate(1, 0, 0)) {
		t.Errorf("ends %v", after.NotAfter)
	}
}

func TestANewNameRenewsTheServingCertificate(t *testing.T) {
	s := made(t)
	s.SANs = append(s.SANs, "api.example.org", "192.0.2.7")
	if err := EnsureServer(s, now); err != nil {
		t.Fatal(err)
	}
	cert := read(t, s.Data.TLS("serving-kube-apiserver.crt"))
	for _, n := range s.SANs {
		if err := cert.VerifyHostname(n); err != nil {
			t.Error(err)
		}
	}
}

func TestAnotherAuthorityRenewsLeaves(t *testing.T) {
	s := made(t)
	for _, end := range []string{".crt", ".key"} {
		if err := os.Remove(s.Data.TLS("client-ca" + end)); err != nil {
			t.Fatal(err)
		}
	}
	if err := MakeCAs(s.Data, now); err != nil {
		t.Fatal(err)
	}
	if err := EnsureServer(s, now); err != nil {
		t.Fatal(err)
	}
	if !Trusts(s.Data.TLS("client-ca.crt"), read(t, s.Data.TLS("client-admin.crt")), now) {
		t.Error("the administrator's certificate is of the old authority")
	}
}

func TestRequestsKeepTheirKey(t *testing.T) {
	path := t.TempDir() + "/kubelet.key"
	var keys [2]*ecdsa.PublicKey
	for i := range keys {
		der, err := NewRequest(path, "m0")
		if err != nil {
			t.Fatal(err)
		}
		csr, err := x509.ParseCertificateRequest(der)
		if err != nil {
			t.Fatal(err)
		}
		keys[i] = csr.PublicKey.(*ecdsa.PublicKey)
	}
	if !keys[0].Equal(keys[1]) {
		t.Error("the key changed")
	}
}

func TestSignedRequestsAreTrusted(t *testing.T) {
	s := made(t)
	der, err := NewRequest(t.TempDir()+"/k.key", "whatever")
	if err != nil {
		t.Fatal(err)
	}
	csr, err := x509.ParseCertificateRequest(der)
	if err != nil {
		t.Fatal(err)
	}
	chain, err := Sign(s.Data.TLS("client-ca"), Subject{Name: "system:node:m0", Orgs: []string{"system:nodes"}}, csr.PublicKey, now)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(chain)
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if cert.Subject.CommonName != "system:node:m0" {
		t.Errorf("the server names the subject, not the request: %s", cert.Subject)
	}
	if !Trusts(s.Data.TLS("client-ca.crt"), cert, now) || Trusts(s.Data.TLS("server-ca.crt"), cert, now) {
		t.Error("trusted by the wrong authority")
	}
}

func TestAdminKubeconfig(t *testing.T) {
	s := made(t)
	st, err := os.Stat(s.Kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	if st.Mode().Perm() != 0o640 {
		t.Errorf("mode %v", st.Mode())
	}
	c, err := clientcmd.LoadFromFile(s.Kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	if c.CurrentContext != "default" || c.Clusters["default"].Server != "https://127.0.0.1:6443" || len(c.AuthInfos["default"].ClientKeyData) == 0 {
		t.Errorf("kubeconfig %+v", c)
	}
}
