// Package notify tells systemd that a Type=notify service is ready.
package notify

import (
	"net"
	"os"
)

// Ready sends READY=1 to the service manager, if there is one, and hides the socket from children, so that none of
// them speaks in our name.
func Ready() error {
	socket := os.Getenv("NOTIFY_SOCKET")
	if socket == "" {
		return nil
	}
	if err := os.Unsetenv("NOTIFY_SOCKET"); err != nil {
		return err
	}
	conn, err := net.Dial("unixgram", socket)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	_, err = conn.Write([]byte("READY=1"))
	return err
}
