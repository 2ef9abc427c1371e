package server

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sirupsen/logrus"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"

	"drover/lab/engine/internal/etcd"
	"drover/lab/engine/internal/kube"
	"drover/lab/engine/internal/nodepassword"
)

// K3s' annotations on servers, and its finalizers: they hold a deleted Node until what belongs to it is gone too.
const (
	nameNote      = "etcd.k3s.cattle.io/node-name"
	addressNote   = "etcd.k3s.cattle.io/node-address"
	removeNote    = "etcd.k3s.cattle.io/remove"
	removedNote   = "etcd.k3s.cattle.io/removed-node-name"
	etcdRole      = "node-role.kubernetes.io/etcd"
	nodeFinalizer = "wrangler.cattle.io/node"
	etcdFinalizer = "wrangler.cattle.io/managed-etcd-controller"
)

// nodeKeeper does for all nodes what K3s' controllers do. Every server runs one: each step may be done twice.
type nodeKeeper struct {
	server *server
	client kubernetes.Interface
	hosts  string
}

// followNodes looks at the nodes whenever one changes, and every few seconds besides.
func (s *server) followNodes(ctx context.Context) error {
	client, err := kube.WatchClient(s.node.Data.Cred("supervisor.kubeconfig"))
	if err != nil {
		return err
	}
	k := &nodeKeeper{server: s, client: client}
	for ctx.Err() == nil {
		list, err := client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
		if err == nil {
			k.look(ctx, list.Items)
			k.wait(ctx, list.ResourceVersion)
		}
		select {
		case <-ctx.Done():
		case <-time.After(500 * time.Millisecond):
		}
	}
	return nil
}

func (k *nodeKeeper) look(ctx context.Context, nodes []corev1.Node) {
	for i := range nodes {
		err := k.tend(ctx, &nodes[i])
		if err != nil && ctx.Err() == nil && !apierrors.IsConflict(err) && !apierrors.IsNotFound(err) {
			logrus.Warnf("node %s: %v", nodes[i].Name, err)
		}
	}
	if err := k.writeHosts(ctx, nodes); err != nil && ctx.Err() == nil && !apierrors.IsNotFound(err) {
		logrus.Warnf("CoreDNS node hosts: %v", err)
	}
}

// wait returns when a node was added, deleted or changed in its metadata, or after a while. Heartbeats do not count.
func (k *nodeKeeper) wait(ctx context.Context, version string) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	w, err := k.client.CoreV1().Nodes().Watch(ctx, metav1.ListOptions{ResourceVersion: version})
	if err != nil {
		return
	}
	defer w.Stop()
	for e := range w.ResultChan() {
		n, ok := e.Object.(*corev1.Node)
		if !ok || n.DeletionTimestamp != nil || n.Annotations[removeNote] == "true" || e.Type != "MODIFIED" || !k.settled(n) {
			return
		}
	}
}

func (k *nodeKeeper) settled(n *corev1.Node) bool {
	return len(wantedFinalizers(n)) == 0
}

func wantedFinalizers(n *corev1.Node) []string {
	want := []string{nodeFinalizer}
	if n.Labels[etcdRole] == "true" {
		want = append(want, etcdFinalizer)
	}
	return slices.DeleteFunc(want, func(f string) bool { return slices.Contains(n.Finalizers, f) })
}

func (k *nodeKeeper) tend(ctx context.Context, n *corev1.Node) error {
	if n.DeletionTimestamp != nil {
		return k.release(ctx, n)
	}
	if n.Annotations[removeNote] == "true" && n.Annotations[removedNote] == "" && n.Annotations[nameNote] != "" {
		return k.removeMember(ctx, n)
	}
	if n.Annotations[removedNote] != "" && n.Annotations[nameNote] != "" && n.Annotations[nameNote] != n.Annotations[removedNote] {
		return k.patch(ctx, n, map[string]any{"annotations": map[string]any{removedNote: nil, removeNote: "false"}})
	}
	if add := wantedFinalizers(n); len(add) > 0 {
		return k.patch(ctx, n, map[string]any{"finalizers": append(slices.Clone(n.Finalizers), add...)})
	}
	return nil
}

// removeMember is the removal by annotation: the member goes, the Node stays.
func (k *nodeKeeper) removeMember(ctx context.Context, n *corev1.Node) error {
	name := n.Annotations[nameNote]
	if err := etcd.Remove(ctx, k.server.node.Data, name, n.Annotations[addressNote]); err != nil {
		return err
	}
	return k.patch(ctx, n, map[string]any{"annotations": map[string]any{removedNote: name, nameNote: nil, addressNote: nil}})
}

// release cleans up after a deleted Node and lets it go.
func (k *nodeKeeper) release(ctx context.Context, n *corev1.Node) error {
	if slices.Contains(n.Finalizers, etcdFinalizer) && n.Annotations[nameNote] != "" {
		if err := etcd.Remove(ctx, k.server.node.Data, n.Annotations[nameNote], n.Annotations[addressNote]); err != nil {
			return err
		}
	}
	if slices.Contains(n.Finalizers, nodeFinalizer) {
		if err := nodepassword.Forget(ctx, k.client, n.Name); err != nil {
			return err
		}
	}
	left := slices.DeleteFunc(slices.Clone(n.Finalizers), func(f string) bool { return f == etcdFinalizer || f == nodeFinalizer })
	if len(left) == len(n.Finalizers) {
		return nil
	}
	return k.patch(ctx, n, map[string]any{"finalizers": left})
}

// patch changes metadata of the Node as it was seen, and fails when it has changed since.
func (k *nodeKeeper) patch(ctx context.Context, n *corev1.Node, metadata map[string]any) error {
	metadata["resourceVersion"] = n.ResourceVersion
	metadata["uid"] = n.UID
	body, err := json.Marshal(map[string]any{"metadata": metadata})
	if err != nil {
		return err
	}
	_, err = k.client.CoreV1().Nodes().Patch(ctx, n.Name, types.MergePatchType, body, metav1.PatchOptions{})
	return err
}

// writeHosts keeps the nodes' names in CoreDNS' configuration.
func (k *nodeKeeper) writeHosts(ctx context.Context, nodes []corev1.Node) error {
	var lines []string
	for _, n := range nodes {
		for _, a := range n.Status.Addresses {
			if a.Type == corev1.NodeInternalIP {
				lines = append(lines, fmt.Sprintf("%s %s\n", a.Address, n.Name))
			}
		}
	}
	slices.Sort(lines)
	hosts := strings.Join(lines, "")
	if hosts == k.hosts {
		return nil
	}
	body, err := json.Marshal(map[string]any{"data": map[string]string{"NodeHosts": hosts}})
	if err != nil {
		return err
	}
	_, err = k.client.CoreV1().ConfigMaps(metav1.NamespaceSystem).Patch(ctx, "coredns", types.MergePatchType, body, metav1.PatchOptions{})
	if err == nil {
		k.hosts = hosts
	}
	return err
}
