package addons

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"drover/lab/engine/internal/files"
)

func settings(t *testing.T, disabled ...string) Settings {
	t.Helper()
	return Settings{Dir: t.TempDir(), Node: "m0", ClusterDNS: "10.43.0.10", ClusterDomain: "cluster.local", LocalStorage: "/var/lib/rancher/k3s/storage", Disabled: disabled}
}

func staged(t *testing.T, s Settings) []string {
	t.Helper()
	if err := s.stage(); err != nil {
		t.Fatal(err)
	}
	all, err := list(s.Dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range all {
		names = append(names, m.rel)
	}
	return names
}

func TestEveryPackagedManifestIsValid(t *testing.T) {
	s := settings(t)
	for _, name := range staged(t, s) {
		content, err := os.ReadFile(filepath.Join(s.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		found, err := objects(content)
		if err != nil || len(found) == 0 {
			t.Errorf("%s: %v", name, err)
		}
		for _, o := range found {
			if o.GetName() == "" || o.GetKind() == "" || strings.Contains(string(content), "%{") {
				t.Errorf("%s: %v", name, o)
			}
		}
	}
}

func TestDisabledComponentsAreNotStaged(t *testing.T) {
	names := staged(t, settings(t, "metrics-server", "local-storage"))
	if !slices.Equal(names, []string{"coredns.yaml", "rolebindings.yaml"}) {
		t.Errorf("%v", names)
	}
}

func TestSkipKeepsAComponentAway(t *testing.T) {
	s := settings(t)
	if err := files.Write(filepath.Join(s.Dir, "coredns.yaml.skip"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if slices.Contains(staged(t, s), "coredns.yaml") {
		t.Error("coredns.yaml was written")
	}
}

func TestAPrivateRegistryTakesThePlaceOfTheDefault(t *testing.T) {
	s := settings(t)
	s.Registry = "registry.example.org:5000"
	got, err := s.image("coredns")
	if err != nil || !strings.HasPrefix(got, "registry.example.org:5000/rancher/mirrored-coredns-coredns:") {
		t.Errorf("%s %v", got, err)
	}
}

func TestDefinitionsComeFirstAndListsAreOpened(t *testing.T) {
	got, err := objects([]byte(`
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
---
---
apiVersion: v1
kind: Namespace
metadata: {name: n}
`))
	if err != nil || len(got) != 2 || got[0].GetKind() != "Namespace" || got[1].GetName() != "a" {
		t.Errorf("%v %v", got, err)
	}
}

func TestBrokenManifestsAreErrors(t *testing.T) {
	if _, err := objects([]byte("a: [")); err == nil {
		t.Error("no error")
	}
}

func TestDisabledAppliesToFolderAndName(t *testing.T) {
	s := Settings{Disabled: []string{"metrics-server", "mine"}}
	for rel, want := range map[string]bool{
		"metrics-server/auth-reader.yaml": true, "mine.yaml": true, "sub/mine.yaml": true, "coredns.yaml": false, "metrics-server-extra.yaml": false,
	} {
		if s.disabled(rel) != want {
			t.Errorf("%s: %v", rel, !want)
		}
	}
}

func TestAProblemIsReportedOnce(t *testing.T) {
	c := &Controller{failed: map[string]string{}}
	c.report("x", context.Canceled)
	if c.failed["x"] == "" {
		t.Error("not kept")
	}
	c.report("x", nil)
	if len(c.failed) != 0 {
		t.Error("kept after it went away")
	}
}
