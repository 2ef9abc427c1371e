package agent

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/sirupsen/logrus"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"drover/lab/engine/internal/kube"
	"drover/lab/engine/internal/supervisor"
)

// annotate puts K3s' annotations on this node once it has registered.
func (a *agent) annotate(ctx context.Context) error {
	client, err := kube.Client(a.node.Data.Agent("k3scontroller.kubeconfig"))
	if err != nil {
		return err
	}
	notes := map[string]string{"k3s.io/hostname": a.node.Name, "k3s.io/internal-ip": a.node.IP}
	if ext := a.values.List("node-external-ip"); len(ext) > 0 {
		notes["k3s.io/external-ip"] = strings.Join(ext, ",")
	}
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"annotations": notes}})
	if err != nil {
		return err
	}
	err = kube.Poll(ctx, func(ctx context.Context) bool {
		_, err := client.CoreV1().Nodes().Patch(ctx, a.node.Name, types.MergePatchType, patch, metav1.PatchOptions{})
		return err == nil
	})
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// followServers keeps the load balancer's list of servers like the cluster's list of API servers.
func (a *agent) followServers(ctx context.Context) error {
	client, err := kube.WatchClient(a.node.Data.Agent("k3scontroller.kubeconfig"))
	if err != nil {
		return err
	}
	slices := client.DiscoveryV1().EndpointSlices(metav1.NamespaceDefault)
	selector := metav1.ListOptions{LabelSelector: discoveryv1.LabelServiceName + "=kubernetes"}
	for ctx.Err() == nil {
		list, err := slices.List(ctx, selector)
		if err == nil {
			a.takeServers(list.Items)
			// The watch tells that something changed; the list tells what. It ends when its server goes.
			selector.ResourceVersion = list.ResourceVersion
			watch, err := slices.Watch(ctx, selector)
			if err == nil {
				<-watch.ResultChan()
				watch.Stop()
			}
			selector.ResourceVersion = ""
		}
		select {
		case <-ctx.Done():
		case <-time.After(500 * time.Millisecond):
		}
	}
	return nil
}

func (a *agent) takeServers(items []discoveryv1.EndpointSlice) {
	var servers []string
	for _, s := range items {
		servers = append(servers, supervisor.Addresses(s)...)
	}
	slices.Sort(servers)
	if err := a.balancer.Set(slices.Compact(servers)); err != nil {
		logrus.Warnf("load balancer: %v", err)
	}
}
