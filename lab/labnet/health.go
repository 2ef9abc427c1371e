package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// stuck is how long the agent may take for one look at its node.
const stuck = time.Minute

// health is what the probes of the pod see. Ready means that packets of pods reach the other nodes, as far as this node
// can tell; until the first look, and after any failed one, the agent is not.
type health struct {
	mu       sync.Mutex
	problems []string
	looked   time.Time
}

func newHealth() *health { return &health{problems: []string{"starting"}, looked: time.Now()} }

// say notes the outcome of a look, and tells whether it differs from the last one.
func (h *health) say(problems []string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	before := strings.Join(h.problems, "\n")
	h.problems, h.looked = problems, time.Now()
	return (before == "") != (len(problems) == 0)
}

func (h *health) serve(ctx context.Context, address string) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		h.mu.Lock()
		defer h.mu.Unlock()
		if len(h.problems) > 0 {
			http.Error(w, strings.Join(h.problems, "\n"), http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(w, "ok\n")
	})
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		h.mu.Lock()
		defer h.mu.Unlock()
		if time.Since(h.looked) > stuck {
			http.Error(w, "the agent is stuck", http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(w, "ok\n")
	})
	server := &http.Server{Addr: address, Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
