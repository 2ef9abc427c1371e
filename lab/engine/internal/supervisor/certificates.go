package supervisor

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"drover/lab/engine/internal/nodepassword"
	"drover/lab/engine/internal/pki"
)

// Headers that K3s' nodes send with requests for kubelet certificates.
const (
	HeaderName     = "k3s-Node-Name"
	HeaderPassword = "k3s-Node-Password"
	HeaderIP       = "k3s-Node-IP"
)

// requestLimit bounds the body of a signing request.
const requestLimit = 64 << 10

func (s *Supervisor) servingKubelet(w http.ResponseWriter, r *http.Request) {
	node, ok := s.checkNode(w, r)
	if !ok {
		return
	}
	names := []string{node, "localhost", "127.0.0.1"}
	for _, ip := range strings.Split(r.Header.Get(HeaderIP), ",") {
		if ip == "" {
			continue
		}
		if net.ParseIP(ip) == nil {
			fail(w, http.StatusBadRequest, fmt.Errorf("invalid node IP address %s", ip))
			return
		}
		names = append(names, ip)
	}
	s.sign(w, r, "server-ca", pki.Subject{Name: node, Names: names})
}

func (s *Supervisor) clientKubelet(w http.ResponseWriter, r *http.Request) {
	if node, ok := s.checkNode(w, r); ok {
		s.sign(w, r, "client-ca", pki.Subject{Name: nodePrefix + node, Orgs: []string{"system:nodes"}})
	}
}

func (s *Supervisor) clientProxy(w http.ResponseWriter, r *http.Request) {
	s.sign(w, r, "client-ca", pki.Subject{Name: "system:kube-proxy"})
}

func (s *Supervisor) clientController(w http.ResponseWriter, r *http.Request) {
	s.sign(w, r, "client-ca", pki.Subject{Name: "system:k3s-controller"})
}

// checkNode makes sure that the node's name belongs to the host that asks.
func (s *Supervisor) checkNode(w http.ResponseWriter, r *http.Request) (string, bool) {
	node, password := r.Header.Get(HeaderName), r.Header.Get(HeaderPassword)
	if node == "" || password == "" {
		fail(w, http.StatusBadRequest, errors.New("node name and node password must be set"))
		return "", false
	}
	if own := s.nodeOf(r); own != "" && own != node {
		fail(w, http.StatusForbidden, fmt.Errorf("certificate of node %s cannot ask for node %s", own, node))
		return "", false
	}
	err := nodepassword.Ensure(r.Context(), s.client, node, password)
	switch {
	case errors.Is(err, nodepassword.ErrRejected):
		fail(w, http.StatusForbidden, err)
	case err != nil:
		fail(w, http.StatusServiceUnavailable, err)
	}
	return node, err == nil
}

// sign answers with a certificate for the key of the request's body; the subject is the server's choice alone.
func (s *Supervisor) sign(w http.ResponseWriter, r *http.Request, ca string, subject pki.Subject) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, requestLimit))
	if err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	csr, err := x509.ParseCertificateRequest(body)
	if err == nil {
		err = csr.CheckSignature()
	}
	if err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	cert, err := pki.Sign(s.config.Data.TLS(ca), subject, csr.PublicKey, s.now())
	if err != nil {
		fail(w, http.StatusInternalServerError, err)
		return
	}
	text(string(cert))(w, r)
}
