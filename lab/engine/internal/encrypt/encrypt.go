// Package encrypt turns on encryption of Secrets at rest with the API server's own configuration, as K3s does, and tells
// its state.
package encrypt

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	apiserverv1 "k8s.io/apiserver/pkg/apis/apiserver/v1"
	"k8s.io/client-go/kubernetes"

	"drover/lab/engine/internal/files"
	"drover/lab/engine/internal/paths"
)

// Annotation is where each server shows the hash of its encryption configuration.
const Annotation = "k3s.io/encryption-config-hash"

// ConfigPath is the API server's encryption configuration.
func ConfigPath(d paths.Data) string { return d.Cred("encryption-config.json") }

// Ensure writes the configuration with a new key, unless there is one.
func Ensure(d paths.Data, provider string) error {
	if files.Exists(ConfigPath(d)) {
		return nil
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return err
	}
	keys := []apiserverv1.Key{{Name: provider + "key", Secret: base64.StdEncoding.EncodeToString(secret)}}
	var first apiserverv1.ProviderConfiguration
	switch provider {
	case "aescbc":
		first.AESCBC = &apiserverv1.AESConfiguration{Keys: keys}
	case "secretbox":
		first.Secretbox = &apiserverv1.SecretboxConfiguration{Keys: keys}
	default:
		return fmt.Errorf("secrets-encryption-provider: %q is neither aescbc nor secretbox", provider)
	}
	config := apiserverv1.EncryptionConfiguration{
		TypeMeta: metav1.TypeMeta{APIVersion: "apiserver.config.k8s.io/v1", Kind: "EncryptionConfiguration"},
		Resources: []apiserverv1.ResourceConfiguration{{
			Resources: []string{"secrets"},
			Providers: []apiserverv1.ProviderConfiguration{first, {Identity: &apiserverv1.IdentityConfiguration{}}},
		}},
	}
	content, err := json.Marshal(config)
	if err != nil {
		return err
	}
	return files.Write(ConfigPath(d), content, 0o600)
}

// Hash is what the server shows in its annotation; without a configuration it is empty.
func Hash(d paths.Data) (string, error) {
	b, err := os.ReadFile(ConfigPath(d))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return "start-" + hex.EncodeToString(sum[:]), nil
}

// Status is what `k3s secrets-encrypt status` shows.
type Status struct {
	Enable       *bool    `json:"enable,omitempty"`
	Stage        string   `json:"stage,omitempty"`
	ActiveKey    string   `json:"activekey,omitempty"`
	InactiveKeys []string `json:"inactivekeys,omitempty"`
	HashMatch    bool     `json:"hashmatch,omitempty"`
	HashError    string   `json:"hasherror,omitempty"`
}

// Read works out the state from the configuration and from all servers' annotations.
func Read(ctx context.Context, d paths.Data, client kubernetes.Interface) (Status, error) {
	b, err := os.ReadFile(ConfigPath(d))
	if errors.Is(err, fs.ErrNotExist) {
		return Status{}, nil
	}
	var config apiserverv1.EncryptionConfiguration
	if err == nil {
		err = json.Unmarshal(b, &config)
	}
	if err != nil {
		return Status{}, err
	}
	enabled := true
	status := Status{Enable: &enabled, Stage: "start", HashMatch: true}
	for _, p := range config.Resources[0].Providers {
		switch {
		case p.AESCBC != nil:
			status.ActiveKey = "AES-CBC " + p.AESCBC.Keys[0].Name
		case p.Secretbox != nil:
			status.ActiveKey = "XSalsa20-POLY1305 " + p.Secretbox.Keys[0].Name
		}
	}
	return status, status.compare(ctx, d, client)
}

func (s *Status) compare(ctx context.Context, d paths.Data, client kubernetes.Interface) error {
	own, err := Hash(d)
	if err != nil {
		return err
	}
	servers, err := client.CoreV1().Nodes().List(ctx, metav1.ListOptions{LabelSelector: "node-role.kubernetes.io/control-plane=true"})
	if err != nil {
		return err
	}
	for _, n := range servers.Items {
		if theirs := n.Annotations[Annotation]; theirs != own {
			s.HashMatch = false
			s.HashError = fmt.Sprintf("hash does not match between %s and this server", n.Name)
		}
	}
	return nil
}
