// Package kube makes clients of the cluster's API from K3s' kubeconfigs.
package kube

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// Config loads a kubeconfig with the request limits lifted: the lab's controllers are few and in a hurry.
func Config(path string) (*rest.Config, error) {
	c, err := clientcmd.BuildConfigFromFlags("", path)
	if err != nil {
		return nil, err
	}
	c.QPS = -1
	c.Timeout = 15 * time.Second
	return c, nil
}

// Client makes a typed client.
func Client(path string) (kubernetes.Interface, error) {
	c, err := Config(path)
	if err != nil {
		return nil, err
	}
	return kubernetes.NewForConfig(c)
}

// WatchClient makes a typed client whose requests may last, for informers.
func WatchClient(path string) (kubernetes.Interface, error) {
	c, err := Config(path)
	if err != nil {
		return nil, err
	}
	c.Timeout = 0
	return kubernetes.NewForConfig(c)
}

// WaitReady polls /readyz until the API server says ok.
func WaitReady(ctx context.Context, path string) error {
	c, err := Client(path)
	if err != nil {
		return err
	}
	return Poll(ctx, func(ctx context.Context) bool {
		b, err := c.Discovery().RESTClient().Get().AbsPath("/readyz").DoRaw(ctx)
		return err == nil && string(b) == "ok"
	})
}

// Poll asks every 100 ms until the answer is yes or ctx ends.
func Poll(ctx context.Context, ask func(context.Context) bool) error {
	return wait.PollUntilContextCancel(ctx, 100*time.Millisecond, true, func(ctx context.Context) (bool, error) {
		return ask(ctx), nil
	})
}
