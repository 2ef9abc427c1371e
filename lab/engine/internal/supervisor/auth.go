package supervisor

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"drover/lab/engine/internal/bootstrap"
	"drover/lab/engine/internal/pki"
)

// audience says who may make a request.
type audience int

const (
	// nodes are agents and servers: by token, by bootstrap token, or by the kubelet's certificate.
	nodes audience = iota
	// servers need the server token.
	servers
)

const nodePrefix = "system:node:"

func (s *Supervisor) allow(who audience, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ok, err := s.authenticate(who, r)
		if err != nil {
			fail(w, http.StatusInternalServerError, err)
			return
		}
		if !ok {
			fail(w, http.StatusUnauthorized, errors.New("not authorized"))
			return
		}
		next(w, r)
	}
}

func (s *Supervisor) authenticate(who audience, r *http.Request) (bool, error) {
	if user, password, given := r.BasicAuth(); given {
		p, err := bootstrap.ReadPasswords(s.config.Data)
		if err != nil {
			return false, err
		}
		if same(password, p.Server) {
			return user == "server" || who == nodes, nil
		}
		return who == nodes && user != "server" && same(password, p.Node), nil
	}
	if who != nodes {
		return false, nil
	}
	if bearer, given := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); given {
		return s.bootstrapToken(r.Context(), bearer), nil
	}
	return s.nodeOf(r) != "", nil
}

func same(a, b string) bool {
	return b != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}

// nodeOf is the node that a kubelet's certificate belongs to, when the request came with one.
func (s *Supervisor) nodeOf(r *http.Request) string {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return ""
	}
	cert := r.TLS.PeerCertificates[0]
	node, ok := strings.CutPrefix(cert.Subject.CommonName, nodePrefix)
	if !ok || !pki.Trusts(s.config.Data.TLS("client-ca.crt"), cert, s.now()) {
		return ""
	}
	return node
}

// bootstrapToken checks a token of `k3s token create` against its Secret.
func (s *Supervisor) bootstrapToken(ctx context.Context, bearer string) bool {
	id, secret, ok := strings.Cut(bearer, ".")
	if !ok {
		return false
	}
	have, err := s.client.CoreV1().Secrets(metav1.NamespaceSystem).Get(ctx, "bootstrap-token-"+id, metav1.GetOptions{})
	if err != nil || !same(secret, string(have.Data["token-secret"])) || string(have.Data["usage-bootstrap-authentication"]) != "true" {
		return false
	}
	expiry := string(have.Data["expiration"])
	if expiry == "" {
		return true
	}
	end, err := time.Parse(time.RFC3339, expiry)
	return err == nil && s.now().Before(end)
}
