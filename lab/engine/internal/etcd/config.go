package etcd

import (
	"fmt"
	"strings"

	"sigs.k8s.io/yaml"

	"drover/lab/engine/internal/files"
	"drover/lab/engine/internal/paths"
)

// Member is this server's etcd member.
type Member struct {
	Data paths.Data
	Name string
	IP   string
	// Args are the user's etcd-arg values.
	Args []string
	// ExposeMetrics serves metrics on the node's address too.
	ExposeMetrics bool
}

// start says how a member comes up: with which peers, and whether the cluster exists already.
type start struct {
	initial  string
	existing bool
	force    bool
}

// writeConfig writes etcd's configuration file where K3s has it. Timing is K3s': 500 ms heartbeat, 5 s election.
func (m Member) writeConfig(s start) (string, error) {
	d := m.Data
	state := "new"
	if s.existing {
		state = "existing"
	}
	metrics := "http://127.0.0.1:2381"
	if m.ExposeMetrics {
		metrics += ",http://" + m.IP + ":2381"
	}
	config := map[string]any{
		"name": m.Name, "data-dir": d.Etcd(),
		"listen-client-urls":          "https://127.0.0.1:2379," + Endpoint(m.IP),
		"advertise-client-urls":       Endpoint(m.IP),
		"listen-peer-urls":            "https://127.0.0.1:2380," + peerURL(m.IP),
		"initial-advertise-peer-urls": peerURL(m.IP),
		"listen-metrics-urls":         metrics,
		"initial-cluster":             s.initial,
		"initial-cluster-state":       state,
		"force-new-cluster":           s.force,
		"heartbeat-interval":          500, "election-timeout": 5000,
		"snapshot-count": 10000, "logger": "zap", "log-outputs": []string{"stderr"}, "log-level": "warn",
		"experimental-initial-corrupt-check": true,
		"client-transport-security":          transport(d, "etcd/server-ca.crt", "etcd/server-client"),
		"peer-transport-security":            transport(d, "etcd/peer-ca.crt", "etcd/peer-server-client"),
	}
	if err := overlay(config, m.Args); err != nil {
		return "", err
	}
	content, err := yaml.Marshal(config)
	if err != nil {
		return "", err
	}
	path := d.Etcd("config")
	return path, files.Write(path, content, 0o600)
}

func transport(d paths.Data, ca, pair string) map[string]any {
	return map[string]any{
		"cert-file": d.TLS(pair + ".crt"), "key-file": d.TLS(pair + ".key"),
		"client-cert-auth": true, "trusted-ca-file": d.TLS(ca),
	}
}

// overlay puts etcd-arg values into the configuration; their spelling is that of etcd's flags.
func overlay(config map[string]any, args []string) error {
	for _, arg := range args {
		key, text, ok := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		if !ok {
			text = "true"
		}
		var value any
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			return fmt.Errorf("etcd-arg %s: %w", arg, err)
		}
		config[key] = value
	}
	return nil
}
