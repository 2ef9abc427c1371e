package config

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// Load works out the values of one command: flags beat files, files beat K3S_* variables.
// Unknown keys in files are skipped with K3s' warning; unknown flags are refused.
func Load(scope Scope, args []string, getenv func(string) string) (*Values, error) {
	flags, rest, err := parseArgs(scope, args)
	if err != nil {
		return nil, err
	}
	v := &Values{scope: scope, given: map[string][]string{}, Args: rest}
	for _, f := range For(scope) {
		if e := getenv(f.Env); f.Env != "" && e != "" {
			v.given[f.Name] = []string{e}
		}
	}
	if err := v.addFiles(scope, flags); err != nil {
		return nil, err
	}
	for name, values := range flags {
		v.given[name] = values
	}
	if err := errors.Join(append(v.check(), v.readTokenFiles()...)...); err != nil {
		return nil, err
	}
	return v, nil
}

func (v *Values) addFiles(scope Scope, flags map[string][]string) error {
	if Lookup("config", scope) == nil {
		return nil
	}
	path, asked := v.String("config"), v.IsSet("config")
	if f := flags["config"]; len(f) > 0 {
		path, asked = f[len(f)-1], true
	}
	entries, err := readFiles(path, asked)
	if err != nil {
		return err
	}
	for _, e := range entries {
		f := Lookup(e.key, scope)
		if f == nil {
			v.Warnings = append(v.Warnings, fmt.Sprintf("Unknown flag --%s found in config.yaml, skipping\n", e.key))
			continue
		}
		if f.Kind != List && f.Kind != CommaList && len(e.values) > 1 {
			e.values = e.values[len(e.values)-1:]
		}
		v.given[f.Name] = e.values
	}
	return nil
}

// readTokenFiles turns token-file and agent-token-file into the tokens they hold, when no token was given.
func (v *Values) readTokenFiles() []error {
	var errs []error
	for _, name := range []string{"token", "agent-token"} {
		path := v.String(name + "-file")
		if path == "" || v.String(name) != "" {
			continue
		}
		b, err := os.ReadFile(path)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		v.Set(name, strings.TrimSpace(string(b)))
	}
	return errs
}

// parseArgs reads Go-style flags: -flag and --flag, value after "=" or as the next word, "--" ends them.
func parseArgs(scope Scope, args []string) (map[string][]string, []string, error) {
	flags, rest := map[string][]string{}, []string{}
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			return flags, append(rest, args[i+1:]...), nil
		}
		if len(arg) < 2 || arg[0] != '-' {
			rest = append(rest, arg)
			continue
		}
		name, value, hasValue := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-"), "=")
		f := Lookup(name, scope)
		if f == nil {
			return nil, nil, fmt.Errorf("flag provided but not defined: -%s", name)
		}
		switch {
		case hasValue:
		case f.Kind == Bool:
			value = "true"
		case i+1 < len(args):
			i++
			value = args[i]
		default:
			return nil, nil, fmt.Errorf("flag needs an argument: -%s", name)
		}
		flags[f.Name] = append(flags[f.Name], value)
	}
	return flags, rest, nil
}
