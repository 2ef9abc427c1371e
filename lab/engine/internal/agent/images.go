package agent

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sirupsen/logrus"
	"golang.org/x/sync/errgroup"

	"drover/lab/engine/internal/hostbin"
	"drover/lab/engine/internal/paths"
)

// archiveEndings are the image archives that K3s imports from agent/images.
var archiveEndings = []string{".tar", ".tar.gz", ".tgz", ".tar.zst", ".tzst"}

// importImages imports the air-gap folder into containerd, a few archives at a time. A broken archive is logged and
// does not stop the node, as with K3s.
func importImages(ctx context.Context, d paths.Data) error {
	archives, err := imageArchives(d.Agent("images"))
	if err != nil || len(archives) == 0 {
		return err
	}
	started := time.Now()
	var group errgroup.Group
	group.SetLimit(3)
	for _, a := range archives {
		group.Go(func() error {
			if err := importArchive(ctx, a); err != nil {
				logrus.Errorf("Unable to import images from %s: %v", a, err)
			}
			return nil
		})
	}
	err = group.Wait()
	logrus.Infof("Imported images from %d archives in %s", len(archives), time.Since(started).Round(time.Millisecond))
	return err
}

func imageArchives(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var out []string
	for _, e := range entries {
		if slices.ContainsFunc(archiveEndings, func(end string) bool { return strings.HasSuffix(e.Name(), end) }) {
			out = append(out, filepath.Join(dir, e.Name()))
		}
	}
	return out, err
}

func importArchive(ctx context.Context, path string) error {
	program, err := hostbin.Find("ctr", "containerd")
	if err != nil {
		return err
	}
	// Most images never run on most nodes: unpacking is left to the first pod that needs one.
	args := []string{"--address", paths.ContainerdSocket, "--namespace", "k8s.io", "images", "import", "--no-unpack", path}
	out, err := exec.CommandContext(ctx, program, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, strings.TrimSpace(string(out)))
	}
	return nil
}
