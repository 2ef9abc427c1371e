// Command standin takes the place of an application's program in a lab. It opens everything that the application needs,
// with the secrets that its pod was given, answers every path with 200 while all of that works, and with 503 and the
// reason otherwise.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

const every = 2 * time.Second

// need is one service or application, as Drover writes it into STANDIN_NEEDS.
type need struct {
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Address string `json:"address"`
	TLS     bool   `json:"tls"`
	// Path of a check over HTTP.
	Path string `json:"path"`
	// Variables that hold name and password.
	Username string `json:"username"`
	Password string `json:"password"`
}

func main() {
	log.SetFlags(0)
	var needs []need
	if text := os.Getenv("STANDIN_NEEDS"); text != "" {
		if err := json.Unmarshal([]byte(text), &needs); err != nil {
			log.Fatalln("STANDIN_NEEDS:", err)
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	watched := newState(os.Getenv("STANDIN_NAME"))
	go watch(ctx, needs, filesOf(os.Getenv("STANDIN_FILES")), watched)
	if err := serve(ctx, strings.Split(os.Getenv("STANDIN_PORTS"), ","), watched); err != nil {
		log.Fatalln(err)
	}
}

// watch looks at all needs again and again, and says so when something changes.
func watch(ctx context.Context, needs []need, files []string, s *state) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		if said := s.set(append(problems(ctx, needs), missing(files)...)); said != "" {
			log.Println(said)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// serve listens on every port until the context ends.
func serve(ctx context.Context, ports []string, handler http.Handler) error {
	failed := make(chan error, len(ports))
	for _, port := range ports {
		if port == "" {
			continue
		}
		server := &http.Server{Addr: ":" + port, Handler: handler, ReadHeaderTimeout: 10 * time.Second}
		go func() {
			if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
				failed <- fmt.Errorf("port %s: %w", port, err)
			}
		}()
		defer server.Close()
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-failed:
		return err
	}
}
