// Package supervisor answers K3s' own requests (/cacerts, /ping, /v1-k3s/...) on the API server's port.
package supervisor

import (
	"encoding/json"
	"net/http"
	"os"
	"time"

	"k8s.io/client-go/kubernetes"

	"drover/lab/engine/internal/critical"
	"drover/lab/engine/internal/kube"
	"drover/lab/engine/internal/paths"
)

// AgentConfig is what a server tells nodes about the cluster.
type AgentConfig struct {
	ClusterCIDR          string
	ClusterDNS           string
	ClusterDomain        string
	FlannelBackend       string
	DisableKubeProxy     bool
	HTTPSPort            int
	CriticalControlArgs  critical.Values
	ServiceNodePortRange string
}

// Config is written by the engine for the API server's process.
type Config struct {
	Data  paths.Data
	Agent AgentConfig
}

// Supervisor serves one server's requests.
type Supervisor struct {
	config Config
	client kubernetes.Interface
	now    func() time.Time
	mux    *http.ServeMux
}

// Open reads the configuration that the engine left at path.
func Open(path string) (*Supervisor, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var c Config
	if err := json.Unmarshal(b, &c); err != nil {
		return nil, err
	}
	client, err := kube.Client(c.Data.Cred("supervisor.kubeconfig"))
	if err != nil {
		return nil, err
	}
	return New(c, client, time.Now), nil
}

// New makes a supervisor; tests give it a fake client and clock.
func New(c Config, client kubernetes.Interface, now func() time.Time) *Supervisor {
	s := &Supervisor{config: c, client: client, now: now, mux: http.NewServeMux()}
	d := c.Data
	s.mux.HandleFunc("GET /ping", text("pong"))
	s.mux.HandleFunc("GET /cacerts", file(d.TLS("server-ca.crt")))
	s.mux.HandleFunc("GET /v1-k3s/readyz", s.allow(nodes, text("ok")))
	s.mux.HandleFunc("GET /v1-k3s/config", s.allow(nodes, s.agentConfig))
	s.mux.HandleFunc("GET /v1-k3s/apiservers", s.allow(nodes, s.apiServers))
	s.mux.HandleFunc("GET /v1-k3s/server-ca.crt", s.allow(nodes, file(d.TLS("server-ca.crt"))))
	s.mux.HandleFunc("GET /v1-k3s/client-ca.crt", s.allow(nodes, file(d.TLS("client-ca.crt"))))
	s.mux.HandleFunc("POST /v1-k3s/serving-kubelet.crt", s.allow(nodes, s.servingKubelet))
	s.mux.HandleFunc("POST /v1-k3s/client-kubelet.crt", s.allow(nodes, s.clientKubelet))
	s.mux.HandleFunc("POST /v1-k3s/client-kube-proxy.crt", s.allow(nodes, s.clientProxy))
	s.mux.HandleFunc("POST /v1-k3s/client-k3s-controller.crt", s.allow(nodes, s.clientController))
	s.mux.HandleFunc("GET /v1-k3s/server-bootstrap", s.allow(servers, s.bootstrap))
	s.mux.HandleFunc("PUT /v1-k3s/token", s.allow(servers, s.rotateToken))
	s.mux.HandleFunc("GET /v1-k3s/encrypt/status", s.allow(servers, s.encryptStatus))
	return s
}

// Wrap puts the supervisor in front of the API server's handlers.
func (s *Supervisor) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if ours(r.URL.Path) {
			s.mux.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func ours(path string) bool {
	return path == "/ping" || path == "/cacerts" || len(path) > 8 && path[:8] == "/v1-k3s/"
}

func text(s string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write([]byte(s))
	}
}

func file(path string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		b, err := os.ReadFile(path)
		if err != nil {
			fail(w, http.StatusInternalServerError, err)
			return
		}
		text(string(b))(w, nil)
	}
}

func fail(w http.ResponseWriter, code int, err error) {
	http.Error(w, err.Error(), code)
}

func reply(w http.ResponseWriter, v any, err error) {
	if err != nil {
		fail(w, http.StatusInternalServerError, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the client is gone when this fails
}
