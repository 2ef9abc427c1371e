package snapshot

import (
	"archive/zip"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func store(t *testing.T, names ...string) Store {
	t.Helper()
	s := Store{Dir: t.TempDir(), Node: "m0", Prefix: "on-demand"}
	for i, n := range names {
		path := filepath.Join(s.Dir, n)
		if err := os.WriteFile(path, []byte(n), 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Unix(int64(1000+i), 0)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func names(t *testing.T, s Store) []string {
	t.Helper()
	all, err := s.List()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range all {
		out = append(out, f.Name)
	}
	return out
}

func TestListIsOldestFirstAndWithoutUnfinishedOnes(t *testing.T) {
	s := store(t, "on-demand-m0-3", "etcd-snapshot-m0-1", "on-demand-m0-9.part")
	if got := names(t, s); !slices.Equal(got, []string{"on-demand-m0-3", "etcd-snapshot-m0-1"}) {
		t.Errorf("%v", got)
	}
}

func TestNoFolderIsNoSnapshots(t *testing.T) {
	s := Store{Dir: filepath.Join(t.TempDir(), "none")}
	if got := names(t, s); got != nil {
		t.Errorf("%v", got)
	}
}

func TestPruneKeepsTheNewestOfItsPrefix(t *testing.T) {
	s := store(t, "on-demand-m0-1", "etcd-snapshot-m0-2", "on-demand-m0-3", "on-demand-m1-4", "on-demand-m0-5")
	gone, err := s.Prune(1)
	if err != nil || !slices.Equal(gone, []string{"on-demand-m0-1", "on-demand-m0-3"}) {
		t.Errorf("%v %v", gone, err)
	}
	if got := names(t, s); !slices.Equal(got, []string{"etcd-snapshot-m0-2", "on-demand-m1-4", "on-demand-m0-5"}) {
		t.Errorf("%v", got)
	}
}

func TestDeleteStaysInItsFolder(t *testing.T) {
	s := store(t, "on-demand-m0-1")
	outside := filepath.Join(t.TempDir(), "precious")
	if err := os.WriteFile(outside, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	rel, err := filepath.Rel(s.Dir, outside)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Delete([]string{rel, "missing"}); err == nil {
		t.Error("no error")
	}
	if _, err := os.Stat(outside); err != nil {
		t.Error(err)
	}
}

func TestCompressedSnapshotsUnpackToTheSame(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	if err := os.WriteFile(path, []byte("database"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := compress(path, "inner"); err != nil {
		t.Fatal(err)
	}
	out, err := Unpack(path, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(out)
	if err != nil || string(b) != "database" {
		t.Errorf("%q %v", b, err)
	}
	z, err := zip.OpenReader(path)
	if err != nil || z.File[0].Name != "inner" {
		t.Errorf("%v", err)
	}
	_ = z.Close()
}

func TestPlainSnapshotsNeedNoUnpacking(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	if err := os.WriteFile(path, []byte("database"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := Unpack(path, t.TempDir()); err != nil || out != path {
		t.Errorf("%s %v", out, err)
	}
}

func TestRecordNamesDifferByNode(t *testing.T) {
	a, b := File{Name: "x", Node: "m0", Location: "file:///x"}, File{Name: "x", Node: "m1", Location: "file:///x"}
	if recordName(a) == recordName(b) {
		t.Error(recordName(a))
	}
}
