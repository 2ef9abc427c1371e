// Package etcd runs K3s' embedded etcd: its configuration, joining as a learner, promotion and removal of members.
package etcd

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"

	"drover/lab/engine/internal/paths"
)

// Local is the endpoint of this server's own member.
const Local = "https://127.0.0.1:2379"

// callTimeout bounds one request: a member without a leader would answer never.
const callTimeout = 5 * time.Second

// Endpoint is the client address of the member on a host.
func Endpoint(host string) string { return "https://" + net.JoinHostPort(host, "2379") }

func peerURL(ip string) string { return "https://" + net.JoinHostPort(ip, "2380") }

// Dial makes a client with the server's own client certificate.
func Dial(d paths.Data, endpoints ...string) (*clientv3.Client, error) {
	pair, err := tls.LoadX509KeyPair(d.TLS("etcd/client.crt"), d.TLS("etcd/client.key"))
	if err != nil {
		return nil, err
	}
	ca, err := os.ReadFile(d.TLS("etcd/server-ca.crt"))
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(ca) {
		return nil, fmt.Errorf("%s: no certificate", d.TLS("etcd/server-ca.crt"))
	}
	return clientv3.New(clientv3.Config{
		Endpoints:            endpoints,
		DialTimeout:          callTimeout,
		DialKeepAliveTime:    10 * time.Second,
		DialKeepAliveTimeout: 5 * time.Second,
		TLS:                  &tls.Config{Certificates: []tls.Certificate{pair}, RootCAs: pool, MinVersion: tls.VersionTLS12},
		Logger:               zap.NewNop(),
		// The other end is often a process that is about to listen: trying again must not wait for seconds.
		DialOptions: []grpc.DialOption{grpc.WithConnectParams(grpc.ConnectParams{Backoff: backoff.Config{BaseDelay: 50 * time.Millisecond, Multiplier: 1.5, MaxDelay: 500 * time.Millisecond}, MinConnectTimeout: callTimeout})},
	})
}

// with runs one request with a client of its own.
func with(ctx context.Context, d paths.Data, endpoints []string, do func(context.Context, *clientv3.Client) error) error {
	c, err := Dial(d, endpoints...)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return do(ctx, c)
}
