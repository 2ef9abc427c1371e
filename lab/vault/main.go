// Command vault is what a lab has in place of HashiCorp's: its agent is made of Vault's own code (configuration, login,
// templates), its server is a small one of the lab's with the same API, and of its commands those are there that Drover
// prints and runs.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"drover/lab/vault/internal/agent"
	"drover/lab/vault/internal/command"
	"drover/lab/vault/internal/server"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func run(ctx context.Context, args []string) error {
	// The real image has a whole system around its program; of that, this one is needed.
	if filepath.Base(args[0]) == "cat" {
		return command.Cat(args[1:], os.Stdout)
	}
	if len(args) < 2 {
		return fmt.Errorf("usage: %s agent | server | read | write | delete | policy write | auth enable", args[0])
	}
	switch args[1] {
	case "agent":
		return agent.Run(ctx, args[2:])
	case "server":
		return server.Run(ctx, args[2:])
	default:
		return command.Run(args[1:], os.Stdin, os.Stdout)
	}
}
