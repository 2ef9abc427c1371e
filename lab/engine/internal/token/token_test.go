package token

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"
)

func ca(t *testing.T) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "ca"}, NotAfter: time.Now().Add(time.Hour), IsCA: true}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func TestParse(t *testing.T) {
	hash := strings.Repeat("a", 64)
	cases := []struct {
		in   string
		want Token
		err  string
	}{
		{"", Token{}, "token must not be empty"},
		{"secret", Token{Password: "secret"}, ""},
		{"with:colon", Token{Password: "with:colon"}, ""},
		{"abcdef.0123456789abcdef", Token{ID: "abcdef", Secret: "0123456789abcdef"}, ""},
		{"K10" + hash + "::server:pw", Token{CAHash: hash, User: "server", Password: "pw"}, ""},
		{"K10" + hash + "::node:p:w", Token{CAHash: hash, User: "node", Password: "p:w"}, ""},
		{"K10" + hash + "::abcdef.0123456789abcdef", Token{CAHash: hash, ID: "abcdef", Secret: "0123456789abcdef"}, ""},
		{"K10abc::server:pw", Token{}, "invalid token CA hash length"},
		{"K10" + hash + "::server", Token{}, "invalid token format"},
		{"K10" + hash + "::server:", Token{}, "invalid token format"},
		{"K10nothing", Token{}, "invalid token format"},
	}
	for _, c := range cases {
		got, err := Parse(c.in)
		if (err == nil) != (c.err == "") || (err != nil && err.Error() != c.err) {
			t.Errorf("%q: error %v, want %q", c.in, err, c.err)
		}
		if err == nil && got != c.want {
			t.Errorf("%q: %+v, want %+v", c.in, got, c.want)
		}
	}
}

func TestFormatAndCheckCA(t *testing.T) {
	one, other := ca(t), ca(t)
	full, err := Format("server:pw", one)
	if err != nil {
		t.Fatal(err)
	}
	tok, err := Parse(full)
	if err != nil {
		t.Fatal(err)
	}
	if err := tok.CheckCA(one); err != nil {
		t.Error(err)
	}
	err = tok.CheckCA(other)
	if err == nil || !strings.HasPrefix(err.Error(), "token CA hash does not match the Cluster CA certificate hash: "+tok.CAHash+" != ") {
		t.Errorf("err = %v", err)
	}
	if err := (Token{Password: "short"}).CheckCA(other); err != nil {
		t.Errorf("a short token cannot check: %v", err)
	}
}

func TestHashCAWantsCertificates(t *testing.T) {
	if _, err := HashCA([]byte("nothing")); err == nil {
		t.Error("no error")
	}
}

// What Format wrote, Parse reads back.
func FuzzFormatThenParse(f *testing.F) {
	f.Add("server", "secret")
	f.Add("node", "a:b::c")
	hash := strings.Repeat("0", 64)
	f.Fuzz(func(t *testing.T, user, password string) {
		if user == "" || strings.Contains(user, ":") || password == "" || bootstrapPattern.MatchString(user+":"+password) {
			return
		}
		got, err := Parse(prefix + hash + "::" + user + ":" + password)
		if err != nil || got.User != user || got.Password != password {
			t.Errorf("%q %q: %+v %v", user, password, got, err)
		}
	})
}
