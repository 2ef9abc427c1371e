// Package addons applies the manifests folder, as K3s does: each file is an Addon, and the packaged components are
// files that the server writes there itself.
package addons

import (
	"bytes"
	"embed"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"drover/lab/engine"
	"drover/lab/engine/internal/files"
)

//go:embed manifests
var bundled embed.FS

//go:embed crds/crds.yaml
var crds []byte

// Settings are what the packaged components depend on.
type Settings struct {
	Dir           string // server/manifests
	Node          string // who applies
	ClusterDNS    string
	ClusterDomain string
	LocalStorage  string
	Registry      string // system-default-registry
	Disabled      []string
}

// stage writes the packaged components into the manifests folder. A file NAME.skip keeps one from being written.
func (s Settings) stage() error {
	return fs.WalkDir(bundled, "manifests", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		rel := strings.TrimPrefix(name, "manifests/")
		target := filepath.Join(s.Dir, filepath.FromSlash(rel))
		if s.disabled(rel) || files.Exists(target+".skip") {
			return nil
		}
		content, err := s.render(name)
		if err != nil {
			return err
		}
		if have, err := os.ReadFile(target); err == nil && bytes.Equal(have, content) {
			return nil
		}
		return files.Write(target, content, 0o600)
	})
}

func (s Settings) render(name string) ([]byte, error) {
	raw, err := bundled.ReadFile(name)
	if err != nil {
		return nil, err
	}
	t, err := template.New(name).Delims("%{", "}%").Option("missingkey=error").Funcs(template.FuncMap{"image": s.image}).Parse(string(raw))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, s)
	return b.Bytes(), err
}

func (s Settings) image(name string) (string, error) {
	ref := engine.Image(name)
	if ref == "" {
		return "", errors.New("images.json has no image " + name)
	}
	if s.Registry != "" {
		ref = s.Registry + "/" + strings.TrimPrefix(ref, "docker.io/")
	}
	return ref, nil
}

// disabled tells whether a manifest belongs to a component on the disable list: by its folder or by its name.
func (s Settings) disabled(rel string) bool {
	name, _, _ := strings.Cut(path.Base(filepath.ToSlash(rel)), ".")
	folder, _, nested := strings.Cut(filepath.ToSlash(rel), "/")
	return slices.Contains(s.Disabled, name) || (nested && slices.Contains(s.Disabled, folder))
}
