package agent

import (
	"fmt"
	"os"
	"path/filepath"

	"drover/lab/engine/internal/files"
	"drover/lab/engine/internal/paths"
)

// pluginFolders are where distributions put the CNI plugins.
var pluginFolders = []string{"/usr/lib/cni", "/usr/libexec/cni", "/opt/cni/bin"}

// neededPlugins are what a pod network by Flannel calls.
var neededPlugins = []string{"bridge", "host-local", "loopback", "portmap"}

// LinkPrograms makes the links under which the engine starts itself as each component, and those to the host's CNI
// plugins, in the folders where K3s unpacks its own.
func LinkPrograms(d paths.Data, names []string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	for _, n := range names {
		if err := files.Link(self, d.Bin(n)); err != nil {
			return err
		}
	}
	return nil
}

func linkPlugins(d paths.Data) error {
	for _, n := range neededPlugins {
		found := ""
		for _, dir := range pluginFolders {
			if path := filepath.Join(dir, n); found == "" && files.Exists(path) {
				found = path
			}
		}
		if found == "" {
			return fmt.Errorf("lab engine: CNI plugin %s is in none of %v; install the package containernetworking-plugins", n, pluginFolders)
		}
		if err := files.Link(found, d.CNI(n)); err != nil {
			return err
		}
	}
	return nil
}
