package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"drover/lab/engine/internal/config"
	"drover/lab/engine/internal/encrypt"
	"drover/lab/engine/internal/files"
	"drover/lab/engine/internal/join"
	"drover/lab/engine/internal/paths"
)

func secretsEncrypt(ctx context.Context, v *config.Values) error {
	if sub, _ := subcommand(v, "status"); sub != "status" {
		return fmt.Errorf("lab engine: k3s secrets-encrypt %s is not supported; it has status", sub)
	}
	d := paths.Data(v.String("data-dir"))
	secret, err := v.String("token"), error(nil)
	if secret == "" {
		if secret, err = files.ReadTrimmed(d.Server("token")); err != nil {
			return err
		}
	}
	url := v.String("server")
	if url == "" {
		url = "https://127.0.0.1:6443"
	}
	access, err := join.Connect(ctx, url, secret, join.Options{User: "server"})
	if err != nil {
		return err
	}
	raw, err := access.Get(ctx, "/v1-k3s/encrypt/status")
	if err != nil {
		return err
	}
	var status encrypt.Status
	if err := json.Unmarshal(raw, &status); err != nil {
		return err
	}
	if v.String("output") == "json" {
		return json.NewEncoder(os.Stdout).Encode(status)
	}
	return printEncryption(status)
}

func printEncryption(s encrypt.Status) error {
	if s.Enable == nil {
		fmt.Println("Encryption Status: Disabled, no configuration file found")
		return nil
	}
	hashes := "All hashes match"
	if !s.HashMatch {
		hashes = s.HashError
	}
	fmt.Printf("Encryption Status: Enabled\nCurrent Rotation Stage: %s\nServer Encryption Hashes: %s\n\n", s.Stage, hashes)
	kind, name, _ := strings.Cut(s.ActiveKey, " ")
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "Active\tKey Type\tName\n------\t--------\t----\n *\t%s\t%s\n", kind, name)
	return w.Flush()
}
