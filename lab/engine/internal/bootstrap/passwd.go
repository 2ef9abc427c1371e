package bootstrap

import (
	"encoding/csv"
	"os"
	"strings"

	"drover/lab/engine/internal/files"
	"drover/lab/engine/internal/paths"
)

// Passwords are the secrets behind the tokens: one for servers, one for agents (the same unless an agent token is set).
type Passwords struct{ Server, Node string }

// Write puts them into cred/passwd in K3s' form.
func (p Passwords) Write(d paths.Data) error {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write([]string{p.Node, "node", "node", "k3s:agent"}) // a strings.Builder never fails
	_ = w.Write([]string{p.Server, "server", "server", "k3s:server"})
	w.Flush()
	return files.Write(d.Cred("passwd"), []byte(b.String()), 0o600)
}

// ReadPasswords reads cred/passwd.
func ReadPasswords(d paths.Data) (Passwords, error) {
	b, err := os.ReadFile(d.Cred("passwd"))
	if err != nil {
		return Passwords{}, err
	}
	rows, err := csv.NewReader(strings.NewReader(string(b))).ReadAll()
	if err != nil {
		return Passwords{}, err
	}
	var p Passwords
	for _, row := range rows {
		switch {
		case len(row) > 1 && row[1] == "server":
			p.Server = row[0]
		case len(row) > 1 && row[1] == "node":
			p.Node = row[0]
		}
	}
	return p, nil
}
