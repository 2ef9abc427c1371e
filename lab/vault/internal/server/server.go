// Package server is a small Vault in memory: key/value secrets with versions, policies by path, login of Kubernetes
// service accounts through a real TokenReview, and a seal. It keeps nothing, and no value ever reaches its log.
package server

import (
	"context"
	"errors"
	"flag"
	"log"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

// vault is everything that the server knows.
type vault struct {
	mu sync.Mutex
	// root is the token that may do everything.
	root    string
	mount   string
	sealed  bool
	standby bool
	secrets map[string]*history
	rules   map[string][]rule
	tokens  map[string]*token
	logins  map[string]*login
}

func newVault(root, mount string) *vault {
	return &vault{
		root: root, mount: mount, secrets: map[string]*history{}, rules: map[string][]rule{},
		tokens: map[string]*token{}, logins: map[string]*login{},
	}
}

// Run serves until the context ends. The root token comes from a file: an argument could be seen by everybody.
func Run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	listen := flags.String("listen", ":8200", "address")
	certificate := flags.String("tls-cert-file", "", "certificate")
	key := flags.String("tls-key-file", "", "its key")
	rootFile := flags.String("root-token-file", "", "file with the token that may do everything")
	mount := flags.String("mount", "secret", "where secrets are")
	if err := flags.Parse(args); err != nil {
		return err
	}
	root, err := os.ReadFile(*rootFile)
	if err != nil {
		return err
	}
	if strings.TrimSpace(string(root)) == "" {
		return errors.New("the file of the root token is empty")
	}
	server := &http.Server{
		Addr: *listen, Handler: newVault(strings.TrimSpace(string(root)), *mount).handler(), ReadHeaderTimeout: 10 * time.Second,
	}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	log.Println("listening on", *listen)
	if err := server.ListenAndServeTLS(*certificate, *key); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
