package agent

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/sirupsen/logrus"
	"golang.org/x/sync/errgroup"

	"drover/lab/engine/internal/hostbin"
	"drover/lab/engine/internal/paths"
)

// archiveEndings are the image archives that K3s imports from agent/images.
var archiveEndings = []string{".tar", ".tar.gz", ".tgz", ".tar.zst", ".tzst"}

// importImages imports what is new in the air-gap folder into containerd, a few archives at a time. A broken archive is
// logged and does not stop the node, as with K3s; the next start tries it again.
func importImages(ctx context.Context, d paths.Data) error {
	archives, err := archiveStates(d.Agent("images"))
	if err != nil || len(archives) == 0 {
		return err
	}
	started := time.Now()
	path := d.Agent("etc/imported-images.json")
	last := readImported(path)
	present, err := presentImages(ctx)
	if err != nil {
		last = imported{}
	}
	changed := last.changed(archives, present)
	var group errgroup.Group
	group.SetLimit(3)
	broken := make([]bool, len(changed))
	for i, a := range changed {
		group.Go(func() error {
			if err := importArchive(ctx, a); err != nil {
				broken[i] = true
				logrus.Errorf("Unable to import images from %s: %v", a, err)
			}
			return nil
		})
	}
	_ = group.Wait()
	logrus.Infof("Imported images from %d of %d archives in %s", len(changed), len(archives), time.Since(started).Round(time.Millisecond))
	for i, a := range changed {
		if broken[i] {
			delete(archives, a)
		}
	}
	if present, err = presentImages(ctx); err != nil {
		logrus.Warnf("What was imported is not recorded, the next start imports it again: %v", err)
		return nil
	}
	return imported{Archives: archives, Images: present}.write(path)
}

// archiveStates are the archives of the folder with what tells whether they change.
func archiveStates(dir string) (map[string]archiveState, error) {
	found, err := imageArchives(dir)
	if err != nil {
		return nil, err
	}
	states := map[string]archiveState{}
	for _, path := range found {
		states[path] = stateOf(path)
	}
	return states, nil
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

func ctrCommand(ctx context.Context, args ...string) (*exec.Cmd, error) {
	program, err := hostbin.Find("ctr", "containerd")
	if err != nil {
		return nil, err
	}
	return exec.CommandContext(ctx, program, append([]string{"--address", paths.ContainerdSocket, "--namespace", "k8s.io", "images"}, args...)...), nil
}

// presentImages are the names that containerd knows images by.
func presentImages(ctx context.Context) ([]string, error) {
	command, err := ctrCommand(ctx, "ls", "-q")
	if err != nil {
		return nil, err
	}
	out, err := command.Output()
	return strings.Fields(string(out)), err
}

func importArchive(ctx context.Context, path string) error {
	// Most images never run on most nodes: unpacking is left to the first pod that needs one.
	command, err := ctrCommand(ctx, "import", "--no-unpack", "-")
	if err != nil {
		return err
	}
	archive, err := openArchive(path)
	if err != nil {
		return err
	}
	command.Stdin = archive
	out, err := command.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, strings.TrimSpace(string(out)))
	}
	return errors.Join(err, archive.Close())
}

// unpacked is an archive without its compression; closing it closes the file too.
type unpacked struct {
	io.Reader
	close func() error
}

func (u unpacked) Close() error { return u.close() }

// openArchive reads an image archive: ctr takes plain ones only.
func openArchive(path string) (io.ReadCloser, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	var archive io.ReadCloser = file
	switch {
	case strings.HasSuffix(path, ".gz"), strings.HasSuffix(path, ".tgz"):
		var plain *gzip.Reader
		if plain, err = gzip.NewReader(file); err == nil {
			archive = unpacked{plain, func() error { return errors.Join(plain.Close(), file.Close()) }}
		}
	case strings.HasSuffix(path, "zst"):
		var plain *zstd.Decoder
		if plain, err = zstd.NewReader(file, zstd.WithDecoderConcurrency(1)); err == nil {
			archive = unpacked{plain, func() error { plain.Close(); return file.Close() }}
		}
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return archive, nil
}
