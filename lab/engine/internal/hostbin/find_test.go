package hostbin

import (
	"os"
	"path/filepath"
	"testing"
)

func TestLinksToTheEngineItselfDoNotCount(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	links, real := t.TempDir(), t.TempDir()
	if err := os.Symlink(self, filepath.Join(links, "lab-ctr")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", links+":"+real)
	if path, err := Find("lab-ctr", "containerd"); err == nil {
		t.Errorf("found %s", path)
	}
	want := filepath.Join(real, "lab-ctr")
	if err := os.WriteFile(want, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if path, err := Find("lab-ctr", "containerd"); err != nil || path != want {
		t.Errorf("%s %v", path, err)
	}
}

func TestFilesThatCannotRunDoNotCount(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "lab-tool"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	if _, err := Find("lab-tool", "tools"); err == nil {
		t.Error("no error")
	}
}
