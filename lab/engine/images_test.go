package engine

import "testing"

func TestEveryBundledImageHasAReference(t *testing.T) {
	for _, name := range []string{"busybox", "coredns", "local-path-provisioner", "metrics-server", "pause"} {
		if Image(name) == "" {
			t.Errorf("%s has none", name)
		}
	}
}
