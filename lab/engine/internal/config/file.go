package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	yaml "go.yaml.in/yaml/v2"
)

// fileEntry is one key of a configuration file: K3s reads files as ordered pairs, so a key may appear twice.
type fileEntry struct {
	key    string
	append bool
	values []string
}

// readFiles merges config.yaml with the drop-ins beside it: config.yaml.d/*.yaml in alphabetical order. The last
// value of a key wins and a list replaces the former one, unless the key ends in "+".
func readFiles(path string, required bool) ([]fileEntry, error) {
	dropIns, err := filepath.Glob(filepath.Join(path+".d", "*.y*ml"))
	if err != nil {
		return nil, err
	}
	sort.Strings(dropIns)
	var merged []fileEntry
	for i, name := range append([]string{path}, dropIns...) {
		content, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) && (i > 0 || !required || len(dropIns) > 0) {
			continue
		}
		if err != nil {
			return nil, err
		}
		entries, err := parseFile(content)
		if err != nil {
			return nil, fmt.Errorf("failed to load config from %s: %w", name, err)
		}
		merged = mergeEntries(merged, entries)
	}
	return merged, nil
}

// parseFile keeps YAML 1.1's reading of values on purpose: K3s has the same, so an unquoted 0644 becomes 420 here too.
func parseFile(content []byte) ([]fileEntry, error) {
	var pairs yaml.MapSlice
	if err := yaml.Unmarshal(content, &pairs); err != nil {
		return nil, err
	}
	out := make([]fileEntry, 0, len(pairs))
	for _, pair := range pairs {
		e := fileEntry{key: text(pair.Key)}
		if strings.HasSuffix(e.key, "+") {
			e.key, e.append = strings.TrimSuffix(e.key, "+"), true
		}
		if list, ok := pair.Value.([]interface{}); ok {
			for _, item := range list {
				e.values = append(e.values, text(item))
			}
		} else {
			e.values = []string{text(pair.Value)}
		}
		out = append(out, e)
	}
	return out, nil
}

func mergeEntries(have, more []fileEntry) []fileEntry {
	for _, e := range more {
		at := -1
		for i := range have {
			if have[i].key == e.key {
				at = i
			}
		}
		switch {
		case at < 0:
			have = append(have, fileEntry{key: e.key, values: e.values})
		case e.append:
			have[at].values = append(append([]string{}, have[at].values...), e.values...)
		default:
			have[at].values = e.values
		}
	}
	return have
}

func text(v interface{}) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}
