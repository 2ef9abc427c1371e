// Command probe is the small web server that tests of a cluster's network talk to. It says where it runs, echoes,
// looks names up and fetches addresses, so that one pod can report what it can reach. With a certificate it can also
// stand behind an admission webhook.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const (
	lookupTimeout = 5 * time.Second
	bodyLimit     = 1 << 20
)

func main() {
	listen := flag.String("listen", ":8080", "address to listen on")
	cert := flag.String("tls-cert", "", "file of a certificate; with it the server speaks TLS")
	key := flag.String("tls-key", "", "file of its key")
	flag.Parse()
	server := &http.Server{Addr: *listen, Handler: routes(), ReadHeaderTimeout: 10 * time.Second}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	if err := serve(server, *cert, *key); !errors.Is(err, http.ErrServerClosed) {
		log.Fatalln("probe:", err)
	}
}

func serve(server *http.Server, cert, key string) error {
	if cert == "" {
		return server.ListenAndServe()
	}
	return server.ListenAndServeTLS(cert, key)
}

func routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", whoami)
	mux.HandleFunc("GET /node", node)
	mux.HandleFunc("POST /echo", echo)
	mux.HandleFunc("POST /admit", admit)
	mux.HandleFunc("GET /lookup", lookup)
	mux.HandleFunc("GET /fetch", fetch)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") })
	return mux
}

// whoami answers the host name, which in a pod is the pod's name.
func whoami(w http.ResponseWriter, _ *http.Request) {
	name, err := os.Hostname()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, _ = io.WriteString(w, name+"\n")
}

// node answers NODE_NAME (from the downward API) and the caller's address as seen here: masquerading shows.
func node(w http.ResponseWriter, r *http.Request) {
	client, _, _ := net.SplitHostPort(r.RemoteAddr)
	answer(w, map[string]any{"node": os.Getenv("NODE_NAME"), "client": client})
}

func echo(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(w, http.MaxBytesReader(w, r.Body, bodyLimit))
}

// admissionReview is what of the API's admission.k8s.io/v1 AdmissionReview matters here.
type admissionReview struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Request    struct {
		UID    string `json:"uid"`
		Object struct {
			Spec struct {
				Size *int `json:"size"`
			} `json:"spec"`
		} `json:"object"`
	} `json:"request"`
}

// admit answers an admission webhook: objects whose spec.size is not positive are refused.
func admit(w http.ResponseWriter, r *http.Request) {
	var review admissionReview
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, bodyLimit)).Decode(&review); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	response := map[string]any{"uid": review.Request.UID, "allowed": true}
	if size := review.Request.Object.Spec.Size; size != nil && *size < 1 {
		response["allowed"] = false
		response["status"] = map[string]any{"message": "spec.size must be positive"}
	}
	answer(w, map[string]any{"apiVersion": review.APIVersion, "kind": review.Kind, "response": response})
}

// lookup resolves ?name= with this pod's resolver.
func lookup(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), lookupTimeout)
	defer cancel()
	addresses, err := net.DefaultResolver.LookupHost(ctx, r.URL.Query().Get("name"))
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		answer(w, map[string]any{"error": err.Error()})
		return
	}
	answer(w, map[string]any{"addresses": addresses})
}

// fetch gets ?url= and answers its status and body: pod-to-pod and pod-to-service checks without exec.
func fetch(w http.ResponseWriter, r *http.Request) {
	client := http.Client{Timeout: lookupTimeout, Transport: &http.Transport{DisableKeepAlives: true}}
	started := time.Now()
	response, err := client.Get(r.URL.Query().Get("url"))
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		answer(w, map[string]any{"error": err.Error()})
		return
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, bodyLimit))
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		answer(w, map[string]any{"error": err.Error()})
		return
	}
	answer(w, map[string]any{"status": response.StatusCode, "body": string(body), "ms": time.Since(started).Milliseconds()})
}

func answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value)
}
