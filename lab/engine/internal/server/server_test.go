package server

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"

	"drover/lab/engine/internal/agent"
	"drover/lab/engine/internal/config"
	"drover/lab/engine/internal/files"
	"drover/lab/engine/internal/nodepassword"
	"drover/lab/engine/internal/paths"
)

func made(t *testing.T, yaml string) *server {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := config.Load(config.Server, []string{"-c", path}, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	return &server{values: v, node: agent.Node{Data: paths.Data(t.TempDir()), Name: "m0", IP: "10.0.0.1"}}
}

func TestWhatTheLabEngineCannotDoIsRefusedClearly(t *testing.T) {
	for yaml, want := range map[string]string{
		"{}": "lab engine: a server without cluster-init",
		"cluster-init: true\nflannel-backend: wireguard-native":      "lab engine: flannel-backend",
		"cluster-init: true\ncluster-cidr: 10.42.0.0/16,fd00::/56":   "lab engine: dual-stack",
		"server: https://10.0.0.1:6443":                              "K3S_TOKEN is required to join a cluster",
		"flannel-backend: x\ncluster-cidr: [10.42.0.0/16, fd00::/5]": "dual-stack",
	} {
		if err := made(t, yaml).check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", yaml, err)
		}
	}
	for _, yaml := range []string{"cluster-init: true", "server: https://10.0.0.1:6443\ntoken: x", "cluster-reset: true"} {
		if err := made(t, yaml).check(); err != nil {
			t.Errorf("%q: %v", yaml, err)
		}
	}
}

func TestARemovedServerDoesNotFoundASecondCluster(t *testing.T) {
	s := made(t, "cluster-init: true")
	if err := files.Write(s.node.Data.Etcd("tombstone"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.check(); err == nil || !strings.Contains(err.Error(), "removed from its cluster") {
		t.Errorf("%v", err)
	}
}

func TestResetIsRefusedTwiceAndWithAServer(t *testing.T) {
	s := made(t, "cluster-reset: true\nserver: https://10.0.0.1:6443\ntoken: x")
	if err := s.reset(context.Background()); err == nil || !strings.Contains(err.Error(), "while server URL is set") {
		t.Errorf("%v", err)
	}
	s = made(t, "cluster-reset: true")
	if err := s.reset(context.Background()); err == nil || !strings.Contains(err.Error(), "etcd database not found") {
		t.Errorf("%v", err)
	}
	if err := files.Write(s.node.Data.Server("db/reset-flag"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.reset(context.Background()); err == nil || !strings.Contains(err.Error(), "was previously reset") {
		t.Errorf("%v", err)
	}
}

func TestNth(t *testing.T) {
	for cidr, want := range map[string]string{"10.43.0.0/16": "10.43.0.10", "192.168.5.0/24": "192.168.5.10", "10.43.7.9/16": "10.43.0.10"} {
		if got, err := nth(cidr, 10); err != nil || got != want {
			t.Errorf("%s: %s %v", cidr, got, err)
		}
	}
	if _, err := nth("x", 1); err == nil {
		t.Error("no error")
	}
}

func TestServerURLGetsItsPort(t *testing.T) {
	for in, want := range map[string]string{"https://m0": "https://m0:6443", "https://m0:7443/": "https://m0:7443", "https://[fd00::1]": "https://[fd00::1]:6443"} {
		s := made(t, "server: "+in+"\ntoken: x")
		if got := s.serverURL(); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
}

func node(name string, labels map[string]string, finalizers ...string) *corev1.Node {
	return &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels, Finalizers: finalizers}}
}

func TestNodesGetK3sFinalizers(t *testing.T) {
	ctx, server := context.Background(), node("m0", map[string]string{etcdRole: "true"}, "other")
	c := fake.NewClientset(server, node("w0", nil))
	k := &nodeKeeper{server: made(t, "cluster-init: true"), client: c}
	for name, want := range map[string][]string{"m0": {"other", nodeFinalizer, etcdFinalizer}, "w0": {nodeFinalizer}} {
		n, err := c.CoreV1().Nodes().Get(ctx, name, metav1.GetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := k.tend(ctx, n); err != nil {
			t.Fatal(err)
		}
		n, err = c.CoreV1().Nodes().Get(ctx, name, metav1.GetOptions{})
		if err != nil || !slices.Equal(n.Finalizers, want) {
			t.Errorf("%s: %v %v", name, n.Finalizers, err)
		}
		if !k.settled(n) {
			t.Errorf("%s is not settled", name)
		}
	}
}

func TestADeletedNodeLosesItsPassword(t *testing.T) {
	ctx, gone := context.Background(), node("w0", nil, nodeFinalizer, "other")
	gone.DeletionTimestamp = &metav1.Time{Time: metav1.Now().Time}
	c := fake.NewClientset(gone)
	if err := nodepassword.Ensure(ctx, c, "w0", "pw"); err != nil {
		t.Fatal(err)
	}
	k := &nodeKeeper{server: made(t, "cluster-init: true"), client: c}
	if err := k.tend(ctx, gone); err != nil {
		t.Fatal(err)
	}
	if _, err := c.CoreV1().Secrets("kube-system").Get(ctx, nodepassword.SecretName("w0"), metav1.GetOptions{}); err == nil {
		t.Error("the password is still there")
	}
	n, err := c.CoreV1().Nodes().Get(ctx, "w0", metav1.GetOptions{})
	if err != nil || !slices.Equal(n.Finalizers, []string{"other"}) {
		t.Errorf("%v %v", n, err)
	}
}

func TestNodeNamesReachCoreDNS(t *testing.T) {
	ctx := context.Background()
	c := fake.NewClientset(&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "coredns", Namespace: "kube-system"}})
	k := &nodeKeeper{client: c}
	n := node("m0", nil)
	n.Status.Addresses = []corev1.NodeAddress{{Type: corev1.NodeInternalIP, Address: "10.0.0.1"}, {Type: corev1.NodeHostName, Address: "m0"}}
	if err := k.writeHosts(ctx, []corev1.Node{*n}); err != nil {
		t.Fatal(err)
	}
	cm, err := c.CoreV1().ConfigMaps("kube-system").Get(ctx, "coredns", metav1.GetOptions{})
	if err != nil || cm.Data["NodeHosts"] != "10.0.0.1 m0\n" {
		t.Errorf("%v %v", cm.Data, err)
	}
}
