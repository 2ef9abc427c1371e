// Package hostbin finds the programs that the lab engine takes from the host's packages.
package hostbin

import (
	"fmt"
	"os"
	"path/filepath"
)

// Find looks for a program where packages put it and then in PATH. Links to the engine itself do not count: K3s'
// installation makes /usr/local/bin/ctr one, and it would call itself for ever.
func Find(name, pkg string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	if self, err = filepath.EvalSymlinks(self); err != nil {
		return "", err
	}
	dirs := append([]string{"/usr/bin", "/usr/sbin"}, filepath.SplitList(os.Getenv("PATH"))...)
	for _, dir := range dirs {
		path := filepath.Join(dir, name)
		st, err := os.Stat(path)
		if err != nil || st.IsDir() || st.Mode()&0o111 == 0 {
			continue
		}
		if target, err := filepath.EvalSymlinks(path); err == nil && target != self {
			return path, nil
		}
	}
	return "", fmt.Errorf("lab engine: %s is not on this host; install the package %s", name, pkg)
}
