package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/sirupsen/logrus"
	"sigs.k8s.io/yaml"

	"drover/lab/engine/internal/config"
	"drover/lab/engine/internal/etcd"
	"drover/lab/engine/internal/paths"
	"drover/lab/engine/internal/snapshot"
)

func etcdSnapshot(ctx context.Context, v *config.Values) error {
	store, err := snapshotStore(v)
	if err != nil {
		return err
	}
	sub, args := subcommand(v, "save")
	switch sub {
	case "save":
		if len(args) > 0 {
			return errors.New("this command does not take any arguments")
		}
		return saveSnapshot(ctx, store)
	case "ls", "list", "l":
		return listSnapshots(ctx, store, v.String("output"))
	case "delete":
		if len(args) == 0 {
			return errors.New("no snapshots given for removal")
		}
		return errors.Join(store.Delete(args), syncRecords(ctx, store))
	case "prune":
		_, err := store.Prune(v.Int("etcd-snapshot-retention"))
		return errors.Join(err, syncRecords(ctx, store))
	default:
		return fmt.Errorf("unknown command %q for k3s etcd-snapshot", sub)
	}
}

func snapshotStore(v *config.Values) (snapshot.Store, error) {
	d := paths.Data(v.String("data-dir"))
	s := snapshot.Store{Data: d, Dir: v.String("etcd-snapshot-dir"), Node: v.String("node-name"), Prefix: v.String("etcd-snapshot-name"), Compress: v.Bool("etcd-snapshot-compress")}
	if s.Dir == "" {
		s.Dir = d.Server("db/snapshots")
	}
	if s.Prefix == "" {
		s.Prefix = "on-demand"
	}
	if s.Node == "" {
		host, err := os.Hostname()
		if err != nil {
			return s, err
		}
		s.Node = strings.ToLower(host)
	}
	return s, nil
}

func saveSnapshot(ctx context.Context, s snapshot.Store) error {
	if !etcd.Initialized(s.Data) {
		return fmt.Errorf("etcd database not found in %s", s.Data.Server())
	}
	f, err := s.Save(ctx, time.Now())
	if err != nil {
		return err
	}
	logrus.Infof("Snapshot %s saved.", f.Name)
	return syncRecords(ctx, s)
}

// syncRecords shows the snapshots to the cluster. Without an API they stay unseen until the server is back.
func syncRecords(ctx context.Context, s snapshot.Store) error {
	present, err := s.List()
	if err != nil {
		return err
	}
	records, err := snapshot.OpenRecords(s.Data.Cred("supervisor.kubeconfig"))
	if err == nil {
		err = records.Sync(ctx, s.Node, present)
	}
	if err != nil {
		logrus.Warnf("Failed to record etcd snapshots: %v", err)
	}
	return nil
}

func listSnapshots(ctx context.Context, s snapshot.Store, format string) error {
	all, err := s.List()
	if err != nil {
		return err
	}
	records, err := snapshot.OpenRecords(s.Data.Cred("supervisor.kubeconfig"))
	if err == nil {
		others, failed := records.Others(ctx, s.Node)
		all, err = append(all, others...), failed
	}
	if err != nil {
		logrus.Warnf("snapshots of other servers are not listed: %v", err)
	}
	switch format {
	case "json":
		return json.NewEncoder(os.Stdout).Encode(all)
	case "yaml":
		b, err := yaml.Marshal(all)
		if err == nil {
			_, err = os.Stdout.Write(b)
		}
		return err
	case "":
	default:
		return errors.New("invalid output format: " + format)
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 1, ' ', 0)
	fmt.Fprint(w, "Name\tLocation\tSize\tCreated\n")
	for _, f := range all {
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\n", f.Name, f.Location, f.Size, f.CreatedAt.Format(time.RFC3339))
	}
	return w.Flush()
}
