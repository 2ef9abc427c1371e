// Command labnet is the agent of the lab's own cluster network: a real second network beside Flannel, so that changes
// of network can be tested. On its node it claims a block of the pool, keeps a VXLAN device with an entry for every
// other node, masquerades what leaves the cluster, and leaves plugins and configuration where the runtime, or whoever
// switches the node over, finds them. What somebody removes it makes again.
package main

import (
	"context"
	"log"
	"os"
	"os/signal"
	"syscall"

	coordination "k8s.io/client-go/kubernetes/typed/coordination/v1"
	core "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
)

func main() {
	log.SetFlags(0)
	options, err := parseOptions(os.Args[1:], os.Getenv)
	if err != nil {
		log.Fatalln("labnet:", err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, options); err != nil {
		log.Fatalln("labnet:", err)
	}
}

func run(ctx context.Context, options Options) error {
	config, err := rest.InClusterConfig()
	if err != nil {
		return err
	}
	nodes, err := core.NewForConfig(config)
	if err != nil {
		return err
	}
	leases, err := coordination.NewForConfig(config)
	if err != nil {
		return err
	}
	health := newHealth()
	go func() {
		if err := health.serve(ctx, options.Health); err != nil {
			log.Fatalln("labnet:", err)
		}
	}()
	agent := &agent{
		options: options, nodes: watchNodes(ctx, nodes), health: health, tunnel: newTunnel(options.Echo),
		claimer: claimer{nodes: nodes, leases: leases, options: options},
	}
	return agent.run(ctx)
}
