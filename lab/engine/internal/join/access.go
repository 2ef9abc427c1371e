// Package join talks to a server's supervisor with a token, the way a joining node does.
package join

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"drover/lab/engine/internal/token"
)

const requestTimeout = 10 * time.Second

// StatusError is an answer other than 2xx; its text is what K3s logs.
type StatusError struct {
	URL    string
	Code   int
	Status string
	Body   string
}

func (e StatusError) Error() string { return e.URL + ": " + e.Status }

// Refused tells whether err is a server's answer with the given status code.
func Refused(err error, code int) bool {
	var s StatusError
	return errors.As(err, &s) && s.Code == code
}

// Access is a connection to one server (or to the load balancer before several).
type Access struct {
	URL   string
	CA    []byte
	token token.Token
	user  string
	http  *http.Client
}

// Options say who connects.
type Options struct {
	// User is "server" for joining servers; agents leave it empty and get the token's user, or "node".
	User string
	// CertFile and KeyFile are the kubelet's certificate, used beside the token when they exist.
	CertFile, KeyFile string
}

// Connect fetches a server's authorities, checks them against the token's hash, and checks that the server's own
// certificate was signed by them.
func Connect(ctx context.Context, url, secret string, o Options) (*Access, error) {
	tok, err := token.Parse(secret)
	if err != nil {
		return nil, err
	}
	a := &Access{URL: strings.TrimRight(url, "/"), token: tok, user: o.User}
	if a.user == "" {
		a.user = tok.User
	}
	if a.user == "" {
		a.user = "node"
	}
	if !strings.HasPrefix(a.URL, "https://") {
		return nil, errors.New("only https:// URLs are supported, invalid scheme: " + url)
	}
	// The authorities come unverified; the token's hash, or the person who gave a short token, vouches for them.
	bare := client(&tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}) //nolint:gosec // see above
	if a.CA, err = a.do(ctx, bare, http.MethodGet, "/cacerts", nil, nil); err != nil {
		return nil, fmt.Errorf("failed to get CA certs: %w", err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(a.CA)
	config := &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	if pair, err := tls.LoadX509KeyPair(o.CertFile, o.KeyFile); err == nil {
		config.Certificates = []tls.Certificate{pair}
	}
	a.http = client(config)
	if _, err := a.do(ctx, a.http, http.MethodGet, "/cacerts", nil, nil); err != nil {
		return nil, fmt.Errorf("CA cert validation failed: %w", err)
	}
	return a, tok.CheckCA(a.CA)
}

func client(config *tls.Config) *http.Client {
	return &http.Client{Timeout: requestTimeout, Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}}
}

// Get, Post and Put make one request.
func (a *Access) Get(ctx context.Context, path string) ([]byte, error) {
	return a.do(ctx, a.http, http.MethodGet, path, nil, nil)
}

// Post sends a body with further headers.
func (a *Access) Post(ctx context.Context, path string, body []byte, header http.Header) ([]byte, error) {
	return a.do(ctx, a.http, http.MethodPost, path, body, header)
}

// Put sends a body.
func (a *Access) Put(ctx context.Context, path string, body []byte) error {
	_, err := a.do(ctx, a.http, http.MethodPut, path, body, nil)
	return err
}

func (a *Access) do(ctx context.Context, c *http.Client, method, path string, body []byte, header http.Header) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, a.URL+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for k, v := range header {
		req.Header[k] = v
	}
	switch {
	case path == "/cacerts":
	case a.token.Bearer() != "":
		req.Header.Set("Authorization", "Bearer "+a.token.Bearer())
	default:
		req.SetBasicAuth(a.user, a.token.Password)
	}
	resp, err := c.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode/100 != 2 {
		return nil, StatusError{URL: a.URL + path, Code: resp.StatusCode, Status: resp.Status, Body: strings.TrimSpace(string(answer))}
	}
	return answer, nil
}
