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
	archive, err := openArchive(path)
	if err != nil {
		return err
	}
	// Most images never run on most nodes: unpacking is left to the first pod that needs one.
	command := exec.CommandContext(ctx, program, "--address", paths.ContainerdSocket, "--namespace", "k8s.io", "images", "import", "--no-unpack", "-")
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
