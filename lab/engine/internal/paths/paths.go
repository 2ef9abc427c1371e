// Package paths knows where K3s keeps its files. Every other package asks it, so that
// --data-dir moves everything at once.
package paths

import "path/filepath"

const (
	// DefaultData is K3s' data directory.
	DefaultData = "/var/lib/rancher/k3s"
	// Etc holds config.yaml, registries.yaml and the administrator's kubeconfig.
	Etc = "/etc/rancher/k3s"
	// NodePassword is the file that proves a node name belongs to this host. It lies outside the data
	// directory on purpose: wiping K3s' data must not lose the name.
	NodePassword = "/etc/rancher/node/password"
	// ContainerdSocket is where K3s' containerd listens.
	ContainerdSocket = "/run/k3s/containerd/containerd.sock"
	// FlannelSubnet is the file in which Flannel tells its node's subnet and MTU.
	FlannelSubnet = "/run/flannel/subnet.env"
)

// Data is a K3s data directory.
type Data string

// Server names a file below server/.
func (d Data) Server(parts ...string) string { return d.join("server", parts) }

// TLS names a file below server/tls/.
func (d Data) TLS(parts ...string) string { return d.join("server/tls", parts) }

// Cred names a file below server/cred/.
func (d Data) Cred(parts ...string) string { return d.join("server/cred", parts) }

// Etcd names a file below etcd's data directory.
func (d Data) Etcd(parts ...string) string { return d.join("server/db/etcd", parts) }

// Agent names a file below agent/.
func (d Data) Agent(parts ...string) string { return d.join("agent", parts) }

// Bin names a program in data/current/bin, where K3s unpacks the programs it carries.
func (d Data) Bin(parts ...string) string { return d.join("data/current/bin", parts) }

// CNI names a plugin in data/cni, the folder containerd looks for plugins in while Flannel is in use.
func (d Data) CNI(parts ...string) string { return d.join("data/cni", parts) }

func (d Data) join(base string, parts []string) string {
	return filepath.Join(append([]string{string(d), base}, parts...)...)
}
