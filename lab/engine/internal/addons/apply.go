package addons

import (
	"context"
	"crypto/sha1" //nolint:gosec // a label, not a secret
	"encoding/hex"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
)

// Labels and annotations by which K3s marks what an Addon owns.
const (
	hashLabel      = "objectset.rio.cattle.io/hash"
	idNote         = "objectset.rio.cattle.io/id"
	ownerGVKNote   = "objectset.rio.cattle.io/owner-gvk"
	ownerNameNote  = "objectset.rio.cattle.io/owner-name"
	ownerSpaceNote = "objectset.rio.cattle.io/owner-namespace"
)

// applier applies objects on the server's side and prunes what is no longer wanted.
type applier struct {
	client  dynamic.Interface
	mapper  *restmapper.DeferredDiscoveryRESTMapper
	manager string
}

func newApplier(config *rest.Config, manager string) (*applier, error) {
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	d, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, err
	}
	return &applier{client: client, mapper: restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(d)), manager: manager}, nil
}

// resource finds the client for an object's kind; a kind that is not known yet makes it look again.
func (a *applier) resource(gvk schema.GroupVersionKind, namespace string) (dynamic.ResourceInterface, error) {
	mapping, err := a.mapper.RESTMapping(gvk.GroupKind(), gvk.Version)
	if meta.IsNoMatchError(err) {
		a.mapper.Reset()
		mapping, err = a.mapper.RESTMapping(gvk.GroupKind(), gvk.Version)
	}
	if err != nil {
		return nil, err
	}
	if mapping.Scope.Name() == meta.RESTScopeNameRoot {
		return a.client.Resource(mapping.Resource), nil
	}
	return a.client.Resource(mapping.Resource).Namespace(namespace), nil
}

func (a *applier) apply(ctx context.Context, o *unstructured.Unstructured) (types identity, err error) {
	namespace := o.GetNamespace()
	if namespace == "" {
		namespace = metav1.NamespaceDefault
	}
	r, err := a.resource(o.GroupVersionKind(), namespace)
	if err != nil {
		return identity{}, err
	}
	done, err := r.Apply(ctx, o.GetName(), o, metav1.ApplyOptions{FieldManager: a.manager, Force: true})
	if err != nil {
		return identity{}, fmt.Errorf("%s %s: %w", o.GetKind(), o.GetName(), err)
	}
	return identityOf(done), nil
}

// identity tells objects apart.
type identity struct{ group, kind, namespace, name string }

func identityOf(o *unstructured.Unstructured) identity {
	gvk := o.GroupVersionKind()
	return identity{gvk.Group, gvk.Kind, o.GetNamespace(), o.GetName()}
}

// mark says whose an object is.
func mark(o *unstructured.Unstructured, addon string) {
	labels, notes := o.GetLabels(), o.GetAnnotations()
	if labels == nil {
		labels = map[string]string{}
	}
	if notes == nil {
		notes = map[string]string{}
	}
	labels[hashLabel] = ownerHash(addon)
	notes[idNote] = ""
	notes[ownerGVKNote], notes[ownerNameNote], notes[ownerSpaceNote] = "k3s.cattle.io/v1, Kind=Addon", addon, metav1.NamespaceSystem
	o.SetLabels(labels)
	o.SetAnnotations(notes)
}

func ownerHash(addon string) string {
	sum := sha1.Sum([]byte("k3s.cattle.io/v1, Kind=Addon/" + metav1.NamespaceSystem + "/" + addon)) //nolint:gosec // see above
	return hex.EncodeToString(sum[:])
}

// prune deletes what an Addon owns of the given kinds, except what is wanted.
func (a *applier) prune(ctx context.Context, addon string, kinds []schema.GroupVersionKind, wanted map[identity]bool) error {
	for _, gvk := range kinds {
		r, err := a.resource(gvk, metav1.NamespaceAll)
		if meta.IsNoMatchError(err) {
			continue
		}
		if err != nil {
			return err
		}
		owned, err := r.List(ctx, metav1.ListOptions{LabelSelector: hashLabel + "=" + ownerHash(addon)})
		if err != nil {
			return err
		}
		for i := range owned.Items {
			if err := a.drop(ctx, &owned.Items[i], addon, wanted); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *applier) drop(ctx context.Context, o *unstructured.Unstructured, addon string, wanted map[identity]bool) error {
	// A controller may copy labels to its own objects (a Deployment to its ReplicaSets): the note does not travel.
	if wanted[identityOf(o)] || o.GetAnnotations()[ownerNameNote] != addon || len(o.GetOwnerReferences()) > 0 {
		return nil
	}
	r, err := a.resource(o.GroupVersionKind(), o.GetNamespace())
	if err != nil {
		return err
	}
	policy := metav1.DeletePropagationBackground
	err = r.Delete(ctx, o.GetName(), metav1.DeleteOptions{PropagationPolicy: &policy})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}
