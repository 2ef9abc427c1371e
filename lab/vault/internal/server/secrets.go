package server

import (
	"net/http"
	"time"
)

// history is all versions of one secret; the last one counts.
type history struct{ versions []version }

type version struct {
	fields  object
	created time.Time
	deleted bool
}

func (h *history) last() *version { return &h.versions[len(h.versions)-1] }

func (v *vault) secret(path string, r request) answer {
	kept := v.secrets[path]
	switch r.method {
	case http.MethodGet:
		if kept == nil || kept.last().deleted {
			return absent
		}
		return data(object{"data": kept.last().fields, "metadata": kept.about()})
	case http.MethodDelete:
		if kept != nil {
			kept.last().deleted = true
		}
		return done
	default:
		fields, isMap := r.fields["data"].(object)
		if !isMap {
			return refused(http.StatusBadRequest, "no data provided")
		}
		if kept == nil {
			kept = &history{}
			v.secrets[path] = kept
		}
		kept.versions = append(kept.versions, version{fields: fields, created: time.Now()})
		return data(kept.about())
	}
}

// about is what metadata says: never a value.
func (h *history) about() object {
	return object{
		"version": len(h.versions), "created_time": h.last().created.Format(time.RFC3339Nano), "deletion_time": "", "destroyed": false,
	}
}

func (v *vault) about(path string) answer {
	kept := v.secrets[path]
	if kept == nil {
		return absent
	}
	return data(object{"current_version": len(kept.versions), "oldest_version": 1})
}
