package addons

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/sirupsen/logrus"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"

	"drover/lab/engine/internal/files"
)

// lookEvery is how often the folder is looked at; K3s takes 15 s.
const lookEvery = time.Second

// Controller applies one server's manifests folder.
type Controller struct {
	settings Settings
	applier  *applier
	// done is what was applied or found applied already, by path.
	done map[string]manifest
	// failed is the last error by path, so that each is logged once.
	failed map[string]string
}

// New makes a controller that speaks as deploy@NODE, as K3s' does.
func New(config *rest.Config, s Settings) (*Controller, error) {
	a, err := newApplier(config, "deploy@"+s.Node)
	if err != nil {
		return nil, err
	}
	return &Controller{settings: s, applier: a, done: map[string]manifest{}, failed: map[string]string{}}, nil
}

// Prepare creates K3s' resource definitions, and the roles that nodes wait for before their network can start.
func (c *Controller) Prepare(ctx context.Context) error {
	roles, err := c.settings.render("manifests/rolebindings.yaml")
	if err != nil {
		return err
	}
	for _, content := range [][]byte{roles, crds} {
		all, err := objects(content)
		if err != nil {
			return err
		}
		for _, o := range all {
			if _, err := c.applier.apply(ctx, o); err != nil {
				return err
			}
		}
	}
	return nil
}

// Run stages the packaged components and follows the folder until ctx ends.
func (c *Controller) Run(ctx context.Context) error {
	if err := os.MkdirAll(c.settings.Dir, 0o700); err != nil {
		return err
	}
	if err := c.settings.stage(); err != nil {
		return err
	}
	removed := false
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if !removed {
			err := c.removeDisabled(ctx)
			removed = err == nil
			c.report("disabled components", err)
		}
		c.look(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (c *Controller) look(ctx context.Context) {
	manifests, err := list(c.settings.Dir)
	c.report(c.settings.Dir, err)
	for _, m := range manifests {
		if c.done[m.path] == m || files.Exists(m.path+".skip") || c.settings.disabled(m.rel) {
			continue
		}
		err := c.deploy(ctx, m)
		if err == nil {
			c.done[m.path] = m
		}
		if ctx.Err() == nil {
			c.report(m.path, err)
		}
	}
}

func (c *Controller) report(what string, err error) {
	switch {
	case err == nil:
		delete(c.failed, what)
	case c.failed[what] != err.Error():
		c.failed[what] = err.Error()
		logrus.Errorf("Failed to process config: failed to process %s: %v", what, err)
	}
}

// deploy applies a manifest whose content the cluster has not seen, and prunes what it no longer holds.
func (c *Controller) deploy(ctx context.Context, m manifest) error {
	content, err := os.ReadFile(m.path)
	if err != nil {
		return err
	}
	record, err := c.read(ctx, addonName(m.rel))
	if err != nil || record.checksum == checksum(content) {
		return err
	}
	wantedObjects, err := objects(content)
	if err != nil {
		return err
	}
	wanted, kinds := map[identity]bool{}, []schema.GroupVersionKind{}
	for _, o := range wantedObjects {
		mark(o, record.name)
		id, err := c.applier.apply(ctx, o)
		if err != nil {
			return err
		}
		wanted[id] = true
		if !slices.Contains(kinds, o.GroupVersionKind()) {
			kinds = append(kinds, o.GroupVersionKind())
		}
	}
	if err := c.applier.prune(ctx, record.name, record.kinds, wanted); err != nil {
		return err
	}
	logrus.Infof("Applied manifest at %q", m.path)
	return c.write(ctx, addon{name: record.name, source: m.path, checksum: checksum(content), kinds: kinds})
}

// removeDisabled uninstalls what is on the disable list: the files, the objects and the records.
func (c *Controller) removeDisabled(ctx context.Context) error {
	if len(c.settings.Disabled) == 0 {
		return nil
	}
	records, err := c.records().List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	for i := range records.Items {
		a, err := parseAddon(&records.Items[i])
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(c.settings.Dir, a.source)
		if err != nil || !c.settings.disabled(rel) {
			continue
		}
		if err := c.remove(ctx, a); err != nil {
			return fmt.Errorf("%s: %w", a.name, err)
		}
	}
	return c.removeDisabledFiles()
}

func (c *Controller) remove(ctx context.Context, a addon) error {
	if err := c.applier.prune(ctx, a.name, a.kinds, nil); err != nil {
		return err
	}
	err := c.records().Delete(ctx, a.name, metav1.DeleteOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

func (c *Controller) removeDisabledFiles() error {
	manifests, err := list(c.settings.Dir)
	if err != nil {
		return err
	}
	for _, m := range manifests {
		if !c.settings.disabled(m.rel) {
			continue
		}
		if err := os.Remove(m.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
