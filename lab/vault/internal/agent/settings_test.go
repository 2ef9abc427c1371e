package agent

import (
	"os"
	"strings"
	"testing"
)

const good = `exit_after_auth = true

vault {
  address = "https://10.0.0.150:8200"
  ca_cert = "/vault/configs/ca.pem"
}

auto_auth {
  method "kubernetes" {
    mount_path = "auth/kubernetes"
    min_backoff = "1s"
    max_backoff = "30s"
    config = {
      role = "shop"
      token_path = "/token"
    }
  }
  sink "file" {
    config = {
      path = "/home/vault/.vault-token"
    }
  }
}

template_config {
  static_secret_render_interval = "30s"
}

template {
  destination = "/vault/secrets/a"
  contents = "{{ with secret \"secret/data/a\" }}A='{{ .Data.data.b | replaceAll \"'\" \"'\\\\''\" }}'{{ end }}\n"
  error_on_missing_key = true
}

template {
  destination = "/home/vault/versions"
  contents = "two"
  error_on_missing_key = true
}
`

func read(t *testing.T, text string) (*settings, error) {
	path := t.TempDir() + "/config.hcl"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return load(path)
}

func TestEveryLineOfAConfigurationIsRead(t *testing.T) {
	s, err := read(t, good)
	if err != nil {
		t.Fatal(err)
	}
	if !s.ExitAfterAuth || s.Vault.CACert != "/vault/configs/ca.pem" || s.Rendering.Every != "30s" || len(s.Templates) != 2 {
		t.Errorf("%+v", s)
	}
	if m := s.method(); m.MountPath != "auth/kubernetes" || m.Config["role"] != "shop" || m.MaxBackoff != "30s" {
		t.Errorf("%+v", m)
	}
	if one := s.Templates[0]; one.Contents != "{{ with secret \"secret/data/a\" }}A='{{ .Data.data.b | replaceAll \"'\" \"'\\\\''\" }}'{{ end }}\n" || !one.ErrorOnMissingKey {
		t.Errorf("%+v", one)
	}
	if s.AutoAuth.Sinks[0].Config["path"] != "/home/vault/.vault-token" {
		t.Errorf("%+v", s.AutoAuth.Sinks)
	}
}

func TestALineThatNobodyObeysIsRefused(t *testing.T) {
	for _, line := range []string{"address", "min_backoff", "destination", "static_secret_render_interval", "exit_after_auth"} {
		if _, err := read(t, strings.Replace(good, line+" =", line+"s =", 1)); err == nil || !strings.Contains(err.Error(), line+"s is not known") {
			t.Errorf("%s: %v", line, err)
		}
	}
}
