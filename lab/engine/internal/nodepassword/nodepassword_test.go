package nodepassword

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"k8s.io/client-go/kubernetes/fake"
)

func TestFirstHostTakesTheName(t *testing.T) {
	ctx, c := context.Background(), fake.NewClientset()
	if err := Ensure(ctx, c, "M0", "one"); err != nil {
		t.Fatal(err)
	}
	if err := Ensure(ctx, c, "m0", "one"); err != nil {
		t.Errorf("the same host again: %v", err)
	}
	if err := Ensure(ctx, c, "m0", "two"); !errors.Is(err, ErrRejected) {
		t.Errorf("another host: %v", err)
	}
	if err := Forget(ctx, c, "m0"); err != nil {
		t.Fatal(err)
	}
	if err := Ensure(ctx, c, "m0", "two"); err != nil {
		t.Errorf("after the node was deleted: %v", err)
	}
	if err := Forget(ctx, c, "nobody"); err != nil {
		t.Errorf("forgetting twice: %v", err)
	}
}

func TestLocalPasswordStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "node", "password")
	one, err := Local(path)
	if err != nil {
		t.Fatal(err)
	}
	two, err := Local(path)
	if err != nil || one != two || len(one) != 32 {
		t.Errorf("%q %q %v", one, two, err)
	}
}

func TestMalformedHashesMatchNothing(t *testing.T) {
	for _, h := range []string{"", "$1:", "$2:00:15:8:1:AA", "$1:zz:15:8:1:AA", "$1:00:99:8:1:AA", "$1:00:15:8:1:*"} {
		if Matches(h, "") {
			t.Errorf("%q matched", h)
		}
	}
}
