// Package token reads and writes K3s' join tokens: a bare secret, or K10<CA hash>::<user>:<password>.
package token

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

const prefix = "K10"

// bootstrapPattern is the form of Kubernetes' bootstrap tokens: id.secret.
var bootstrapPattern = regexp.MustCompile(`^([a-z0-9]{6})\.([a-z0-9]{16})$`)

// Token is a parsed join token. Either User and Password are set, or ID and Secret (a bootstrap token).
type Token struct {
	CAHash   string
	User     string
	Password string
	ID       string
	Secret   string
}

// Parse reads a token in either form. Errors are K3s' words.
func Parse(s string) (Token, error) {
	if s == "" {
		return Token{}, errors.New("token must not be empty")
	}
	var t Token
	creds := s
	if !strings.HasPrefix(s, prefix) {
		if m := bootstrapPattern.FindStringSubmatch(s); m != nil {
			return Token{ID: m[1], Secret: m[2]}, nil
		}
		creds = ":" + s
	} else if hash, rest, ok := strings.Cut(s[len(prefix):], "::"); ok {
		if hash != "" && len(hash) != 2*sha256.Size {
			return Token{}, errors.New("invalid token CA hash length")
		}
		t.CAHash, creds = hash, rest
	} else {
		creds = s[len(prefix):]
	}
	if m := bootstrapPattern.FindStringSubmatch(creds); m != nil {
		t.ID, t.Secret = m[1], m[2]
		return t, nil
	}
	user, password, ok := strings.Cut(creds, ":")
	if !ok || password == "" {
		return Token{}, errors.New("invalid token format")
	}
	t.User, t.Password = user, password
	return t, nil
}

// Bearer is the bootstrap token as it is sent in a request, or nothing.
func (t Token) Bearer() string {
	if t.ID == "" {
		return ""
	}
	return t.ID + "." + t.Secret
}

// CheckCA compares the hash inside the token with the CA certificates that a server showed.
func (t Token) CheckCA(ca []byte) error {
	if t.CAHash == "" {
		return nil
	}
	have, err := HashCA(ca)
	if err != nil {
		return err
	}
	if have != t.CAHash {
		return fmt.Errorf("token CA hash does not match the Cluster CA certificate hash: %s != %s", t.CAHash, have)
	}
	return nil
}

// Format writes the full form for credentials ("user:password" or a bootstrap token).
func Format(creds string, ca []byte) (string, error) {
	hash, err := HashCA(ca)
	if err != nil {
		return "", err
	}
	return prefix + hash + "::" + creds, nil
}

// HashCA is the hash that K3s puts into tokens: of the file itself for one self-signed certificate, of the root's
// DER form for a bundle.
func HashCA(bundle []byte) (string, error) {
	var certs []*x509.Certificate
	for rest := bundle; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return "", err
		}
		certs = append(certs, cert)
	}
	if len(certs) == 0 {
		return "", errors.New("data does not contain any valid RSA or ECDSA certificates")
	}
	hashed := bundle
	for _, c := range certs[1:] {
		if bytes.Equal(c.RawIssuer, c.RawSubject) {
			hashed = c.Raw
		}
	}
	sum := sha256.Sum256(hashed)
	return hex.EncodeToString(sum[:]), nil
}

// Random makes a secret of n random bytes in hexadecimal.
func Random(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return hex.EncodeToString(b)
}
