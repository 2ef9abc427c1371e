package bootstrap

import (
	"os"

	"drover/lab/engine/internal/files"
	"drover/lab/engine/internal/paths"
	"drover/lab/engine/internal/token"
)

// WriteTokens writes the token files of a server in their full form: token, agent-token when agents have their own,
// and the link node-token to what agents should use.
func WriteTokens(d paths.Data) error {
	p, err := ReadPasswords(d)
	if err != nil {
		return err
	}
	ca, err := os.ReadFile(d.TLS("server-ca.crt"))
	if err != nil {
		return err
	}
	server, err := token.Format("server:"+p.Server, ca)
	if err != nil {
		return err
	}
	if err := files.Write(d.Server("token"), []byte(server+"\n"), 0o600); err != nil {
		return err
	}
	if p.Node == p.Server {
		return files.Link(d.Server("token"), d.Server("node-token"))
	}
	node, err := token.Format("node:"+p.Node, ca)
	if err != nil {
		return err
	}
	if err := files.Write(d.Server("agent-token"), []byte(node+"\n"), 0o600); err != nil {
		return err
	}
	return files.Link(d.Server("agent-token"), d.Server("node-token"))
}
