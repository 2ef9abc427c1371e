// Package cli is K3s' command line.
package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"github.com/sirupsen/logrus"
	"k8s.io/component-base/version"

	"drover/lab/engine/internal/agent"
	"drover/lab/engine/internal/config"
	"drover/lab/engine/internal/hostbin"
	"drover/lab/engine/internal/paths"
	"drover/lab/engine/internal/server"
)

// command is one subcommand that reads K3s' configuration.
type command struct {
	usage string
	scope config.Scope
	run   func(context.Context, *config.Values) error
}

var commands = map[string]command{
	"server":          {"Run management server", config.Server, server.Run},
	"agent":           {"Run node agent", config.Agent, agent.Run},
	"etcd-snapshot":   {"Manage etcd snapshots: save, ls, delete, prune", config.EtcdSnapshot, etcdSnapshot},
	"token":           {"Manage tokens: create, delete, generate, list, rotate", config.Token, tokens},
	"certificate":     {"Manage certificates: check, rotate", config.Certificate, certificate},
	"secrets-encrypt": {"Control secrets encryption: status", config.SecretsEncrypt, secretsEncrypt},
}

// absent are commands of K3s that the lab engine does not have.
var absent = []string{"crictl", "check-config", "completion", "docker"}

// Run runs a subcommand and returns its exit code.
func Run(name string, args []string) int {
	switch {
	case name == "--version" || name == "-v" || name == "version":
		fmt.Print(Version())
		return 0
	case name == "--help" || name == "-h" || name == "help":
		fmt.Print(Usage())
		return 0
	case name == "ctr":
		return report(ctr(args))
	case slices.Contains(absent, name):
		return report(fmt.Errorf("lab engine: k3s %s is not part of it", name))
	}
	c, ok := commands[name]
	if !ok {
		fmt.Fprintf(os.Stderr, "No help topic for '%s'\n", name)
		return 3
	}
	if slices.Contains(args, "--help") || slices.Contains(args, "-h") {
		fmt.Print(help(name, c))
		return 0
	}
	return report(start(c, args))
}

func start(c command, args []string) error {
	v, err := config.Load(c.scope, args, os.Getenv)
	if err != nil {
		return err
	}
	if v.Bool("debug") {
		logrus.SetLevel(logrus.DebugLevel)
	}
	for _, w := range v.Warnings {
		logrus.Warn(w)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if c.scope == config.Server || c.scope == config.Agent {
		logrus.Infof("Starting k3s %s (drover lab engine)", version.Get().GitVersion)
	}
	err = c.run(ctx, v)
	if ctx.Err() != nil {
		return nil // asked to stop: whatever was called off is no failure
	}
	return err
}

// report logs an error as K3s does and gives the exit code.
func report(err error) int {
	if err == nil {
		return 0
	}
	logrus.StandardLogger().ExitFunc = func(int) {}
	logrus.Fatalf("Error: %v", err)
	return 1
}

// Version is the answer to --version. The form is K3s'; the words in brackets say that it is not K3s.
func Version() string {
	return fmt.Sprintf("k3s version %s (drover-lab-engine)\ngo version %s\n", version.Get().GitVersion, runtime.Version())
}

// Usage is the overview of commands.
func Usage() string {
	var b strings.Builder
	b.WriteString("k3s (drover lab engine): K3s' documented interface over upstream Kubernetes; it is not K3s\n\nUSAGE:\n   k3s COMMAND [OPTIONS]\n\nCOMMANDS:\n")
	names := []string{"server", "agent", "etcd-snapshot", "token", "certificate", "secrets-encrypt"}
	for _, n := range names {
		fmt.Fprintf(&b, "   %-16s %s\n", n, commands[n].usage)
	}
	b.WriteString("   kubectl          Run kubectl\n   ctr              Run ctr\n")
	return b.String()
}

func help(name string, c command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "NAME:\n   k3s %s - %s\n\nOPTIONS:\n", name, c.usage)
	for _, f := range config.For(c.scope) {
		if f.Effect != config.Works {
			continue
		}
		line := "   --" + f.Name
		if f.Alias != "" {
			line += ", -" + f.Alias
		}
		fmt.Fprintf(&b, "%-42s %s", line, f.Usage)
		if f.Default != "" {
			fmt.Fprintf(&b, " (default: %q)", f.Default)
		}
		if f.Env != "" {
			fmt.Fprintf(&b, " [$%s]", f.Env)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// ctr runs containerd's client against K3s' containerd, in the namespace of the pods.
func ctr(args []string) error {
	path, err := hostbin.Find("ctr", "containerd")
	if err != nil {
		return err
	}
	env := append(os.Environ(), "CONTAINERD_ADDRESS="+paths.ContainerdSocket, "CONTAINERD_NAMESPACE=k8s.io")
	return syscall.Exec(path, append([]string{"ctr"}, args...), env)
}

// subcommand takes the first word of a command, or the one that K3s assumes.
func subcommand(v *config.Values, assumed string) (string, []string) {
	if len(v.Args) == 0 {
		return assumed, nil
	}
	return v.Args[0], v.Args[1:]
}
