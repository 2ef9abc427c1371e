// Package critical compares the configuration values that every server of a cluster must share.
package critical

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"drover/lab/engine/internal/config"
)

// Values are K3s' critical configuration values.
type Values struct {
	AgentTokenHash            string
	ClusterCIDR               []string
	ClusterDNS                []string
	ClusterDomain             string
	DisableCCM                bool
	DisableHelmController     bool
	DisableNPC                bool
	DisableServiceLB          bool
	EgressSelectorMode        string
	EmbeddedRegistry          bool
	FlannelBackend            string
	FlannelExternalIP         bool
	FlannelIPv6Masq           bool
	SecretsEncryption         bool
	SecretsEncryptionProvider string
	ServiceCIDR               []string
}

// From reads them from a server's configuration. dns is the cluster's DNS address, worked out when not given.
func From(v *config.Values, dns []string) Values {
	return Values{
		AgentTokenHash:            hash(v.String("agent-token")),
		ClusterCIDR:               v.List("cluster-cidr"),
		ClusterDNS:                dns,
		ClusterDomain:             v.String("cluster-domain"),
		DisableCCM:                v.Bool("disable-cloud-controller"),
		DisableHelmController:     v.Bool("disable-helm-controller"),
		DisableNPC:                v.Bool("disable-network-policy"),
		DisableServiceLB:          slices.Contains(v.List("disable"), "servicelb"),
		EgressSelectorMode:        v.String("egress-selector-mode"),
		EmbeddedRegistry:          v.Bool("embedded-registry"),
		FlannelBackend:            v.String("flannel-backend"),
		FlannelExternalIP:         v.Bool("flannel-external-ip"),
		FlannelIPv6Masq:           v.Bool("flannel-ipv6-masq"),
		SecretsEncryption:         v.Bool("secrets-encryption"),
		SecretsEncryptionProvider: v.String("secrets-encryption-provider"),
		ServiceCIDR:               v.List("service-cidr"),
	}
}

// Compare refuses a server whose values differ from the cluster's, naming each of them.
func Compare(cluster, local Values) error {
	var differ []string
	c, l := reflect.ValueOf(cluster), reflect.ValueOf(local)
	for i := range c.NumField() {
		if !reflect.DeepEqual(c.Field(i).Interface(), l.Field(i).Interface()) {
			differ = append(differ, c.Type().Field(i).Name)
		}
	}
	if len(differ) == 0 {
		return nil
	}
	return errors.Join(
		errors.New("failed to validate server configuration: critical configuration value mismatch between servers"),
		fmt.Errorf("mismatched: %s", strings.Join(differ, ", ")),
	)
}
