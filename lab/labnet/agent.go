package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/netip"
	"strings"
	"time"

	"github.com/vishvananda/netlink"
)

const (
	// lookEvery finds what no event tells: files and rules that were removed, peers that fell silent.
	lookEvery = 3 * time.Second
	// settle gathers events that come together.
	settle = 100 * time.Millisecond
)

type agent struct {
	options Options
	claimer claimer
	nodes   *Nodes
	health  *health
	tunnel  *tunnel
	block   netip.Prefix
}

// run looks after the node until ctx ends. Everything stays as it is then: the pods need it.
func (a *agent) run(ctx context.Context) error {
	removed, err := watchKernel(ctx)
	if err != nil {
		return err
	}
	go a.tunnel.keepAsking(ctx)
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		problems := a.look(ctx)
		if a.health.say(problems) {
			log.Println("ready:", len(problems) == 0, strings.Join(problems, "; "))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-a.nodes.changed:
		case <-removed:
		case <-a.tunnel.news:
		case <-ticker.C:
			continue
		}
		time.Sleep(settle)
	}
}

// look makes the node as it should be and returns why its pods cannot reach others.
func (a *agent) look(ctx context.Context) []string {
	if !a.nodes.synced() {
		return []string{"the API has not told the nodes yet"}
	}
	self, err := a.self(ctx)
	if err != nil {
		return []string{err.Error()}
	}
	peers := a.nodes.peers(a.options.Node)
	if err := a.ensure(self, peers); err != nil {
		return strings.Split(err.Error(), "\n")
	}
	a.tunnel.follow(peers)
	return append(a.nodes.waiting(a.options.Node), a.tunnel.silent()...)
}

// self is this node with the block that it has, claimed first where it has none.
func (a *agent) self(ctx context.Context) (Peer, error) {
	node := a.nodes.get(a.options.Node)
	if node == nil {
		return Peer{}, fmt.Errorf("the API has no node %s", a.options.Node)
	}
	address, ok := addressOf(node)
	if !ok {
		return Peer{}, errors.New("the node has no IPv4 address")
	}
	if a.block.IsValid() && node.Annotations[BlockAnnotation] == a.block.String() {
		return Peer{Name: node.Name, Address: address, Block: a.block}, nil
	}
	block, err := a.claimer.claim(ctx, node, a.nodes.peers(a.options.Node))
	if err != nil {
		return Peer{}, err
	}
	if err := a.claimer.publish(ctx, node, block); err != nil {
		return Peer{}, err
	}
	if a.block != block {
		log.Println("block", block)
	}
	a.block = block
	return Peer{Name: node.Name, Address: address, Block: block}, nil
}

func (a *agent) ensure(self Peer, peers []Peer) error {
	link, err := ensureDevice(a.options, self)
	if err != nil {
		return err
	}
	err = errors.Join(
		ensureWire(link, self, peers),
		ensureForwarding(),
		ensureMasquerade(a.options),
		ensurePlugins(a.options.BinDir),
		a.tunnel.open(self.Block.Addr()),
	)
	if err != nil {
		return err
	}
	return ensureConfiguration(a.options, self.Block, link.Attrs().MTU)
}

// touch notes that something happened, once however often it does until somebody looks.
func touch(news chan<- struct{}) {
	select {
	case news <- struct{}{}:
	default:
	}
}

// watchKernel tells when devices or routes go.
func watchKernel(ctx context.Context) (<-chan struct{}, error) {
	links, routes := make(chan netlink.LinkUpdate, 64), make(chan netlink.RouteUpdate, 64)
	if err := netlink.LinkSubscribe(links, ctx.Done()); err != nil {
		return nil, err
	}
	if err := netlink.RouteSubscribe(routes, ctx.Done()); err != nil {
		return nil, err
	}
	out := make(chan struct{}, 1)
	go func() {
		for links != nil || routes != nil {
			select {
			case update, open := <-links:
				if !open {
					links = nil
				} else if update.Link.Attrs().Name == Device {
					touch(out)
				}
			case update, open := <-routes:
				if !open {
					routes = nil
				} else if update.Protocol == protocol {
					touch(out)
				}
			}
		}
	}()
	return out, nil
}
