package agent

import (
	"encoding/json"
	"os"
	"slices"

	"drover/lab/engine/internal/files"
)

// imported is what the last start left in containerd. The next one imports only what is new: reading hundreds of
// megabytes again would keep the node waiting for seconds.
type imported struct {
	Archives map[string]archiveState `json:"archives"`
	Images   []string                `json:"images"`
}

// archiveState tells whether an archive is still the one that was imported.
type archiveState struct {
	Size     int64 `json:"size"`
	Modified int64 `json:"modified"`
}

// stateOf is zero for a file that cannot be read: importing it will say why.
func stateOf(path string) archiveState {
	info, err := os.Stat(path)
	if err != nil {
		return archiveState{}
	}
	return archiveState{Size: info.Size(), Modified: info.ModTime().UnixNano()}
}

// readImported is empty when nothing was recorded, or nothing that can be read: then everything is imported.
func readImported(path string) imported {
	var record imported
	if b, err := os.ReadFile(path); err != nil || json.Unmarshal(b, &record) != nil {
		return imported{}
	}
	return record
}

func (r imported) write(path string) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return files.Write(path, b, 0o600)
}

// changed lists the archives that are not as they were imported; all of them when an image has gone since.
func (r imported) changed(archives map[string]archiveState, present []string) []string {
	gone := slices.ContainsFunc(r.Images, func(name string) bool { return !slices.Contains(present, name) })
	var out []string
	for path, state := range archives {
		if was, known := r.Archives[path]; gone || !known || was != state {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return out
}
