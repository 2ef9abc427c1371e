// Package child runs the upstream components as child processes that cannot outlive the engine.
package child

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/sirupsen/logrus"
)

// stopGrace is how long a child may take to end after SIGTERM. systemd waits for the engine, so it is short.
const stopGrace = 3 * time.Second

// lazyCollector lets heaps grow to three times what is in use, not twice: half a dozen of these programs share few cores, and
// their starts take a tenth less of them. What the unit's environment says wins.
const lazyCollector = "GOGC=200"

// Spec is one program to keep running.
type Spec struct {
	Name string
	Path string
	Args []string
	Env  []string
	// Log receives the program's output; nil is the engine's own standard error, which is the journal.
	Log io.Writer
	// Restart starts the program again when it ends; without it the end of the program is an error.
	Restart bool
}

// Run keeps a program running until ctx ends, then stops it and waits. The kernel kills it (SIGKILL) when the
// engine dies in whatever way, as K3s' components die with K3s' single process.
func Run(ctx context.Context, s Spec) error {
	result := make(chan error, 1)
	go func() {
		// The parent-death signal belongs to the thread that forked: it must not end before the child does.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		result <- loop(ctx, s)
	}()
	return <-result
}

func loop(ctx context.Context, s Spec) error {
	for backoff := 200 * time.Millisecond; ; backoff = min(2*backoff, 5*time.Second) {
		started := time.Now()
		err := once(ctx, s)
		if ctx.Err() != nil {
			return nil
		}
		if err == nil {
			err = errors.New("ended")
		}
		if !s.Restart {
			return fmt.Errorf("%s exited: %w", s.Name, err)
		}
		if time.Since(started) > time.Minute {
			backoff = 200 * time.Millisecond
		}
		logrus.Errorf("%s exited: %v; starting it again", s.Name, err)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(backoff):
		}
	}
}

func once(ctx context.Context, s Spec) error {
	// The context must not kill at once: Cancel asks first, WaitDelay insists.
	cmd := exec.CommandContext(ctx, s.Path, s.Args...)
	cmd.Args[0] = s.Name
	cmd.Env = append(environ(), s.Env...)
	cmd.Stdout, cmd.Stderr = s.Log, s.Log
	if s.Log == nil {
		cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = stopGrace
	logrus.Infof("Running %s %s", s.Name, strings.Join(s.Args, " "))
	return cmd.Run()
}

// environ is our environment without the service manager's socket and without the token.
func environ() []string {
	out := []string{lazyCollector}
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "NOTIFY_SOCKET=") && !strings.HasPrefix(e, "K3S_TOKEN=") && !strings.HasPrefix(e, "K3S_AGENT_TOKEN=") {
			out = append(out, e)
		}
	}
	return out
}
