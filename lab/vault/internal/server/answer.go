package server

import (
	"encoding/json"
	"net/http"
)

type object = map[string]any

// answer is what a request gets; a body that is nil is no content.
type answer struct {
	status int
	body   any
}

func data(fields object) answer { return answer{http.StatusOK, object{"data": fields}} }

var (
	done   = answer{http.StatusNoContent, nil}
	denied = refused(http.StatusForbidden, "permission denied")
	absent = answer{http.StatusNotFound, object{"errors": []string{}}}
)

func refused(status int, why string) answer { return answer{status, object{"errors": []string{why}}} }

func (a answer) write(w http.ResponseWriter) {
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(a.status)
	_ = json.NewEncoder(w).Encode(a.body)
}
