package agent

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"drover/lab/engine/internal/config"
	"drover/lab/engine/internal/paths"
)

func values(t *testing.T, args ...string) *config.Values {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := config.Load(config.Agent, append([]string{"-c", path}, args...), func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestFlannelSubnetBecomesABridgeNetwork(t *testing.T) {
	b, err := cniConfig(parseEnv("FLANNEL_NETWORK=10.42.0.0/16\nFLANNEL_SUBNET=10.42.3.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n"))
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		Plugins []struct {
			Type string
			MTU  int
			IPAM struct {
				Ranges [][]struct{ Subnet string }
				Routes []struct{ Dst string }
			}
		}
	}
	if err := json.Unmarshal(b, &c); err != nil {
		t.Fatal(err)
	}
	p := c.Plugins[0]
	if p.Type != "bridge" || p.MTU != 1450 || p.IPAM.Ranges[0][0].Subnet != "10.42.3.0/24" || p.IPAM.Routes[0].Dst != "10.42.0.0/16" || c.Plugins[1].Type != "portmap" {
		t.Errorf("%s", b)
	}
	for _, bad := range []string{"", "FLANNEL_SUBNET=x\nFLANNEL_MTU=1", "FLANNEL_SUBNET=10.42.3.1/24\nFLANNEL_MTU=x"} {
		if _, err := cniConfig(parseEnv(bad)); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

const registriesYAML = `
mirrors:
  docker.io:
    endpoint: ["http://10.0.0.5:5000", "registry.example.org"]
  "*":
    endpoint: ["https://cache.example.org"]
configs:
  10.0.0.5:5000:
    auth: {username: u, password: p}
  registry.example.org:
    tls: {insecure_skip_verify: true, ca_file: /ca.pem}
`

func registry(t *testing.T, yaml string, args ...string) (paths.Data, string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "registries.yaml")
	if err := os.WriteFile(path, []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	d := paths.Data(t.TempDir())
	auth, err := writeRegistries(d, values(t, append(args, "--private-registry", path)...))
	return d, auth, err
}

func TestMirrorsBecomeHostsFiles(t *testing.T) {
	d, auth, err := registry(t, registriesYAML)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(d.Agent("etc/containerd/certs.d/docker.io/hosts.toml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`server = "https://registry-1.docker.io/v2"`, `[host."http://10.0.0.5:5000"]`, `[host."https://registry.example.org"]`, "skip_verify = true", `ca = ["/ca.pem"]`} {
		if !strings.Contains(string(b), want) {
			t.Errorf("%s is missing in %s", want, b)
		}
	}
	if strings.Contains(string(b), "10.0.0.5:5000/v2") {
		t.Error("containerd adds /v2 itself")
	}
	if _, err := os.Stat(d.Agent("etc/containerd/certs.d/_default/hosts.toml")); err != nil {
		t.Error(err)
	}
	if !strings.Contains(auth, `registry.configs."10.0.0.5:5000".auth]`) || !strings.Contains(auth, `password = "p"`) {
		t.Error(auth)
	}
}

func TestOnlyMirrorsWhenAsked(t *testing.T) {
	d, _, err := registry(t, registriesYAML, "--disable-default-registry-endpoint")
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(d.Agent("etc/containerd/certs.d/docker.io/hosts.toml"))
	if err != nil || strings.Contains(string(b), "server =") {
		t.Errorf("%s %v", b, err)
	}
}

func TestBadRegistriesFilesAreRefused(t *testing.T) {
	for _, yaml := range []string{"mirrors: 1", "mirors: {}", "mirrors: {a: {endpoint: ['::']}}", "mirrors: {a: {rewrite: {x: y}}}"} {
		if _, _, err := registry(t, yaml); err == nil {
			t.Errorf("%q: no error", yaml)
		}
	}
}

func TestNoRegistriesFileIsFine(t *testing.T) {
	if auth, err := writeRegistries(paths.Data(t.TempDir()), values(t, "--private-registry", "/nowhere")); err != nil || auth != "" {
		t.Errorf("%q %v", auth, err)
	}
}

func TestLoopbackNameServersAreOfNoUseToPods(t *testing.T) {
	for resolv, want := range map[string]bool{"": false, "nameserver 127.0.0.53\n": false, "nameserver ::1\n": false, "search x\nnameserver 10.0.0.1\n": true} {
		if usable(resolv) != want {
			t.Errorf("%q", resolv)
		}
	}
}

func TestImageArchivesAreFoundByEnding(t *testing.T) {
	dir := t.TempDir()
	for _, n := range []string{"a.tar", "b.tar.zst", "c.tgz", "d.txt", "e.tar.gz"} {
		if err := os.WriteFile(filepath.Join(dir, n), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := imageArchives(dir)
	if err != nil || len(got) != 4 {
		t.Errorf("%v %v", got, err)
	}
	if got, err := imageArchives(filepath.Join(dir, "none")); got != nil || err != nil {
		t.Errorf("%v %v", got, err)
	}
}

func TestOnlyNewArchivesAreImportedAgainUnlessAnImageHasGone(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.tar")
	if err := os.WriteFile(path, []byte("one"), 0o600); err != nil {
		t.Fatal(err)
	}
	states, err := archiveStates(dir)
	if err != nil {
		t.Fatal(err)
	}
	record := filepath.Join(dir, "record")
	if changed := readImported(record).changed(states, []string{"x:1"}); len(changed) != 1 {
		t.Errorf("without a record: %v", changed)
	}
	if err := (imported{Archives: states, Images: []string{"x:1"}}).write(record); err != nil {
		t.Fatal(err)
	}
	last := readImported(record)
	if changed := last.changed(states, []string{"x:1", "y:1"}); len(changed) != 0 {
		t.Errorf("unchanged: %v", changed)
	}
	if changed := last.changed(states, []string{"y:1"}); len(changed) != 1 {
		t.Errorf("an image has gone: %v", changed)
	}
	if err := os.WriteFile(path, []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	if states, err = archiveStates(dir); err != nil {
		t.Fatal(err)
	}
	if changed := last.changed(states, []string{"x:1"}); len(changed) != 1 {
		t.Errorf("another content: %v", changed)
	}
}

func TestArchivesAreReadWithoutTheirCompression(t *testing.T) {
	dir := t.TempDir()
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	var zipped bytes.Buffer
	gz := gzip.NewWriter(&zipped)
	if _, err := gz.Write([]byte("archive")); err != nil || gz.Close() != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"a.tar": []byte("archive"), "b.tar.gz": zipped.Bytes(), "c.tgz": zipped.Bytes(),
		"d.tar.zst": encoder.EncodeAll([]byte("archive"), nil), "e.tzst": encoder.EncodeAll([]byte("archive"), nil),
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		archive, err := openArchive(path)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got, err := io.ReadAll(archive); string(got) != "archive" || err != nil || archive.Close() != nil {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
	path := filepath.Join(dir, "broken.tar.gz")
	if err := os.WriteFile(path, []byte("no gzip"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openArchive(path); err == nil {
		t.Error("a broken archive was opened")
	}
}

func TestRetryEndsWithItsContextOrWithSuccess(t *testing.T) {
	calls := 0
	err := retry(context.Background(), "waiting: ", func(context.Context) error {
		calls++
		if calls < 2 {
			return errors.New("not yet")
		}
		return nil
	})
	if err != nil || calls != 2 {
		t.Errorf("%v %d", err, calls)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := retry(ctx, "", func(context.Context) error { return errors.New("never") }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestContainerdReadsTheUsersFoldersWithoutFlannel(t *testing.T) {
	d := paths.Data(t.TempDir())
	r := runtime{data: d, values: values(t, "--private-registry", "/nowhere", "--pause-image", "mine:1")}
	for backend, want := range map[string]string{"vxlan": d.CNI(), "none": "/opt/cni/bin"} {
		if err := r.configure(backend); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(d.Agent("etc/containerd/config.toml"))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(b), `bin_dir = "`+want+`"`) || !strings.Contains(string(b), `sandbox_image = "mine:1"`) {
			t.Errorf("%s: %s", backend, b)
		}
	}
}
