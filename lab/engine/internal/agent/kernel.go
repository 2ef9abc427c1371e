package agent

import (
	"os"
	"path/filepath"

	"github.com/sirupsen/logrus"
)

// forwarding are the switches that K3s sets before anything else runs on a node, below /proc/sys. Without them a node on
// which no pod has a network yet passes no packets of others.
var forwarding = []string{"net/ipv4/conf/all/forwarding", "net/ipv4/conf/default/forwarding"}

// forward lets the kernel pass packets on. As with K3s, one that refuses is told of and the node starts all the same.
func forward(proc string) {
	for _, name := range forwarding {
		if err := os.WriteFile(filepath.Join(proc, "sys", name), []byte("1"), 0o644); err != nil {
			logrus.Errorf("Failed to set sysctl: %v", err)
		}
	}
}
