// Package pki makes K3s' certificate authorities, leaf certificates and kubeconfigs under K3s' file names.
package pki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"path/filepath"
	"time"

	"drover/lab/engine/internal/files"
	"drover/lab/engine/internal/paths"
)

// CAs are the authorities of a cluster, by file name below server/tls.
var CAs = []string{"server-ca", "client-ca", "request-header-ca", "etcd/server-ca", "etcd/peer-ca"}

// clockSkew lets a certificate be valid a little before it was made, for hosts whose clocks lag.
const clockSkew = time.Hour

// MakeCAs makes the authorities and the service account key that are missing.
func MakeCAs(d paths.Data, now time.Time) error {
	errs := make(chan error, len(CAs)+1)
	for _, name := range CAs {
		go func() { errs <- makeCA(d.TLS(name), now) }()
	}
	go func() { errs <- makeServiceKey(d.TLS("service.key")) }()
	var all []error
	for range cap(errs) {
		all = append(all, <-errs)
	}
	return errors.Join(all...)
}

func makeCA(base string, now time.Time) error {
	if files.Exists(base+".crt") && files.Exists(base+".key") {
		return nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	tmpl := &x509.Certificate{
		Subject:               pkix.Name{CommonName: fmt.Sprintf("k3s-%s@%d", caName(base), now.Unix())},
		NotBefore:             now.Add(-clockSkew),
		NotAfter:              now.AddDate(10, 0, 0),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
	}
	cert, err := create(tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		return err
	}
	return writePair(base, cert, key)
}

func caName(base string) string {
	name := filepath.Base(base)
	if filepath.Base(filepath.Dir(base)) == "etcd" {
		return "etcd-" + name
	}
	return name
}

func makeServiceKey(path string) error {
	if files.Exists(path) {
		return nil
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	block := &pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}
	return files.Write(path, pem.EncodeToMemory(block), 0o600)
}

func create(tmpl, parent *x509.Certificate, public crypto.PublicKey, signer crypto.PrivateKey) ([]byte, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 126))
	if err != nil {
		return nil, err
	}
	tmpl.SerialNumber = serial
	der, err := x509.CreateCertificate(rand.Reader, tmpl, parent, public, signer)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), nil
}

func writePair(base string, cert []byte, key *ecdsa.PrivateKey) error {
	// The key goes first: a certificate without its key must never be seen.
	return errors.Join(writeKey(base+".key", key), files.Write(base+".crt", cert, 0o644))
}

func writeKey(path string, key *ecdsa.PrivateKey) error {
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	return files.Write(path, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}), 0o600)
}

// loadCA reads an authority that is ready to sign.
func loadCA(base string) (*x509.Certificate, crypto.PrivateKey, []byte, error) {
	pair, err := tls.LoadX509KeyPair(base+".crt", base+".key")
	if err != nil {
		return nil, nil, nil, err
	}
	cert, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		return nil, nil, nil, err
	}
	chain := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]})
	return cert, pair.PrivateKey, chain, nil
}
