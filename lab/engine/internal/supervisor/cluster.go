package supervisor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"

	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"drover/lab/engine/internal/bootstrap"
	"drover/lab/engine/internal/encrypt"
	"drover/lab/engine/internal/etcd"
	"drover/lab/engine/internal/token"
)

func (s *Supervisor) agentConfig(w http.ResponseWriter, _ *http.Request) {
	reply(w, s.config.Agent, nil)
}

// apiServers lists host:port of every API server that is alive.
func (s *Supervisor) apiServers(w http.ResponseWriter, r *http.Request) {
	slices, err := s.client.DiscoveryV1().EndpointSlices(metav1.NamespaceDefault).List(r.Context(), metav1.ListOptions{LabelSelector: discoveryv1.LabelServiceName + "=kubernetes"})
	out := []string{}
	if err == nil {
		for _, slice := range slices.Items {
			out = append(out, Addresses(slice)...)
		}
	}
	reply(w, out, err)
}

// Addresses are the host:port pairs of an endpoint slice.
func Addresses(slice discoveryv1.EndpointSlice) []string {
	var out []string
	for _, port := range slice.Ports {
		for _, e := range slice.Endpoints {
			for _, a := range e.Addresses {
				if port.Port != nil {
					out = append(out, net.JoinHostPort(a, fmt.Sprint(*port.Port)))
				}
			}
		}
	}
	return out
}

func (s *Supervisor) bootstrap(w http.ResponseWriter, _ *http.Request) {
	data, err := bootstrap.Collect(s.config.Data)
	reply(w, data, err)
}

func (s *Supervisor) encryptStatus(w http.ResponseWriter, r *http.Request) {
	status, err := encrypt.Read(r.Context(), s.config.Data, s.client)
	reply(w, status, err)
}

// RotateRequest is the body of PUT /v1-k3s/token.
type RotateRequest struct {
	NewToken string `json:"newToken"`
}

// rotateToken re-encrypts the bootstrap data with a new server token. Other servers must be given it before they restart.
func (s *Supervisor) rotateToken(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, requestLimit))
	var req RotateRequest
	if err == nil {
		err = json.Unmarshal(body, &req)
	}
	if err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	next, err := token.Parse(req.NewToken)
	if err != nil || next.Password == "" {
		fail(w, http.StatusBadRequest, errors.Join(errors.New("the new token is not usable"), err))
		return
	}
	if err := s.rotate(r.Context(), next.Password); err != nil {
		fail(w, http.StatusInternalServerError, err)
	}
}

func (s *Supervisor) rotate(ctx context.Context, to string) error {
	d := s.config.Data
	before, err := bootstrap.ReadPasswords(d)
	if err != nil {
		return err
	}
	after := bootstrap.Passwords{Server: to, Node: before.Node}
	if before.Node == before.Server {
		after.Node = to
	}
	if err := after.Write(d); err != nil {
		return err
	}
	kv, err := etcd.Dial(d, etcd.Local)
	if err == nil {
		err = bootstrap.Rotate(ctx, kv, d, before.Server, to)
		_ = kv.Close()
	}
	if err != nil {
		return errors.Join(err, before.Write(d))
	}
	return bootstrap.WriteTokens(d)
}
