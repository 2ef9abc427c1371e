// Package agent obeys the configuration of Vault's agent as far as Drover writes it: login and sinks are Vault's own code,
// templates are written by the engine that its agent has.
package agent

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/vault/api"
	"github.com/hashicorp/vault/command/agentproxyshared/auth"
	"github.com/hashicorp/vault/command/agentproxyshared/auth/kubernetes"
	"github.com/hashicorp/vault/command/agentproxyshared/sink"
	"github.com/hashicorp/vault/command/agentproxyshared/sink/file"
)

// Run obeys a configuration file until the context ends, or until everything is written where it says exit_after_auth.
func Run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("agent", flag.ContinueOnError)
	path := flags.String("config", "", "configuration file")
	if err := flags.Parse(args); err != nil {
		return err
	}
	s, err := load(*path)
	if err != nil {
		return err
	}
	client, err := clientOf(s)
	if err != nil {
		return err
	}
	logger := hclog.New(&hclog.LoggerOptions{Name: "agent", Output: os.Stderr, Level: hclog.Info})
	return start(ctx, s, client, logger)
}

func clientOf(s *settings) (*api.Client, error) {
	of := api.DefaultConfig()
	of.Address = s.Vault.Address
	if err := of.ConfigureTLS(&api.TLSConfig{CACert: s.Vault.CACert}); err != nil {
		return nil, err
	}
	client, err := api.NewClient(of)
	if err != nil {
		return nil, err
	}
	if namespace := s.method().Namespace; namespace != "" {
		client.SetNamespace(namespace)
	}
	return client, nil
}

func sinksOf(s *settings, client *api.Client, logger hclog.Logger) ([]*sink.SinkConfig, error) {
	var sinks []*sink.SinkConfig
	for _, wanted := range s.AutoAuth.Sinks {
		if wanted.Type != "file" {
			return nil, fmt.Errorf("unknown sink type %q", wanted.Type)
		}
		to := &sink.SinkConfig{Logger: logger.Named("sink.file"), Config: wanted.Config, Client: client}
		made, err := file.NewFileSink(to)
		if err != nil {
			return nil, err
		}
		to.Sink = made
		sinks = append(sinks, to)
	}
	return sinks, nil
}

func loginOf(s *settings, client *api.Client, logger hclog.Logger) (*auth.AuthHandler, auth.AuthMethod, error) {
	method, err := kubernetes.NewKubernetesAuthMethod(&auth.AuthConfig{
		Logger: logger.Named("auth.kubernetes"), MountPath: s.method().MountPath, Config: s.method().Config,
	})
	if err != nil {
		return nil, nil, err
	}
	least, err := duration(s.method().MinBackoff)
	if err != nil {
		return nil, nil, err
	}
	most, err := duration(s.method().MaxBackoff)
	if err != nil {
		return nil, nil, err
	}
	return auth.NewAuthHandler(&auth.AuthHandlerConfig{
		Logger: logger.Named("auth.handler"), Client: client, MinBackoff: least, MaxBackoff: most,
		EnableTemplateTokenCh: true, UserAgent: "drover-lab", MetricsSignifier: "agent",
	}), method, nil
}

// start runs login, sinks and templates at once. With exit_after_auth it ends when sinks and templates are done.
func start(ctx context.Context, s *settings, client *api.Client, logger hclog.Logger) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	login, method, err := loginOf(s, client, logger)
	if err != nil {
		return err
	}
	sinks, err := sinksOf(s, client, logger)
	if err != nil {
		return err
	}
	into := sink.NewSinkServer(&sink.SinkServerConfig{
		Logger: logger.Named("sink.server"), Client: client, ExitAfterAuth: s.ExitAfterAuth,
	})
	templates, err := newFiles(s, logger.Named("template.server"))
	if err != nil {
		return err
	}
	loggedIn, sunk, written := make(chan error, 1), make(chan error, 1), make(chan error, 1)
	go func() { loggedIn <- login.Run(ctx, method) }()
	go func() { sunk <- into.Run(ctx, login.OutputCh, sinks) }()
	go func() { written <- templates.run(ctx, login.TemplateTokenCh) }()
	return wait(loggedIn, sunk, written)
}

// wait ends with the first error, when the login has ended, or when nothing is left to be written.
func wait(loggedIn, sunk, written <-chan error) error {
	for open := 2; open > 0; open-- {
		select {
		case err := <-loggedIn:
			return err
		case err := <-sunk:
			if err != nil {
				return err
			}
		case err := <-written:
			if err != nil {
				return err
			}
		}
	}
	return nil
}
