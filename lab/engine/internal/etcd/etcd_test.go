package etcd

import (
	"os"
	"testing"
	"time"

	"go.etcd.io/etcd/api/v3/etcdserverpb"
	"sigs.k8s.io/yaml"

	"drover/lab/engine/internal/files"
	"drover/lab/engine/internal/paths"
)

func TestEtcdArgsOverlayTheConfiguration(t *testing.T) {
	m := Member{Data: paths.Data(t.TempDir()), Name: "m0-1", IP: "10.0.0.1", Args: []string{"quota-backend-bytes=4294967296", "--election-timeout=1000", "pre-vote"}}
	path, err := m.writeConfig(start{initial: "m0-1=https://10.0.0.1:2380"})
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := yaml.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]any{
		"quota-backend-bytes": float64(4294967296), "election-timeout": float64(1000), "pre-vote": true,
		"heartbeat-interval": float64(500), "initial-cluster-state": "new", "advertise-client-urls": "https://10.0.0.1:2379",
	} {
		if got[key] != want {
			t.Errorf("%s = %v, want %v", key, got[key], want)
		}
	}
}

func TestMemberNameStaysUntilTheDatabaseGoes(t *testing.T) {
	d := paths.Data(t.TempDir())
	one, err := MemberName(d, "m0")
	if err != nil {
		t.Fatal(err)
	}
	two, err := MemberName(d, "m0")
	if err != nil || one != two {
		t.Errorf("%s %s %v", one, two, err)
	}
	if err := SetAside(d, time.Unix(7, 0)); err != nil {
		t.Fatal(err)
	}
	three, err := MemberName(d, "m0")
	if err != nil || three == one {
		t.Errorf("%s %v", three, err)
	}
	if !files.Exists(d.Etcd() + "-old-7") {
		t.Error("the old database is gone")
	}
}

func TestTombstoneSetsTheDatabaseAside(t *testing.T) {
	d := paths.Data(t.TempDir())
	if left, err := LeaveOld(d, time.Unix(1, 0)); left || err != nil {
		t.Errorf("%v %v", left, err)
	}
	if err := files.Write(d.Etcd("tombstone"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if left, err := LeaveOld(d, time.Unix(1, 0)); !left || err != nil {
		t.Errorf("%v %v", left, err)
	}
	if files.Exists(d.Etcd()) {
		t.Error("the database is still there")
	}
}

func TestInitialClusterNamesEveryPeer(t *testing.T) {
	m := Member{Name: "m1-b", IP: "10.0.0.2"}
	got := m.initialCluster([]*etcdserverpb.Member{
		{ID: 1, Name: "m0-a", PeerURLs: []string{"https://10.0.0.1:2380"}},
		{ID: 2, PeerURLs: []string{"https://10.0.0.2:2380"}},
		{ID: 0xab, PeerURLs: []string{"https://10.0.0.3:2380"}},
	})
	want := "m0-a=https://10.0.0.1:2380,m1-b=https://10.0.0.2:2380,unstarted-ab=https://10.0.0.3:2380"
	if got != want {
		t.Errorf("%s", got)
	}
}

func TestNodeOf(t *testing.T) {
	for in, want := range map[string]string{"m0-1a2b": "m0", "my-host-99": "my-host", "plain": "plain"} {
		if got := nodeOf(in); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
}

func TestMembersAreFoundByNameOrByAddress(t *testing.T) {
	started := &etcdserverpb.Member{ID: 1, Name: "m0-1", PeerURLs: []string{"https://10.0.0.1:2380"}}
	fresh := &etcdserverpb.Member{ID: 2, PeerURLs: []string{"https://10.0.0.2:2380"}, IsLearner: true}
	all := []*etcdserverpb.Member{started, fresh}
	for _, c := range []struct {
		name, ip string
		want     *etcdserverpb.Member
	}{{"m0-1", "", started}, {"", "10.0.0.2", fresh}, {"m1-9", "10.0.0.2", fresh}, {"", "", nil}, {"m1-9", "10.0.0.3", nil}} {
		if got := Of(all, c.name, c.ip); got != c.want {
			t.Errorf("%q %q: %v", c.name, c.ip, got)
		}
	}
	if got := Shown(started); got != "m0-1" {
		t.Error(got)
	}
	if got := Shown(fresh); got != "2 at https://10.0.0.2:2380" {
		t.Error(got)
	}
}
