package agent

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"drover/lab/engine/internal/config"
	"drover/lab/engine/internal/files"
	"drover/lab/engine/internal/paths"
)

// registries is K3s' registries.yaml.
type registries struct {
	Mirrors map[string]struct {
		Endpoint []string          `json:"endpoint"`
		Rewrite  map[string]string `json:"rewrite"`
	} `json:"mirrors"`
	Configs map[string]registryConfig `json:"configs"`
}

type registryConfig struct {
	Auth *struct {
		Username      string `json:"username"`
		Password      string `json:"password"`
		Auth          string `json:"auth"`
		IdentityToken string `json:"identity_token"`
	} `json:"auth"`
	TLS *struct {
		CA       string `json:"ca_file"`
		Cert     string `json:"cert_file"`
		Key      string `json:"key_file"`
		Insecure bool   `json:"insecure_skip_verify"`
	} `json:"tls"`
}

// writeRegistries turns registries.yaml into containerd's certs.d folder, and returns the credentials' part of
// containerd's own configuration.
func writeRegistries(d paths.Data, v *config.Values) (string, error) {
	dir := d.Agent("etc/containerd/certs.d")
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	content, err := os.ReadFile(v.String("private-registry"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	var r registries
	if err == nil {
		err = yaml.UnmarshalStrict(content, &r)
	}
	if err != nil {
		return "", fmt.Errorf("failed to load registry configuration from %s: %w", v.String("private-registry"), err)
	}
	for host, m := range r.Mirrors {
		if len(m.Rewrite) > 0 {
			return "", fmt.Errorf("lab engine: rewrite of mirror %s is not supported; run real K3s for that", host)
		}
		hosts, err := r.hosts(host, m.Endpoint, v.Bool("disable-default-registry-endpoint"))
		if err != nil {
			return "", err
		}
		name := host
		if name == "*" {
			name = "_default"
		}
		if err := files.Write(filepath.Join(dir, name, "hosts.toml"), []byte(hosts), 0o600); err != nil {
			return "", err
		}
	}
	return r.auth(), nil
}

func (r registries) hosts(host string, endpoints []string, mirrorsOnly bool) (string, error) {
	var b strings.Builder
	switch {
	case host == "*" || mirrorsOnly:
	case host == "docker.io":
		b.WriteString("server = \"https://registry-1.docker.io/v2\"\n")
	default:
		fmt.Fprintf(&b, "server = %q\n", "https://"+host+"/v2")
	}
	for _, e := range endpoints {
		if !strings.Contains(e, "://") {
			e = "https://" + e
		}
		u, err := url.Parse(e)
		if err != nil || u.Host == "" {
			return "", fmt.Errorf("invalid endpoint %q of mirror %s", e, host)
		}
		fmt.Fprintf(&b, "\n[host.%q]\n  capabilities = [\"pull\", \"resolve\"]\n", strings.TrimRight(e, "/"))
		if t := r.Configs[u.Host].TLS; t != nil {
			if t.Insecure {
				b.WriteString("  skip_verify = true\n")
			}
			if t.CA != "" {
				fmt.Fprintf(&b, "  ca = [%q]\n", t.CA)
			}
			if t.Cert != "" {
				fmt.Fprintf(&b, "  client = [[%q, %q]]\n", t.Cert, t.Key)
			}
		}
	}
	return b.String(), nil
}

func (r registries) auth() string {
	var hosts []string
	for h, c := range r.Configs {
		if c.Auth != nil {
			hosts = append(hosts, h)
		}
	}
	slices.Sort(hosts)
	var b strings.Builder
	for _, h := range hosts {
		a := r.Configs[h].Auth
		fmt.Fprintf(&b, "\n[plugins.\"io.containerd.grpc.v1.cri\".registry.configs.%q.auth]\n", h)
		for _, pair := range [][2]string{{"username", a.Username}, {"password", a.Password}, {"auth", a.Auth}, {"identitytoken", a.IdentityToken}} {
			if pair[1] != "" {
				fmt.Fprintf(&b, "  %s = %q\n", pair[0], pair[1])
			}
		}
	}
	return b.String()
}
