// Package command has those of Vault's commands that Drover prints and runs, with their arguments and what they print.
package command

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/hashicorp/vault/api"
)

// Run does one command at the server that VAULT_ADDR, VAULT_CACERT and the token name.
func Run(args []string, in io.Reader, out io.Writer) error {
	if args[0] == "read" {
		return read(args[1:], out)
	}
	client, err := newClient(api.DefaultConfig())
	if err != nil {
		return err
	}
	switch args[0] {
	case "write":
		return write(client, args[1:])
	case "policy":
		return writePolicy(client, args[1:], in)
	case "auth":
		return enableAuth(client, args[1:])
	default:
		return fmt.Errorf("unknown command %q", args[0])
	}
}

// newClient takes the token from VAULT_TOKEN, else from the file in which an agent or a login leaves it.
func newClient(at *api.Config) (*api.Client, error) {
	client, err := api.NewClient(at)
	if err != nil {
		return nil, err
	}
	if client.Token() == "" {
		kept, err := os.ReadFile(os.Getenv("HOME") + "/.vault-token")
		if err != nil && !os.IsNotExist(err) {
			return nil, err
		}
		client.SetToken(strings.TrimSpace(string(kept)))
	}
	client.SetMaxRetries(0)
	return client, nil
}

func read(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("read", flag.ContinueOnError)
	field := flags.String("field", "", "print this field alone")
	address := flags.String("address", "", "where Vault is")
	ca := flags.String("ca-cert", "", "who signs its certificate")
	if err := flags.Parse(args); err != nil {
		return err
	}
	at := api.DefaultConfig()
	if *address != "" {
		at.Address = *address
	}
	if *ca != "" {
		if err := at.ConfigureTLS(&api.TLSConfig{CACert: *ca}); err != nil {
			return err
		}
	}
	client, err := newClient(at)
	if err != nil {
		return err
	}
	secret, err := client.Logical().Read(flags.Arg(0))
	if err != nil {
		return fmt.Errorf("Error reading %s: %w", flags.Arg(0), err)
	}
	if secret == nil {
		return fmt.Errorf("No value found at %s", flags.Arg(0))
	}
	if *field == "" {
		return json.NewEncoder(out).Encode(secret)
	}
	value, found := secret.Data[*field]
	if !found {
		return fmt.Errorf("Field %q not present in secret", *field)
	}
	_, err = fmt.Fprint(out, value)
	return err
}

// write takes KEY=VALUE and KEY=@FILE.
func write(client *api.Client, args []string) error {
	data := map[string]any{}
	for _, pair := range args[1:] {
		key, value, found := strings.Cut(pair, "=")
		if !found {
			return fmt.Errorf("expected KEY=VALUE, not %q", pair)
		}
		if path, isFile := strings.CutPrefix(value, "@"); isFile {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			value = string(text)
		}
		data[key] = value
	}
	_, err := client.Logical().Write(args[0], data)
	return err
}

// writePolicy takes `write NAME -`.
func writePolicy(client *api.Client, args []string, in io.Reader) error {
	if len(args) != 3 || args[0] != "write" || args[2] != "-" {
		return fmt.Errorf("expected policy write NAME -")
	}
	text, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	return client.Sys().PutPolicy(args[1], string(text))
}

// enableAuth takes `enable -path=PATH TYPE`.
func enableAuth(client *api.Client, args []string) error {
	if len(args) == 0 || args[0] != "enable" {
		return fmt.Errorf("expected auth enable")
	}
	flags := flag.NewFlagSet("auth enable", flag.ContinueOnError)
	path := flags.String("path", "", "where it is mounted")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	return client.Sys().EnableAuthWithOptions(*path, &api.EnableAuthOptions{Type: flags.Arg(0)})
}
