package config

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func noEnv(string) string { return "" }

func writeConfig(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "config.yaml")
}

func load(t *testing.T, scope Scope, files map[string]string, args ...string) *Values {
	t.Helper()
	v, err := Load(scope, append([]string{"--config", writeConfig(t, files)}, args...), noEnv)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestDropInsWinInAlphabeticalOrder(t *testing.T) {
	v := load(t, Server, map[string]string{
		"config.yaml":             "node-name: a\ntls-san: [one]\n",
		"config.yaml.d/20-b.yaml": "node-name: c\n",
		"config.yaml.d/10-a.yaml": "node-name: b\ntls-san: [two, three]\n",
		"config.yaml.d/30-c.txt":  "node-name: never\n",
	})
	if got := v.String("node-name"); got != "c" {
		t.Errorf("node-name = %q", got)
	}
	if got := v.List("tls-san"); !reflect.DeepEqual(got, []string{"two", "three"}) {
		t.Errorf("a later list replaces the former: %v", got)
	}
}

func TestPlusAppends(t *testing.T) {
	v := load(t, Server, map[string]string{
		"config.yaml":            "node-label: [a=1]\nkubelet-arg: max-pods=5\n",
		"config.yaml.d/1.yaml":   "node-label+: [b=2]\nkubelet-arg+: v=2\n",
		"config.yaml.d/2.yaml":   "node-taint+: [c=3:NoSchedule]\n",
		"config.yaml.d/3.yaml":   "node-label+: d=4\n",
		"config.yaml.d/skip.yml": "node-label+: e=5\n",
	})
	if got := v.List("node-label"); !reflect.DeepEqual(got, []string{"a=1", "b=2", "d=4", "e=5"}) {
		t.Errorf("node-label = %v", got)
	}
	if got := v.List("kubelet-arg"); !reflect.DeepEqual(got, []string{"max-pods=5", "v=2"}) {
		t.Errorf("kubelet-arg = %v", got)
	}
	if got := v.List("node-taint"); !reflect.DeepEqual(got, []string{"c=3:NoSchedule"}) {
		t.Errorf("node-taint = %v", got)
	}
}

func TestDuplicateKeyLastWinsWithoutError(t *testing.T) {
	v := load(t, Server, map[string]string{"config.yaml": "token: a\ntoken: b\n"})
	if got := v.String("token"); got != "b" {
		t.Errorf("token = %q", got)
	}
}

func TestUnquotedOctalIsReadAsYAML11(t *testing.T) {
	v := load(t, Server, map[string]string{"config.yaml": "write-kubeconfig-mode: 0644\n"})
	if got := v.String("write-kubeconfig-mode"); got != "420" {
		t.Errorf("mode = %q, K3s reads 420", got)
	}
}

func TestFlagsBeatFilesBeatEnvironment(t *testing.T) {
	path := writeConfig(t, map[string]string{"config.yaml": "node-name: file\nnode-label: [a=1]\n"})
	env := func(k string) string {
		return map[string]string{"K3S_NODE_NAME": "env", "K3S_URL": "https://env:6443"}[k]
	}
	v, err := Load(Agent, []string{"-c", path, "--node-label", "b=2", "--node-label=c=3"}, env)
	if err != nil {
		t.Fatal(err)
	}
	if v.String("node-name") != "file" || v.String("server") != "https://env:6443" {
		t.Errorf("node-name %q server %q", v.String("node-name"), v.String("server"))
	}
	if got := v.List("node-label"); !reflect.DeepEqual(got, []string{"b=2", "c=3"}) {
		t.Errorf("flags overwrite the whole list: %v", got)
	}
}

func TestUnknownKeysAreSkippedWithK3sWarning(t *testing.T) {
	v := load(t, Agent, map[string]string{"config.yaml": "cluster-init: true\nnonsense: 1\n"})
	want := []string{"Unknown flag --cluster-init found in config.yaml, skipping\n", "Unknown flag --nonsense found in config.yaml, skipping\n"}
	if !reflect.DeepEqual(v.Warnings, want) {
		t.Errorf("warnings %q", v.Warnings)
	}
}

func TestUnknownFlagsAreRefused(t *testing.T) {
	_, err := Load(Server, []string{"--nonsense"}, noEnv)
	if err == nil || err.Error() != "flag provided but not defined: -nonsense" {
		t.Errorf("err = %v", err)
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	_, err := Load(Server, []string{"--config", writeConfig(t, map[string]string{"config.yaml": "rootless: true\ncluster-init: maybe\nhttps-listen-port: x\n"})}, noEnv)
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"lab engine: --rootless", `invalid boolean value "maybe"`, `invalid value "x"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in %v", want, err)
		}
	}
}

func TestSwitchedOffUnsupportedFlagsAreFine(t *testing.T) {
	v := load(t, Server, map[string]string{"config.yaml": "rootless: false\nembedded-registry: true\n"})
	if len(v.Warnings) != 1 || !strings.Contains(v.Warnings[0], "embedded-registry") {
		t.Errorf("warnings %q", v.Warnings)
	}
}

func TestTokenFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := Load(Agent, []string{"--config", writeConfig(t, nil), "--token-file", file}, noEnv)
	if err == nil || v != nil {
		t.Fatal("a config file that was asked for and is missing must fail")
	}
	v, err = Load(Agent, []string{"--config", writeConfig(t, map[string]string{"config.yaml": "{}"}), "--token-file", file}, noEnv)
	if err != nil || v.String("token") != "secret" {
		t.Errorf("token %v err %v", v, err)
	}
}

// Splitting a list over any number of drop-ins with "key+" gives the same list as writing it in one file.
func FuzzPlusAppendIsConcatenation(f *testing.F) {
	f.Add("a=1,b=2,c=3", uint8(1))
	f.Add("x", uint8(0))
	f.Add("a,b,c,d,e,f", uint8(4))
	f.Fuzz(func(t *testing.T, joined string, cut uint8) {
		items := strings.Split(joined, ",")
		at := int(cut) % (len(items) + 1)
		var whole []fileEntry
		whole = mergeEntries(whole, []fileEntry{{key: "k", values: items}})
		var parts []fileEntry
		parts = mergeEntries(parts, []fileEntry{{key: "k", values: items[:at]}})
		parts = mergeEntries(parts, []fileEntry{{key: "k", append: true, values: items[at:]}})
		if fmt.Sprint(whole[0].values) != fmt.Sprint(parts[0].values) {
			t.Errorf("%v != %v", whole[0].values, parts[0].values)
		}
	})
}

func FuzzMergedKeysAreUnique(f *testing.F) {
	f.Add([]byte("a: 1\na+: [x]\na: 2\n"))
	f.Add([]byte("- not a map"))
	f.Fuzz(func(t *testing.T, content []byte) {
		entries, err := parseFile(content)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, e := range mergeEntries(nil, entries) {
			if seen[e.key] {
				t.Errorf("%q twice", e.key)
			}
			seen[e.key] = true
		}
	})
}
