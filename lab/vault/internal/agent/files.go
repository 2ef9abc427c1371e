package agent

import (
	"context"
	"os"
	"time"

	"github.com/hashicorp/consul-template/config"
	"github.com/hashicorp/consul-template/logging"
	"github.com/hashicorp/consul-template/manager"
	"github.com/hashicorp/go-hclog"
)

// files writes templates by the engine that Vault's agent has, and again when a secret changes.
type files struct {
	settings *settings
	config   *config.Config
	logger   hclog.Logger
}

func newFiles(s *settings, logger hclog.Logger) (*files, error) {
	of := config.DefaultConfig()
	templates := config.TemplateConfigs{}
	for _, one := range s.Templates {
		templates = append(templates, &config.TemplateConfig{
			Destination: &one.Destination, Contents: &one.Contents, ErrMissingKey: &one.ErrorOnMissingKey,
		})
	}
	of.Templates = &templates
	vault, err := vaultOf(s)
	if err != nil {
		return nil, err
	}
	of.Vault = vault
	of.Finalize()
	return &files{s, of, logger}, logging.Setup(&logging.Config{Level: "INFO", Writer: os.Stderr})
}

// vaultOf says where secrets are, and how long a secret without a lease is taken for fresh.
func vaultOf(s *settings) (*config.VaultConfig, error) {
	every, err := duration(s.Rendering.Every)
	if err != nil {
		return nil, err
	}
	least, err := duration(s.method().MinBackoff)
	if err != nil {
		return nil, err
	}
	most, err := duration(s.method().MaxBackoff)
	if err != nil {
		return nil, err
	}
	of := config.DefaultVaultConfig()
	of.Address, of.Token, of.RenewToken = &s.Vault.Address, config.String(""), config.Bool(false)
	of.SSL = &config.SSLConfig{Enabled: config.Bool(true), Verify: config.Bool(true), CaCert: &s.Vault.CACert}
	of.Retry = &config.RetryConfig{Enabled: config.Bool(true), Attempts: config.Int(config.DefaultRetryAttempts)}
	setDuration(&of.DefaultLeaseDuration, every)
	setDuration(&of.Retry.Backoff, least)
	setDuration(&of.Retry.MaxBackoff, most)
	if namespace := s.method().Namespace; namespace != "" {
		of.Namespace = &namespace
	}
	return of, nil
}

func setDuration(at **time.Duration, value time.Duration) {
	if value != 0 {
		*at = &value
	}
}

// run follows tokens and templates as Vault's agent does: what fails for good is begun anew. With exit_after_auth it ends when
// everything is written.
func (f *files) run(ctx context.Context, tokens <-chan string) error {
	runner, err := manager.NewRunner(f.config, false)
	if err != nil {
		return err
	}
	started := false
	for {
		select {
		case <-ctx.Done():
			runner.Stop()
			return nil
		case token, open := <-tokens:
			if !open || (started && f.settings.ExitAfterAuth) {
				tokens = nil
				continue
			}
			runner.Stop()
			f.config = f.config.Merge(&config.Config{Vault: &config.VaultConfig{Token: &token}})
			started = true
		case err := <-runner.ErrCh:
			f.logger.Error("template server error", "error", err)
			runner.StopImmediately()
		case <-runner.TemplateRenderedCh():
			if f.settings.ExitAfterAuth && f.isDone(runner) {
				runner.Stop()
				return nil
			}
			continue
		}
		if runner, err = manager.NewRunner(f.config, false); err != nil {
			return err
		}
		go runner.Start()
	}
}

func (f *files) isDone(runner *manager.Runner) bool {
	events := runner.RenderEvents()
	if len(events) < len(runner.TemplateConfigMapping()) {
		return false
	}
	for _, event := range events {
		if event.LastWouldRender.IsZero() {
			return false
		}
	}
	return true
}
