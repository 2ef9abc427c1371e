package agent

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/sirupsen/logrus"

	"drover/lab/engine/internal/child"
	"drover/lab/engine/internal/files"
	"drover/lab/engine/internal/kube"
	"drover/lab/engine/internal/paths"
)

// proxy runs kube-proxy. Connection tracking limits are the machine's: nested hosts may not set them, and K3s does not.
func (a *agent) proxy(ctx context.Context) error {
	args := child.Args{
		"kubeconfig": a.node.Data.Agent("kubeproxy.kubeconfig"), "cluster-cidr": a.cluster.ClusterCIDR,
		"hostname-override": a.node.Name, "proxy-mode": "iptables", "healthz-bind-address": "127.0.0.1",
		"conntrack-max-per-core": "0", "conntrack-min": "0", "conntrack-tcp-timeout-established": "0s", "conntrack-tcp-timeout-close-wait": "0s",
	}
	return child.Run(ctx, child.Spec{Name: "kube-proxy", Path: a.node.Data.Bin("kube-proxy"), Args: args.Merge(a.values.List("kube-proxy-arg")).List()})
}

// flannelOptions must keep to the form that the engine's Flannel process reads.
type flannelOptions struct {
	Kubeconfig, NetConf, Interface, IP string
}

// flannel runs Flannel, and writes the CNI configuration as soon as the node's subnet is known.
func (a *agent) flannel(ctx context.Context) error {
	d := a.node.Data
	conf, err := json.Marshal(map[string]any{"Network": a.cluster.ClusterCIDR, "EnableIPv6": false, "EnableIPv4": true, "Backend": map[string]any{"Type": a.cluster.FlannelBackend}})
	if err != nil {
		return err
	}
	if err := files.Write(d.Agent("etc/flannel/net-conf.json"), conf, 0o600); err != nil {
		return err
	}
	// A subnet of an earlier life of this node would give its pods addresses that nobody routes.
	if err := os.Remove(paths.FlannelSubnet); err != nil && !os.IsNotExist(err) {
		return err
	}
	options, err := json.Marshal(flannelOptions{Kubeconfig: d.Agent("k3scontroller.kubeconfig"), NetConf: d.Agent("etc/flannel/net-conf.json"), Interface: a.values.String("flannel-iface"), IP: a.node.IP})
	if err != nil {
		return err
	}
	go func() {
		if err := writeCNI(ctx, d.Agent("etc/cni/net.d/10-flannel.conflist")); err != nil && ctx.Err() == nil {
			logrus.Errorf("CNI configuration: %v", err)
		}
	}()
	return child.Run(ctx, child.Spec{Name: "flanneld", Path: d.Bin("flanneld"), Args: []string{string(options)}, Env: []string{"NODE_NAME=" + a.node.Name}, Restart: true})
}

func writeCNI(ctx context.Context, path string) error {
	var env map[string]string
	err := kube.Poll(ctx, func(context.Context) bool {
		b, err := os.ReadFile(paths.FlannelSubnet)
		env = parseEnv(string(b))
		return err == nil && env["FLANNEL_SUBNET"] != "" && env["FLANNEL_MTU"] != ""
	})
	if err != nil {
		return err
	}
	conf, err := cniConfig(env)
	if err != nil {
		return err
	}
	return files.Write(path, conf, 0o600)
}

func parseEnv(content string) map[string]string {
	out := map[string]string{}
	for _, line := range strings.Split(content, "\n") {
		if k, v, ok := strings.Cut(line, "="); ok {
			out[k] = strings.TrimSpace(v)
		}
	}
	return out
}

// cniConfig is what Flannel's CNI plugin would hand to the bridge plugin, with portmap behind it for host ports.
func cniConfig(env map[string]string) ([]byte, error) {
	_, subnet, err := net.ParseCIDR(env["FLANNEL_SUBNET"])
	if err != nil {
		return nil, err
	}
	var mtu int
	if _, err := fmt.Sscan(env["FLANNEL_MTU"], &mtu); err != nil {
		return nil, err
	}
	return json.MarshalIndent(map[string]any{
		"cniVersion": "1.0.0", "name": "cbr0",
		"plugins": []any{
			map[string]any{
				"type": "bridge", "bridge": "cni0", "isDefaultGateway": true, "forceAddress": true, "hairpinMode": true, "ipMasq": false, "mtu": mtu,
				"ipam": map[string]any{
					"type": "host-local", "ranges": []any{[]any{map[string]string{"subnet": subnet.String()}}},
					"routes": []any{map[string]string{"dst": env["FLANNEL_NETWORK"]}},
				},
			},
			map[string]any{"type": "portmap", "capabilities": map[string]bool{"portMappings": true}},
		},
	}, "", "  ")
}
