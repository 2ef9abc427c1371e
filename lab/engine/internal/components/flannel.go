package components

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/flannel-io/flannel/pkg/backend"
	_ "github.com/flannel-io/flannel/pkg/backend/hostgw" // backend host-gw
	_ "github.com/flannel-io/flannel/pkg/backend/vxlan"  // backend vxlan
	"github.com/flannel-io/flannel/pkg/ip"
	"github.com/flannel-io/flannel/pkg/subnet"
	"github.com/flannel-io/flannel/pkg/subnet/kube"
	"github.com/flannel-io/flannel/pkg/trafficmngr/iptables"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	enginekube "drover/lab/engine/internal/kube"
	"drover/lab/engine/internal/paths"
)

// FlannelOptions is what the engine tells Flannel's process, as JSON in its only argument.
type FlannelOptions struct {
	Kubeconfig string
	NetConf    string
	// Interface is a name; empty means the interface that holds IP.
	Interface string
	IP        string
}

func runFlannel() int {
	var o FlannelOptions
	err := errors.New("usage: flanneld OPTIONS")
	if len(os.Args) == 2 {
		err = json.Unmarshal([]byte(os.Args[1]), &o)
	}
	if err == nil {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
		defer stop()
		err = flannel(ctx, o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "flannel exited:", err)
		return 1
	}
	return 0
}

// flannel joins this node to Flannel's network and keeps its routes until ctx ends.
func flannel(ctx context.Context, o FlannelOptions) error {
	ext, err := external(o)
	if err != nil {
		return err
	}
	if err := waitForSubnet(ctx, o.Kubeconfig); err != nil {
		return err
	}
	manager, err := kube.NewSubnetManager(ctx, "", o.Kubeconfig, "flannel.alpha.coreos.com", o.NetConf, false)
	if err != nil {
		return err
	}
	config, err := manager.GetNetworkConfig(ctx)
	if err != nil {
		return err
	}
	be, err := backend.NewManager(ctx, manager, ext).GetBackend(config.BackendType)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	network, err := be.RegisterNetwork(ctx, &wg, config)
	if err != nil {
		return err
	}
	if err := masquerade(ctx, config, network); err != nil {
		return err
	}
	if err := subnet.WriteSubnetFile(paths.FlannelSubnet, config, true, network.Lease().Subnet, network.Lease().IPv6Subnet, network.MTU()); err != nil {
		return err
	}
	network.Run(ctx)
	wg.Wait()
	return nil
}

// waitForSubnet waits until the node is registered and the controller manager has given it a subnet; Flannel itself
// would end.
func waitForSubnet(ctx context.Context, kubeconfig string) error {
	client, err := enginekube.Client(kubeconfig)
	if err != nil {
		return err
	}
	return enginekube.Poll(ctx, func(ctx context.Context) bool {
		node, err := client.CoreV1().Nodes().Get(ctx, os.Getenv("NODE_NAME"), metav1.GetOptions{})
		return err == nil && node.Spec.PodCIDR != ""
	})
}

func masquerade(ctx context.Context, config *subnet.Config, network backend.Network) error {
	rules := &iptables.IPTablesManager{}
	if err := rules.Init(ctx); err != nil {
		return err
	}
	err := rules.SetupAndEnsureMasqRules(ctx, config.Network, network.Lease().Subnet, config.Network, ip.IP6Net{}, ip.IP6Net{}, ip.IP6Net{}, network.Lease(), 60, false)
	if err != nil {
		return err
	}
	rules.SetupAndEnsureForwardRules(ctx, config.Network, ip.IP6Net{}, 50)
	return nil
}

func external(o FlannelOptions) (*backend.ExternalInterface, error) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	for _, i := range interfaces {
		if o.Interface != "" && i.Name != o.Interface {
			continue
		}
		addrs, err := i.Addrs()
		if err != nil {
			return nil, err
		}
		for _, a := range addrs {
			n, ok := a.(*net.IPNet)
			if !ok || n.IP.To4() == nil || (o.Interface == "" && n.IP.String() != o.IP) {
				continue
			}
			return &backend.ExternalInterface{Iface: &i, IfaceName: i.Name, IfaceAddr: n.IP.To4(), ExtAddr: n.IP.To4()}, nil
		}
	}
	if o.Interface != "" {
		return nil, fmt.Errorf("flannel-iface: no IPv4 address on an interface named %q", o.Interface)
	}
	return nil, fmt.Errorf("no interface holds the node's address %s", o.IP)
}
