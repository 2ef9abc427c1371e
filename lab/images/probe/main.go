// Command probe is the small web server that tests of a cluster's network talk to. It says where it runs, echoes,
// looks names up and fetches addresses, so that one pod can report what it can reach.
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
	flag.Parse()
	server := &http.Server{Addr: *listen, Handler: routes(), ReadHeaderTimeout: 10 * time.Second}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatalln("probe:", err)
	}
}

func routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", whoami)
	mux.HandleFunc("GET /node", node)
	mux.HandleFunc("POST /echo", echo)
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
