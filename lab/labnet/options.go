package main

import (
	"errors"
	"flag"
	"fmt"
	"net/netip"
)

// Options is what the DaemonSet tells the agent.
type Options struct {
	Node, Namespace string
	// Pool is the network's own range, cut into blocks of BlockBits; Pods is the whole range of the cluster's pods.
	Pool, Pods netip.Prefix
	BlockBits  int
	// MTU of pods; 0 = what the underlay leaves.
	MTU, Port, VNI int
	// ConfDir is a folder that the runtime reads; it is written to only when the network is not the second one.
	ConfDir, ConfName, BinDir string
	Beside                    bool
	// Health is the address of the readiness probe, Echo the UDP port at which agents answer each other in the tunnel.
	Health string
	Echo   int
}

func parseOptions(args []string, env func(string) string) (Options, error) {
	var o Options
	var pool, pods string
	set := flag.NewFlagSet("labnet", flag.ContinueOnError)
	set.StringVar(&o.Node, "node", env("NODE_NAME"), "name of this node")
	set.StringVar(&o.Namespace, "namespace", env("POD_NAMESPACE"), "namespace of the claims")
	set.StringVar(&pool, "pool", "", "range of the network")
	set.StringVar(&pods, "pods", "", "range of all pods")
	set.IntVar(&o.BlockBits, "block", 24, "prefix length of a node's block")
	set.IntVar(&o.MTU, "mtu", 0, "MTU of pods; 0: of the underlay, less the tunnel")
	set.IntVar(&o.Port, "port", 4789, "UDP port of the tunnel")
	set.IntVar(&o.VNI, "vni", 4096, "identifier of the tunnel")
	set.StringVar(&o.ConfDir, "conf-dir", "/etc/cni/net.d", "folder of CNI configuration that the runtime reads")
	set.StringVar(&o.ConfName, "conf-name", "05-labnet.conflist", "name of the configuration")
	set.StringVar(&o.BinDir, "bin-dir", "/opt/cni/bin", "folder of CNI plugins that the runtime uses")
	set.BoolVar(&o.Beside, "beside", false, "another network is in use: stage the configuration only")
	set.StringVar(&o.Health, "health", "127.0.0.1:9878", "address of the readiness probe")
	set.IntVar(&o.Echo, "echo", 9878, "UDP port in the tunnel")
	if err := set.Parse(args); err != nil {
		return o, err
	}
	var poolErr, podsErr error
	o.Pool, poolErr = netip.ParsePrefix(pool)
	o.Pods, podsErr = netip.ParsePrefix(pods)
	return o, errors.Join(poolErr, podsErr, o.check())
}

func (o Options) check() error {
	switch {
	case o.Node == "" || o.Namespace == "":
		return errors.New("NODE_NAME and POD_NAMESPACE are needed")
	case !o.Pool.IsValid() || !o.Pods.IsValid():
		return errors.New("--pool and --pods are needed")
	case !o.Pool.Addr().Is4() || o.Pool.Masked() != o.Pool:
		return fmt.Errorf("--pool %s is no IPv4 range", o.Pool)
	case o.BlockBits < o.Pool.Bits() || o.BlockBits > 30:
		return fmt.Errorf("blocks of /%d cannot be cut out of %s", o.BlockBits, o.Pool)
	}
	return nil
}
