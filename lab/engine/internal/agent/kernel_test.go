package agent

import (
	"os"
	"path/filepath"
	"testing"
)

func TestForwardSwitchesEveryInterfaceOn(t *testing.T) {
	proc := t.TempDir()
	for _, name := range forwarding {
		path := filepath.Join(proc, "sys", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("0"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	forward(proc)
	for _, name := range forwarding {
		if got, err := os.ReadFile(filepath.Join(proc, "sys", name)); err != nil || string(got) != "1" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestForwardGoesOnWhereTheKernelRefuses(t *testing.T) {
	forward(filepath.Join(t.TempDir(), "none"))
}
