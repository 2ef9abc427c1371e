package components

import (
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/spf13/cobra"
	genericapiserver "k8s.io/apiserver/pkg/server"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	cliflag "k8s.io/component-base/cli/flag"
	logsapi "k8s.io/component-base/logs/api/v1"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
	"k8s.io/kubernetes/cmd/kube-apiserver/app/options"

	"drover/lab/engine/internal/supervisor"
)

// SupervisorEnv names the file that tells the API server's process what its supervisor should serve.
const SupervisorEnv = "K3S_LAB_SUPERVISOR"

// newAPIServer is upstream's kube-apiserver command with K3s' supervisor in front of its handlers, so that both
// answer on one port.
func newAPIServer() *cobra.Command {
	opts := options.NewServerRunOptions()
	cmd := &cobra.Command{Use: "kube-apiserver", SilenceUsage: true, RunE: func(cmd *cobra.Command, _ []string) error {
		cliflag.PrintFlags(cmd.Flags())
		return serve(opts)
	}}
	for _, set := range opts.Flags().FlagSets {
		cmd.Flags().AddFlagSet(set)
	}
	return cmd
}

func serve(opts *options.ServerRunOptions) error {
	ctx := genericapiserver.SetupSignalContext()
	if err := opts.GenericServerRunOptions.ComponentGlobalsRegistry.Set(); err != nil {
		return err
	}
	if err := logsapi.ValidateAndApply(opts.Logs, utilfeature.DefaultFeatureGate); err != nil {
		return err
	}
	completed, err := opts.Complete(ctx)
	if err != nil {
		return err
	}
	if errs := completed.Validate(); len(errs) > 0 {
		return errors.Join(errs...)
	}
	cfg, err := app.NewConfig(completed)
	if err != nil {
		return err
	}
	if err := wrap(cfg.Aggregator.GenericConfig); err != nil {
		return err
	}
	ready, err := cfg.Complete()
	if err != nil {
		return err
	}
	server, err := app.CreateServerChain(ready)
	if err != nil {
		return err
	}
	prepared, err := server.PrepareRun()
	if err != nil {
		return err
	}
	return prepared.Run(ctx)
}

func wrap(g *genericapiserver.RecommendedConfig) error {
	path := os.Getenv(SupervisorEnv)
	if path == "" {
		return nil
	}
	s, err := supervisor.Open(path)
	if err != nil {
		return fmt.Errorf("supervisor: %w", err)
	}
	inner := g.BuildHandlerChainFunc
	g.BuildHandlerChainFunc = func(h http.Handler, c *genericapiserver.Config) http.Handler {
		return s.Wrap(inner(h, c))
	}
	return nil
}
