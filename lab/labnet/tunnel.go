package main

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"
)

const (
	askEvery = 2 * time.Second
	// patience is how long a peer may be silent: several questions may be lost.
	patience = 8 * time.Second
)

// tunnel asks every peer through the tunnel, and answers them. That devices and routes are there does not mean that
// packets arrive: what lies between the nodes may drop the tunnel's port.
type tunnel struct {
	port int
	// news tells that a peer answered that had not answered before.
	news chan struct{}

	mu    sync.Mutex
	conn  *net.UDPConn
	local netip.Addr
	peers map[netip.Addr]*contact
}

type contact struct {
	peer     Peer
	since    time.Time
	answered time.Time
}

func newTunnel(port int) *tunnel {
	return &tunnel{port: port, news: make(chan struct{}, 1), peers: map[netip.Addr]*contact{}}
}

const ask, reply = 'a', 'r'

// open listens at this node's end of the tunnel, whose address is local.
func (t *tunnel) open(local netip.Addr) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.conn != nil && t.local == local {
		return nil
	}
	if t.conn != nil {
		_ = t.conn.Close()
	}
	conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(local, uint16(t.port))))
	if err != nil {
		t.conn = nil
		return err
	}
	t.conn, t.local = conn, local
	go t.listen(conn)
	return nil
}

func (t *tunnel) listen(conn *net.UDPConn) {
	buffer := make([]byte, 16)
	for {
		n, from, err := conn.ReadFromUDPAddrPort(buffer)
		if err != nil {
			return
		}
		if n != 1 {
			continue
		}
		switch buffer[0] {
		case ask:
			_, _ = conn.WriteToUDPAddrPort([]byte{reply}, from)
		case reply:
			t.heard(from.Addr().Unmap())
		}
	}
}

func (t *tunnel) heard(from netip.Addr) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.peers[from]
	if c == nil {
		return
	}
	if time.Since(c.answered) >= patience {
		touch(t.news)
	}
	c.answered = time.Now()
}

// follow says who the peers are; those that stay keep what is known about them, new ones are asked at once.
func (t *tunnel) follow(peers []Peer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := map[netip.Addr]*contact{}
	for _, p := range peers {
		c := t.peers[p.Block.Addr()]
		if c == nil {
			c = &contact{since: time.Now()}
			t.put(p.Block.Addr())
		}
		c.peer = p
		now[p.Block.Addr()] = c
	}
	t.peers = now
}

// keepAsking asks all peers, again and again, until ctx ends.
func (t *tunnel) keepAsking(ctx context.Context) {
	ticker := time.NewTicker(askEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			t.askAll()
		}
	}
}

func (t *tunnel) askAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for address := range t.peers {
		t.put(address)
	}
}

func (t *tunnel) put(address netip.Addr) {
	if t.conn != nil {
		_, _ = t.conn.WriteToUDPAddrPort([]byte{ask}, netip.AddrPortFrom(address, uint16(t.port)))
	}
}

// silent names the peers that Kubernetes takes for alive and that do not answer, or have not answered yet.
func (t *tunnel) silent() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []string
	for _, c := range t.peers {
		last := c.answered
		switch {
		case !c.peer.Ready || time.Since(last) < patience:
		case last.IsZero():
			out = append(out, fmt.Sprintf("%s has not answered through the tunnel for %s", c.peer.Name, time.Since(c.since).Round(time.Second)))
		default:
			out = append(out, fmt.Sprintf("%s stopped answering through the tunnel %s ago", c.peer.Name, time.Since(last).Round(time.Second)))
		}
	}
	slices.Sort(out)
	return out
}
