package agent

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/sirupsen/logrus"

	"drover/lab/engine/internal/files"
	"drover/lab/engine/internal/join"
	"drover/lab/engine/internal/nodepassword"
	"drover/lab/engine/internal/pki"
	"drover/lab/engine/internal/supervisor"
)

// certificates fetches this node's certificates and the authorities, and writes the kubeconfigs of its components. Keys
// never leave the node.
func (n Node) certificates(ctx context.Context, a *join.Access, api string) error {
	d := n.Data
	if err := files.Write(d.Agent("server-ca.crt"), a.CA, 0o644); err != nil {
		return err
	}
	clientCA, err := a.Get(ctx, "/v1-k3s/client-ca.crt")
	if err != nil {
		return err
	}
	if err := files.Write(d.Agent("client-ca.crt"), clientCA, 0o644); err != nil {
		return err
	}
	results := make(chan error, len(pki.AgentLeaves))
	for _, name := range pki.AgentLeaves {
		go func() { results <- n.certificate(ctx, a, name) }()
	}
	var errs []error
	for range pki.AgentLeaves {
		errs = append(errs, <-results)
	}
	for file, pair := range map[string]string{"kubelet": "client-kubelet", "kubeproxy": "client-kube-proxy", "k3scontroller": "client-k3s-controller"} {
		k := pki.Kubeconfig{Server: api, CA: d.Agent("server-ca.crt"), Pair: d.Agent(pair), Refer: true}
		errs = append(errs, pki.WriteKubeconfig(d.Agent(file+".kubeconfig"), k))
	}
	err = errors.Join(errs...)
	if errors.Is(err, nodepassword.ErrRejected) {
		return nodepassword.ErrRejected // once, not once for each certificate
	}
	return err
}

func (n Node) certificate(ctx context.Context, a *join.Access, name string) error {
	request, err := pki.NewRequest(n.Data.Agent(name+".key"), n.Name)
	if err != nil {
		return err
	}
	header := http.Header{}
	header.Set(supervisor.HeaderName, n.Name)
	header.Set(supervisor.HeaderPassword, n.Password)
	header.Set(supervisor.HeaderIP, n.IP)
	cert, err := a.Post(ctx, "/v1-k3s/"+name+".crt", request, header)
	if join.Refused(err, http.StatusForbidden) {
		return nodepassword.ErrRejected
	}
	if err != nil {
		return err
	}
	return files.Write(n.Data.Agent(name+".crt"), cert, 0o644)
}

// retry repeats a step of joining until it works or ctx ends, telling why it waits when the reason changes and every
// ten seconds.
func retry(ctx context.Context, words string, step func(context.Context) error) error {
	last, said := "", time.Time{}
	for {
		err := step(ctx)
		if err == nil || ctx.Err() != nil {
			return ctx.Err()
		}
		if err.Error() != last || time.Since(said) > 10*time.Second {
			logrus.Infof("%s%v", words, err)
			last, said = err.Error(), time.Now()
		}
		pause := 200 * time.Millisecond
		if errors.Is(err, nodepassword.ErrRejected) || join.Refused(err, http.StatusUnauthorized) {
			pause = 2 * time.Second // nothing but a person changes this
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}
