package child

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestUserArgumentsWin(t *testing.T) {
	got := Args{"v": "1", "admission": "A"}.Merge([]string{"v=2", "--max-pods=9", "admission+=B", "admission-=C", "flag"}).List()
	want := []string{"--admission=C,A,B", "--flag=true", "--max-pods=9", "--v=2"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
}

func TestMergeLeavesItsInputAlone(t *testing.T) {
	base := Args{"a": "1"}
	base.Merge([]string{"a=2"})
	if base["a"] != "1" {
		t.Error("changed")
	}
}

func TestTheEndOfAnEssentialProgramIsAnError(t *testing.T) {
	err := Run(context.Background(), Spec{Name: "sh", Path: "/bin/sh", Args: []string{"-c", "exit 3"}})
	if err == nil || err.Error() != "sh exited: exit status 3" {
		t.Errorf("err = %v", err)
	}
}

func TestOthersAreStartedAgain(t *testing.T) {
	file := filepath.Join(t.TempDir(), "runs")
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() {
		done <- Run(ctx, Spec{Name: "sh", Path: "/bin/sh", Args: []string{"-c", "echo x >> " + file}, Restart: true})
	}()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if b, err := os.ReadFile(file); err == nil && strings.Count(string(b), "x") >= 2 {
			cancel()
			if err := <-done; err != nil {
				t.Error(err)
			}
			return
		}
	}
	t.Error("was not started twice")
	cancel()
}

func TestSecretsAndTheServiceManagerAreHiddenFromChildren(t *testing.T) {
	t.Setenv("K3S_TOKEN", "secret")
	t.Setenv("NOTIFY_SOCKET", "/nowhere")
	var out bytes.Buffer
	err := Run(context.Background(), Spec{Name: "sh", Path: "/bin/sh", Args: []string{"-c", "env; exit 1"}, Log: &out})
	if err == nil || !strings.Contains(out.String(), "PATH=") {
		t.Fatalf("err %v, output %q", err, out.String())
	}
	if strings.Contains(out.String(), "secret") || strings.Contains(out.String(), "NOTIFY_SOCKET") {
		t.Error(out.String())
	}
}
