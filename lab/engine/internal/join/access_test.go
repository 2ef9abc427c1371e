package join

import (
	"context"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"drover/lab/engine/internal/token"
)

// server is a supervisor that accepts node:secret and the bootstrap token.
func server(t *testing.T) (*httptest.Server, []byte) {
	t.Helper()
	var ca []byte
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		switch {
		case r.URL.Path == "/cacerts":
			_, _ = w.Write(ca)
		case r.Header.Get("Authorization") == "Bearer abcdef.0123456789abcdef":
			_, _ = w.Write([]byte("bearer"))
		case password == "secret":
			_, _ = w.Write([]byte(user))
		default:
			http.Error(w, "not authorized", http.StatusUnauthorized)
		}
	}))
	t.Cleanup(s.Close)
	ca = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	return s, ca
}

func get(t *testing.T, url, secret string, o Options) (string, error) {
	t.Helper()
	a, err := Connect(context.Background(), url, secret, o)
	if err != nil {
		return "", err
	}
	b, err := a.Get(context.Background(), "/v1-k3s/config")
	return string(b), err
}

func TestEachFormOfTokenIsSentAsItShould(t *testing.T) {
	s, ca := server(t)
	full, err := token.Format("server:secret", ca)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		secret string
		o      Options
		want   string
	}{
		{"secret", Options{}, "node"},
		{"secret", Options{User: "server"}, "server"},
		{full, Options{}, "server"},
		{full, Options{User: "server"}, "server"},
		{"abcdef.0123456789abcdef", Options{}, "bearer"},
	} {
		if got, err := get(t, s.URL, c.secret, c.o); err != nil || got != c.want {
			t.Errorf("%q %+v: %q %v", c.secret, c.o, got, err)
		}
	}
}

func TestRefusalsAreK3sWords(t *testing.T) {
	s, _ := server(t)
	_, err := get(t, s.URL, "wrong", Options{})
	if err == nil || err.Error() != s.URL+"/v1-k3s/config: 401 Unauthorized" || !Refused(err, 401) {
		t.Errorf("%v", err)
	}
	_, err = get(t, s.URL, "K10"+strings.Repeat("0", 64)+"::server:secret", Options{})
	if err == nil || !strings.HasPrefix(err.Error(), "token CA hash does not match the Cluster CA certificate hash: ") {
		t.Errorf("%v", err)
	}
	_, err = get(t, "http://x", "secret", Options{})
	if err == nil || err.Error() != "only https:// URLs are supported, invalid scheme: http://x" {
		t.Errorf("%v", err)
	}
	_, err = get(t, "https://127.0.0.1:1", "secret", Options{})
	if err == nil || !strings.HasPrefix(err.Error(), "failed to get CA certs: ") || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v", err)
	}
}
