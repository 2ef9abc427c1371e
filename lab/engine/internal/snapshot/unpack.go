package snapshot

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Unpack gives the plain snapshot: the file itself, or, of a compressed one, its content in dir.
func Unpack(path, dir string) (string, error) {
	z, err := zip.OpenReader(path)
	if errors.Is(err, zip.ErrFormat) {
		return path, nil
	}
	if err != nil {
		return "", err
	}
	defer func() { _ = z.Close() }()
	if len(z.File) != 1 {
		return "", fmt.Errorf("%s holds %d files; a snapshot holds one", path, len(z.File))
	}
	in, err := z.File[0].Open()
	if err != nil {
		return "", err
	}
	defer func() { _ = in.Close() }()
	out, err := os.CreateTemp(dir, "snapshot")
	if err != nil {
		return "", err
	}
	_, err = io.Copy(out, in) //nolint:gosec // as large as the database that the person asks to restore
	return filepath.Clean(out.Name()), errors.Join(err, out.Close())
}
