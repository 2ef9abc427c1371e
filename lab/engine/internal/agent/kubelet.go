package agent

import (
	"context"
	"fmt"
	"os"
	"strings"

	"sigs.k8s.io/yaml"

	"drover/lab/engine/internal/child"
	"drover/lab/engine/internal/files"
	"drover/lab/engine/internal/paths"
)

// kubeletConfig writes K3s' defaults as the first drop-in of kubelet.conf.d, where a person may add others.
func (a *agent) kubeletConfig() error {
	d := a.node.Data
	resolv, err := resolvConf(d, a.values.String("resolv-conf"))
	if err != nil {
		return err
	}
	driver := "cgroupfs"
	if unifiedCgroups() {
		driver = "systemd"
	}
	content, err := yaml.Marshal(map[string]any{
		"apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration",
		"address": "0.0.0.0", "cgroupDriver": driver, "failSwapOn": false, "failCgroupV1": false,
		"containerRuntimeEndpoint": "unix://" + paths.ContainerdSocket,
		"clusterDNS":               strings.Split(a.cluster.ClusterDNS, ","), "clusterDomain": a.cluster.ClusterDomain, "resolvConf": resolv,
		"tlsCertFile": d.Agent("serving-kubelet.crt"), "tlsPrivateKeyFile": d.Agent("serving-kubelet.key"),
		"authentication":         map[string]any{"x509": map[string]any{"clientCAFile": d.Agent("client-ca.crt")}, "webhook": map[string]any{"enabled": true}, "anonymous": map[string]any{"enabled": false}},
		"authorization":          map[string]any{"mode": "Webhook"},
		"evictionHard":           map[string]string{"imagefs.available": "5%", "nodefs.available": "5%"},
		"evictionMinimumReclaim": map[string]string{"imagefs.available": "10%", "nodefs.available": "10%"},
		// No image is collected: a lab host cannot pull it again, and the disk is shared with everything on the machine.
		"imageGCHighThresholdPercent": 100,
		"healthzBindAddress":          "127.0.0.1",
		"providerID":                  "k3s://" + a.node.Name,
		"serializeImagePulls":         false, "protectKernelDefaults": a.values.Bool("protect-kernel-defaults"),
		"staticPodPath": d.Agent("pod-manifests"),
	})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(d.Agent("pod-manifests"), 0o755); err != nil {
		return err
	}
	return files.Write(d.Agent("etc/kubelet.conf.d/00-k3s-defaults.conf"), content, 0o600)
}

func (a *agent) kubelet(ctx context.Context) error {
	if err := a.kubeletConfig(); err != nil {
		return err
	}
	d := a.node.Data
	args := child.Args{
		"config-dir": d.Agent("etc/kubelet.conf.d"), "kubeconfig": d.Agent("kubelet.kubeconfig"),
		"hostname-override": a.node.Name, "node-ip": a.node.IP,
		"node-labels": strings.Join(append([]string{"node.kubernetes.io/instance-type=k3s"}, a.values.List("node-label")...), ","),
	}
	if taints := a.values.List("node-taint"); len(taints) > 0 {
		args["register-with-taints"] = strings.Join(taints, ",")
	}
	return child.Run(ctx, child.Spec{Name: "kubelet", Path: d.Bin("kubelet"), Args: args.Merge(a.values.List("kubelet-arg")).List()})
}

// resolvConf is the file with the name servers that pods inherit: the user's, the host's, or, when the host has none
// that pods could reach, one of the engine's own.
func resolvConf(d paths.Data, asked string) (string, error) {
	if asked != "" {
		return asked, nil
	}
	for _, path := range []string{"/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"} {
		if b, err := os.ReadFile(path); err == nil && usable(string(b)) {
			return path, nil
		}
	}
	own := d.Agent("etc/resolv.conf")
	return own, files.Write(own, []byte("nameserver 8.8.8.8\n"), 0o644)
}

func usable(resolv string) bool {
	for _, line := range strings.Split(resolv, "\n") {
		var server string
		if n, _ := fmt.Sscanf(line, "nameserver %s", &server); n == 1 && !strings.HasPrefix(server, "127.") && server != "::1" {
			return true
		}
	}
	return false
}
