package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
)

const (
	stateDir  = "/var/lib/labnet"
	blockFile = stateDir + "/block"
	// imagePlugins is where the image has the plugins; they are put into the runtime's folder under the network's name.
	imagePlugins = "/plugins"
	prefix       = "labnet-"
)

var ownPlugins = []string{"bridge", "host-local", "portmap"}

// writeFile puts a file in its place in one move, unless it has this content already.
func writeFile(path string, content []byte, mode fs.FileMode) error {
	if now, err := os.ReadFile(path); err == nil && bytes.Equal(now, content) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	making := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".labnet")
	if err := errors.Join(os.WriteFile(making, content, mode), os.Chmod(making, mode)); err != nil {
		return err
	}
	return os.Rename(making, path)
}

// ensurePlugins puts the network's plugins into the runtime's folder, and loopback, which every runtime calls, where it
// is missing; one that is there may be a link that leads elsewhere on the host.
func ensurePlugins(dir string) error {
	var failures []error
	for _, name := range ownPlugins {
		failures = append(failures, putPlugin(name, filepath.Join(dir, prefix+name)))
	}
	if _, err := os.Lstat(filepath.Join(dir, "loopback")); errors.Is(err, fs.ErrNotExist) {
		failures = append(failures, putPlugin("loopback", filepath.Join(dir, "loopback")))
	}
	return errors.Join(failures...)
}

// putPlugin compares sizes alone: it is asked every few seconds, and the plugins change with the image.
func putPlugin(name, path string) error {
	from := filepath.Join(imagePlugins, name)
	want, err := os.Stat(from)
	if err != nil {
		return err
	}
	if now, err := os.Stat(path); err == nil && now.Size() == want.Size() {
		return nil
	}
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return writeFile(path, content, 0o755)
}

// conflist is the CNI configuration of the node.
func conflist(block netip.Prefix, mtu int) ([]byte, error) {
	return json.MarshalIndent(map[string]any{
		"cniVersion": "1.0.0", "name": "labnet",
		"plugins": []any{
			map[string]any{
				"type": prefix + "bridge", "bridge": bridge, "isDefaultGateway": true, "forceAddress": true, "hairpinMode": true,
				"ipMasq": false, "mtu": mtu,
				"ipam": map[string]any{"type": prefix + "host-local", "ranges": []any{[]any{map[string]string{"subnet": block.String()}}}},
			},
			map[string]any{"type": prefix + "portmap", "capabilities": map[string]bool{"portMappings": true}},
		},
	}, "", "  ")
}

// ensureConfiguration stages the configuration; only the network in use writes it where the runtime reads.
func ensureConfiguration(o Options, block netip.Prefix, mtu int) error {
	text, err := conflist(block, mtu)
	if err != nil {
		return err
	}
	if err := writeFile(filepath.Join(stateDir, o.ConfName), text, 0o644); err != nil || o.Beside {
		return err
	}
	return writeFile(filepath.Join(o.ConfDir, o.ConfName), text, 0o644)
}
