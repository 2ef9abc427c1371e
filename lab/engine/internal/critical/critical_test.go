package critical

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"drover/lab/engine/internal/config"
)

func values(t *testing.T, yaml string) Values {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := config.Load(config.Server, []string{"-c", path}, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	return From(v, []string{"10.43.0.10"})
}

func TestEqualServersMayJoin(t *testing.T) {
	if err := Compare(values(t, "disable: traefik\n"), values(t, "flannel-backend: vxlan\n")); err != nil {
		t.Error(err)
	}
}

func TestEachCriticalKeyIsCompared(t *testing.T) {
	for yaml, name := range map[string]string{
		"agent-token: x":                         "AgentTokenHash",
		"cluster-cidr: 10.44.0.0/16":             "ClusterCIDR",
		"service-cidr: 10.45.0.0/16":             "ServiceCIDR",
		"cluster-domain: other":                  "ClusterDomain",
		"disable-cloud-controller: true":         "DisableCCM",
		"disable-helm-controller: true":          "DisableHelmController",
		"disable-network-policy: true":           "DisableNPC",
		"disable: servicelb":                     "DisableServiceLB",
		"embedded-registry: true":                "EmbeddedRegistry",
		"egress-selector-mode: cluster":          "EgressSelectorMode",
		"flannel-backend: none":                  "FlannelBackend",
		"secrets-encryption: true":               "SecretsEncryption",
		"secrets-encryption-provider: secretbox": "SecretsEncryptionProvider",
	} {
		err := Compare(values(t, "{}"), values(t, yaml))
		if err == nil || !strings.Contains(err.Error(), "critical configuration value mismatch") || !strings.HasSuffix(err.Error(), ": "+name) {
			t.Errorf("%s: %v", yaml, err)
		}
	}
}

func TestTheAgentTokenItselfIsNotShown(t *testing.T) {
	if v := values(t, "agent-token: very-secret"); strings.Contains(v.AgentTokenHash, "very-secret") || v.AgentTokenHash == "" {
		t.Error(v.AgentTokenHash)
	}
}
