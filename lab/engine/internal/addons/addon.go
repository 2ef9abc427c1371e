package addons

import (
	"context"
	"encoding/json"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
)

var addonGVR = schema.GroupVersionResource{Group: "k3s.cattle.io", Version: "v1", Resource: "addons"}

// addon is the cluster's record of one manifest.
type addon struct {
	name, source, checksum string
	kinds                  []schema.GroupVersionKind
}

func (c *Controller) records() dynamic.ResourceInterface {
	return c.applier.client.Resource(addonGVR).Namespace(metav1.NamespaceSystem)
}

// read finds a record; a missing one is empty but for its name.
func (c *Controller) read(ctx context.Context, name string) (addon, error) {
	o, err := c.records().Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return addon{name: name}, nil
	}
	if err != nil {
		return addon{}, err
	}
	return parseAddon(o)
}

func parseAddon(o *unstructured.Unstructured) (addon, error) {
	a := addon{name: o.GetName()}
	a.source, _, _ = unstructured.NestedString(o.Object, "spec", "source")
	a.checksum, _, _ = unstructured.NestedString(o.Object, "spec", "checksum")
	gvks, _, _ := unstructured.NestedSlice(o.Object, "status", "gvks")
	raw, err := json.Marshal(gvks)
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal(raw, &a.kinds)
}

func (c *Controller) write(ctx context.Context, a addon) error {
	gvks := make([]any, 0, len(a.kinds))
	for _, k := range a.kinds {
		gvks = append(gvks, map[string]any{"Group": k.Group, "Version": k.Version, "Kind": k.Kind})
	}
	o := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "k3s.cattle.io/v1", "kind": "Addon",
		"metadata": map[string]any{"name": a.name, "namespace": metav1.NamespaceSystem},
		"spec":     map[string]any{"source": a.source, "checksum": a.checksum},
		"status":   map[string]any{"gvks": gvks},
	}}
	_, err := c.records().Apply(ctx, a.name, o, metav1.ApplyOptions{FieldManager: c.applier.manager, Force: true})
	return err
}
