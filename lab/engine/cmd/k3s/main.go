// Command k3s is the lab's engine: K3s' documented interface with the upstream components behind it. It is not K3s.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"drover/lab/engine/internal/cli"
	"drover/lab/engine/internal/components"
)

func main() {
	os.Exit(run())
}

func run() int {
	// The engine starts itself under a component's name; a link named kubectl or ctr works as with K3s.
	name := filepath.Base(os.Args[0])
	if program, ok := components.Table[name]; ok {
		return program()
	}
	args := os.Args[1:]
	if name != "ctr" && name != "crictl" {
		if len(args) == 0 {
			fmt.Fprint(os.Stderr, cli.Usage())
			return 0
		}
		name, args = args[0], args[1:]
	}
	if name == "kubectl" {
		os.Args = append([]string{"kubectl"}, args...)
		return components.Kubectl()
	}
	return cli.Run(name, args)
}
