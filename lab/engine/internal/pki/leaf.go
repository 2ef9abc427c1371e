package pki

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"net"
	"os"
	"slices"
	"time"
)

// RenewBefore is how long before their end K3s renews leaf certificates when it starts.
const RenewBefore = 120 * 24 * time.Hour

// Subject describes a leaf certificate.
type Subject struct {
	Name  string
	Orgs  []string
	Names []string // host names and addresses; a certificate with names is a server's
	Both  bool     // server and client at once (etcd's)
}

// Sign makes a certificate for a public key with the authority at caBase, followed by the authority's own.
func Sign(caBase string, s Subject, public crypto.PublicKey, now time.Time) ([]byte, error) {
	ca, key, chain, err := loadCA(caBase)
	if err != nil {
		return nil, err
	}
	tmpl := &x509.Certificate{
		Subject:     pkix.Name{CommonName: s.Name, Organization: s.Orgs},
		NotBefore:   ca.NotBefore,
		NotAfter:    now.AddDate(1, 0, 0),
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		ExtKeyUsage: s.usages(),
	}
	for _, n := range s.Names {
		if ip := net.ParseIP(n); ip != nil {
			tmpl.IPAddresses = append(tmpl.IPAddresses, ip)
		} else {
			tmpl.DNSNames = append(tmpl.DNSNames, n)
		}
	}
	cert, err := create(tmpl, ca, public, key)
	return append(cert, chain...), err
}

func (s Subject) usages() []x509.ExtKeyUsage {
	switch {
	case s.Both:
		return []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	case len(s.Names) > 0:
		return []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	default:
		return []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	}
}

// Ensure keeps the pair at base valid: made when missing, near its end, of another authority, or lacking a name.
func Ensure(caBase, base string, s Subject, now time.Time) error {
	if fresh(caBase, base, s, now) {
		return nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	cert, err := Sign(caBase, s, &key.PublicKey, now)
	if err != nil {
		return err
	}
	return writePair(base, cert, key)
}

func fresh(caBase, base string, s Subject, now time.Time) bool {
	cert, err := Read(base + ".crt")
	if err != nil || now.Add(RenewBefore).After(cert.NotAfter) {
		return false
	}
	ca, err := Read(caBase + ".crt")
	if err != nil || cert.CheckSignatureFrom(ca) != nil || cert.Subject.CommonName != s.Name {
		return false
	}
	if _, err := os.Stat(base + ".key"); err != nil {
		return false
	}
	for _, n := range s.Names {
		ip := net.ParseIP(n)
		if ip == nil && !slices.Contains(cert.DNSNames, n) {
			return false
		}
		if ip != nil && !slices.ContainsFunc(cert.IPAddresses, ip.Equal) {
			return false
		}
	}
	return true
}

// Read parses the first certificate of a file.
func Read(path string) (*x509.Certificate, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(b)
	if block == nil {
		return nil, errors.New(path + ": no certificate")
	}
	return x509.ParseCertificate(block.Bytes)
}

// NewRequest makes a key at keyPath (or takes the one there) and a signing request for it, in DER form.
func NewRequest(keyPath, name string) ([]byte, error) {
	key, err := keyAt(keyPath)
	if err != nil {
		return nil, err
	}
	tmpl := &x509.CertificateRequest{Subject: pkix.Name{CommonName: name}}
	return x509.CreateCertificateRequest(rand.Reader, tmpl, key)
}

func keyAt(path string) (*ecdsa.PrivateKey, error) {
	if b, err := os.ReadFile(path); err == nil {
		if block, _ := pem.Decode(b); block != nil {
			return x509.ParseECPrivateKey(block.Bytes)
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	return key, writeKey(path, key)
}

// Trusts tells whether the authority at caPath signed cert for a client.
func Trusts(caPath string, cert *x509.Certificate, now time.Time) bool {
	b, err := os.ReadFile(caPath)
	if err != nil {
		return false
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(bytes.TrimSpace(b)) {
		return false
	}
	_, err = cert.Verify(x509.VerifyOptions{Roots: pool, CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	return err == nil
}
