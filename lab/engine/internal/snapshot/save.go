// Package snapshot takes, lists and removes snapshots of etcd under K3s' names, and records them as ETCDSnapshotFile
// objects.
package snapshot

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sirupsen/logrus"

	"drover/lab/engine/internal/etcd"
	"drover/lab/engine/internal/paths"
)

// Store is where one server keeps its snapshots.
type Store struct {
	Data     paths.Data
	Dir      string
	Node     string
	Prefix   string // base name: etcd-snapshot by schedule, on-demand by command
	Compress bool
}

// File is one snapshot.
type File struct {
	Name      string    `json:"name"`
	Location  string    `json:"location"`
	Node      string    `json:"nodeName"`
	CreatedAt time.Time `json:"createdAt"`
	Size      int64     `json:"size"`
	Status    string    `json:"status"`
}

// Save takes a snapshot; a file is there under its name only when it is whole.
func (s Store) Save(ctx context.Context, now time.Time) (File, error) {
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return File{}, err
	}
	name := fmt.Sprintf("%s-%s-%d", s.Prefix, s.Node, now.Unix())
	path := filepath.Join(s.Dir, name)
	logrus.Infof("Saving etcd snapshot to %s", path)
	part := path + ".part"
	defer func() { _ = os.Remove(part) }()
	if err := s.fetch(ctx, part); err != nil {
		return File{}, err
	}
	if s.Compress {
		name, path = name+".zip", path+".zip"
		if err := compress(part, strings.TrimSuffix(name, ".zip")); err != nil {
			return File{}, err
		}
	}
	if err := os.Rename(part, path); err != nil {
		return File{}, err
	}
	st, err := os.Stat(path)
	if err != nil {
		return File{}, err
	}
	return s.file(name, st), nil
}

func (s Store) fetch(ctx context.Context, path string) error {
	c, err := etcd.Dial(s.Data, etcd.Local)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	stream, err := c.Snapshot(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = stream.Close() }()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, stream)
	return errors.Join(err, f.Sync(), f.Close())
}

// compress replaces a file by a zip archive that holds it under the given name.
func compress(path, name string) error {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(path+".zip", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	z := zip.NewWriter(out)
	w, err := z.Create(name)
	if err == nil {
		_, err = io.Copy(w, in)
	}
	if err := errors.Join(err, z.Close(), out.Close()); err != nil {
		return err
	}
	return os.Rename(path+".zip", path)
}

func (s Store) file(name string, st os.FileInfo) File {
	return File{Name: name, Location: "file://" + filepath.Join(s.Dir, name), Node: s.Node, CreatedAt: st.ModTime().UTC().Truncate(time.Second), Size: st.Size(), Status: "successful"}
}

// List is the snapshots on this server, oldest first.
func (s Store) List() ([]File, error) {
	entries, err := os.ReadDir(s.Dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var out []File
	for _, e := range entries {
		if e.IsDir() || strings.HasSuffix(e.Name(), ".part") || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		st, err := e.Info()
		if err != nil {
			return nil, err
		}
		out = append(out, s.file(e.Name(), st))
	}
	slices.SortFunc(out, func(a, b File) int {
		if c := a.CreatedAt.Compare(b.CreatedAt); c != 0 {
			return c
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out, err
}

// Delete removes snapshots by name; every name that is not there is an error.
func (s Store) Delete(names []string) error {
	var errs []error
	for _, n := range names {
		if n != filepath.Base(n) {
			errs = append(errs, fmt.Errorf("%s is not the name of a snapshot", n))
			continue
		}
		if err := os.Remove(filepath.Join(s.Dir, n)); err != nil {
			errs = append(errs, err)
			continue
		}
		logrus.Infof("Snapshot %s deleted.", n)
	}
	return errors.Join(errs...)
}

// Prune keeps the newest snapshots that carry the store's prefix, and returns the names of those removed.
func (s Store) Prune(keep int) ([]string, error) {
	if keep < 1 {
		return nil, nil
	}
	all, err := s.List()
	if err != nil {
		return nil, err
	}
	mine := slices.DeleteFunc(all, func(f File) bool { return !strings.HasPrefix(f.Name, s.Prefix+"-"+s.Node+"-") })
	if len(mine) <= keep {
		return nil, nil
	}
	var names []string
	for _, f := range mine[:len(mine)-keep] {
		names = append(names, f.Name)
	}
	logrus.Infof("Applying snapshot retention=%d to local snapshots with prefix %s in %s", keep, s.Prefix, s.Dir)
	return names, s.Delete(names)
}
