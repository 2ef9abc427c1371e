package agent

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/hashicorp/hcl"
	"github.com/hashicorp/hcl/hcl/ast"
	"github.com/hashicorp/hcl/hcl/token"
)

// unused collects what a block has and nobody reads: in Vault's agent, such a line would do something else than meant here.
type unused map[string][]token.Pos

// settings are what of an agent's configuration Drover writes.
type settings struct {
	ExitAfterAuth bool           `hcl:"exit_after_auth"`
	Vault         server         `hcl:"vault"`
	AutoAuth      autoAuth       `hcl:"auto_auth"`
	Rendering     rendering      `hcl:"template_config"`
	Templates     []templateFile `hcl:"-"`
	Unused        unused         `hcl:",unusedKeyPositions"`
}

type server struct {
	Address string `hcl:"address"`
	CACert  string `hcl:"ca_cert"`
	Unused  unused `hcl:",unusedKeyPositions"`
}

type autoAuth struct {
	Methods []method `hcl:"method"`
	Sinks   []sinkTo `hcl:"sink"`
	Unused  unused   `hcl:",unusedKeyPositions"`
}

type method struct {
	Type       string         `hcl:",key"`
	MountPath  string         `hcl:"mount_path"`
	Namespace  string         `hcl:"namespace"`
	MinBackoff string         `hcl:"min_backoff"`
	MaxBackoff string         `hcl:"max_backoff"`
	Config     map[string]any `hcl:"config"`
	Unused     unused         `hcl:",unusedKeyPositions"`
}

type sinkTo struct {
	Type   string         `hcl:",key"`
	Config map[string]any `hcl:"config"`
	Unused unused         `hcl:",unusedKeyPositions"`
}

type rendering struct {
	Every  string `hcl:"static_secret_render_interval"`
	Unused unused `hcl:",unusedKeyPositions"`
}

type templateFile struct {
	Destination       string `hcl:"destination"`
	Contents          string `hcl:"contents"`
	ErrorOnMissingKey bool   `hcl:"error_on_missing_key"`
	Unused            unused `hcl:",unusedKeyPositions"`
}

func load(path string) (*settings, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var s settings
	if err := hcl.Decode(&s, string(text)); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	// Blocks without a name of their own fall apart when they are decoded as a list, in Vault's agent, too.
	delete(s.Unused, "template")
	if s.Templates, err = templatesOf(string(text)); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &s, nil
}

func templatesOf(text string) ([]templateFile, error) {
	parsed, err := hcl.Parse(text)
	if err != nil {
		return nil, err
	}
	blocks, isList := parsed.Node.(*ast.ObjectList)
	if !isList {
		return nil, errors.New("expected blocks")
	}
	var templates []templateFile
	for _, block := range blocks.Filter("template").Items {
		var one templateFile
		if err := hcl.DecodeObject(&one, block.Val); err != nil {
			return nil, err
		}
		templates = append(templates, one)
	}
	return templates, nil
}

// check refuses what this agent would not obey.
func (s *settings) check() error {
	all := []unused{s.Unused, s.Vault.Unused, s.AutoAuth.Unused, s.Rendering.Unused}
	for _, one := range s.AutoAuth.Methods {
		all = append(all, one.Unused)
	}
	for _, one := range s.AutoAuth.Sinks {
		all = append(all, one.Unused)
	}
	for _, one := range s.Templates {
		all = append(all, one.Unused)
	}
	for _, keys := range all {
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			return fmt.Errorf("%s: %s is not known", keys[key][0], key)
		}
	}
	if len(s.AutoAuth.Methods) != 1 || s.AutoAuth.Methods[0].Type != "kubernetes" {
		return fmt.Errorf("expected one method of auto_auth, kubernetes")
	}
	return nil
}

func (s *settings) method() method { return s.AutoAuth.Methods[0] }

// duration takes `5m`; nothing is 0.
func duration(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	return time.ParseDuration(text)
}
