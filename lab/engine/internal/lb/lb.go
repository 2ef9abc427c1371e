// Package lb is K3s' client-side load balancer: nodes reach the API through 127.0.0.1:6444, which goes to any server
// that answers, and whose list of servers outlives restarts.
package lb

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/sirupsen/logrus"

	"drover/lab/engine/internal/files"
)

const (
	dialTimeout = 2 * time.Second
	// checkEvery is how often each server is tried; connections to one that does not answer are cut, so that watches
	// move on in seconds instead of hanging until TCP gives up.
	checkEvery = time.Second
	// failures in a row before a server counts as gone.
	failures = 3
)

// state is the file's form, K3s' own.
type state struct {
	ServerURL       string
	ServerAddresses []string
}

// Balancer forwards TCP connections to one of several servers.
type Balancer struct {
	file     string
	first    string
	mu       sync.Mutex
	servers  []string
	failed   map[string]int
	conns    map[string]map[net.Conn]struct{}
	listener net.Listener
}

// Listen opens the local port. first is the server given by --server; servers known from an earlier run are added.
func Listen(address, first, file string) (*Balancer, error) {
	b := &Balancer{file: file, first: first, servers: []string{first}, failed: map[string]int{}, conns: map[string]map[net.Conn]struct{}{}}
	var s state
	content, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(content, &s)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		logrus.Warnf("load balancer: %s is not readable and is not used: %v", file, err)
	}
	for _, known := range s.ServerAddresses {
		if !slices.Contains(b.servers, known) {
			b.servers = append(b.servers, known)
		}
	}
	b.listener, err = net.Listen("tcp", address)
	return b, err
}

// Address is where the balancer listens.
func (b *Balancer) Address() string { return b.listener.Addr().String() }

// Set replaces the list of servers and keeps it for the next start. An empty list is ignored: it means that nobody knows.
func (b *Balancer) Set(servers []string) error {
	if len(servers) == 0 {
		return nil
	}
	servers = slices.Sorted(slices.Values(servers))
	b.mu.Lock()
	same := slices.Equal(b.servers, servers)
	var gone []string
	for _, s := range b.servers {
		if !slices.Contains(servers, s) {
			gone = append(gone, s)
		}
	}
	b.servers = servers
	b.mu.Unlock()
	for _, s := range gone {
		b.cut(s)
	}
	if same {
		return nil
	}
	logrus.Infof("Updated load balancer server addresses -> %v", servers)
	content, err := json.MarshalIndent(state{ServerURL: "https://" + b.first, ServerAddresses: servers}, "", "  ")
	if err != nil {
		return err
	}
	return files.Write(b.file, content, 0o600)
}

// Serve forwards connections until ctx ends.
func (b *Balancer) Serve(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { _ = b.listener.Close() })
	defer stop()
	go b.check(ctx)
	for {
		conn, err := b.listener.Accept()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		go b.forward(ctx, conn)
	}
}

func (b *Balancer) forward(ctx context.Context, in net.Conn) {
	defer func() { _ = in.Close() }()
	for _, server := range b.order() {
		out, err := (&net.Dialer{Timeout: dialTimeout}).DialContext(ctx, "tcp", server)
		if err != nil {
			b.mark(server, err)
			continue
		}
		b.track(server, out)
		defer b.untrack(server, out)
		done := make(chan struct{}, 2)
		copyOne := func(to, from net.Conn) {
			_, _ = io.Copy(to, from) // either end may break at any time: that is what a connection does
			done <- struct{}{}
		}
		go copyOne(out, in)
		go copyOne(in, out)
		<-done
		return
	}
}

// order is the servers to try: those that answered last first.
func (b *Balancer) order() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := slices.Clone(b.servers)
	slices.SortStableFunc(out, func(x, y string) int { return b.failed[x] - b.failed[y] })
	return out
}

func (b *Balancer) check(ctx context.Context) {
	tick := time.NewTicker(checkEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, server := range b.order() {
			go func() {
				conn, err := (&net.Dialer{Timeout: dialTimeout}).DialContext(ctx, "tcp", server)
				if err == nil {
					_ = conn.Close()
				}
				b.mark(server, err)
			}()
		}
	}
}

func (b *Balancer) mark(server string, err error) {
	b.mu.Lock()
	if err == nil {
		delete(b.failed, server)
	} else {
		b.failed[server]++
	}
	gone := b.failed[server] == failures
	b.mu.Unlock()
	if gone {
		logrus.Warnf("load balancer: server %s does not answer: %v", server, err)
		b.cut(server)
	}
}

func (b *Balancer) track(server string, c net.Conn) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.conns[server] == nil {
		b.conns[server] = map[net.Conn]struct{}{}
	}
	b.conns[server][c] = struct{}{}
}

func (b *Balancer) untrack(server string, c net.Conn) {
	b.mu.Lock()
	delete(b.conns[server], c)
	b.mu.Unlock()
	_ = c.Close()
}

// cut closes every connection to a server; both copies end and the client connects anew.
func (b *Balancer) cut(server string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.conns[server] {
		_ = c.Close()
	}
}
