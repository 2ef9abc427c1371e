package snapshot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"

	"drover/lab/engine/internal/kube"
)

var gvr = schema.GroupVersionResource{Group: "k3s.cattle.io", Version: "v1", Resource: "etcdsnapshotfiles"}

// Records are the cluster's list of snapshots on all servers.
type Records struct{ client dynamic.ResourceInterface }

// OpenRecords uses the administrator's kubeconfig.
func OpenRecords(kubeconfig string) (Records, error) {
	config, err := kube.Config(kubeconfig)
	if err != nil {
		return Records{}, err
	}
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return Records{}, err
	}
	return Records{client.Resource(gvr)}, nil
}

func recordName(f File) string {
	sum := sha256.Sum256([]byte(f.Node + f.Location))
	return strings.ToLower("local-" + f.Name + "-" + hex.EncodeToString(sum[:3]))
}

// Sync makes the records of one node like its snapshots.
func (r Records) Sync(ctx context.Context, node string, present []File) error {
	want := map[string]bool{}
	for _, f := range present {
		want[recordName(f)] = true
		if err := r.put(ctx, f); err != nil {
			return err
		}
	}
	list, err := r.client.List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	for _, o := range list.Items {
		owner, _, _ := unstructured.NestedString(o.Object, "spec", "nodeName")
		if owner != node || want[o.GetName()] {
			continue
		}
		if err := r.client.Delete(ctx, o.GetName(), metav1.DeleteOptions{}); err != nil && !apierrors.IsNotFound(err) {
			return err
		}
	}
	return nil
}

func (r Records) put(ctx context.Context, f File) error {
	o := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "k3s.cattle.io/v1", "kind": "ETCDSnapshotFile",
		"metadata": map[string]any{"name": recordName(f), "labels": map[string]any{"etcd.k3s.cattle.io/snapshot-storage-node": f.Node}},
		"spec":     map[string]any{"snapshotName": f.Name, "nodeName": f.Node, "location": f.Location},
	}}
	options := metav1.ApplyOptions{FieldManager: "k3s", Force: true}
	if _, err := r.client.Apply(ctx, recordName(f), o, options); err != nil {
		return err
	}
	o.Object["status"] = map[string]any{"size": fmt.Sprint(f.Size), "creationTime": f.CreatedAt.Format(time.RFC3339), "readyToUse": true}
	_, err := r.client.ApplyStatus(ctx, recordName(f), o, options)
	return err
}

// Others lists the snapshots that other servers hold.
func (r Records) Others(ctx context.Context, node string) ([]File, error) {
	list, err := r.client.List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, err
	}
	var out []File
	for _, o := range list.Items {
		text := func(path ...string) string {
			s, _, _ := unstructured.NestedString(o.Object, path...)
			return s
		}
		if text("spec", "nodeName") == node {
			continue
		}
		f := File{Name: text("spec", "snapshotName"), Node: text("spec", "nodeName"), Location: text("spec", "location"), Status: "successful"}
		if _, err := fmt.Sscan(text("status", "size"), &f.Size); err != nil {
			f.Status = "pending"
		}
		if f.CreatedAt, err = time.Parse(time.RFC3339, text("status", "creationTime")); err != nil {
			f.Status = "pending"
		}
		out = append(out, f)
	}
	return out, nil
}
