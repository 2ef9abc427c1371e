package server

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"
)

const largest = 1 << 20

// request is one call, as far as its handler needs it.
type request struct {
	method string
	// path below /v1/, without a slash at its end.
	path   string
	token  string
	fields object
}

func (r request) isRead() bool { return r.method == http.MethodGet }

// below cuts a folder off the path.
func (r request) below(folder string) (string, bool) { return strings.CutPrefix(r.path, folder+"/") }

func (v *vault) handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, from *http.Request) {
		called := request{
			method: from.Method, token: from.Header.Get("X-Vault-Token"),
			path: strings.Trim(strings.TrimPrefix(from.URL.Path, "/v1/"), "/"),
		}
		if text, _ := io.ReadAll(io.LimitReader(from.Body, largest)); len(text) > 0 {
			if err := json.Unmarshal(text, &called.fields); err != nil {
				refused(http.StatusBadRequest, "failed to parse JSON input").write(w)
				return
			}
		}
		v.serve(called).write(w)
	})
}

// serve answers one call. Only what must ask the cluster leaves the lock.
func (v *vault) serve(r request) answer {
	if path, isLogin := r.below("auth"); isLogin && strings.HasSuffix(path, "/login") {
		return v.logIn(strings.TrimSuffix(path, "/login"), r)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case r.path == "sys/health":
		return v.health()
	case r.path == "sys/unseal" && r.fields["key"] == v.root:
		v.sealed, v.standby = false, false
		return answer{http.StatusOK, object{"sealed": false}}
	case v.sealed:
		return refused(http.StatusServiceUnavailable, "Vault is sealed")
	}
	known := v.known(r.token)
	switch {
	case known == nil:
		return denied
	case r.path == "auth/token/lookup-self":
		return data(object{"ttl": int(time.Until(known.ends).Seconds()), "policies": known.policies, "renewable": true})
	case r.path == "auth/token/renew-self":
		known.ends = time.Now().Add(known.life)
		return answer{http.StatusOK, object{"auth": known.fields(r.token)}}
	case !v.allows(known, r):
		return denied
	}
	return v.route(r)
}

// route answers those that may.
func (v *vault) route(r request) answer {
	if path, found := r.below(v.mount + "/data"); found {
		return v.secret(path, r)
	}
	if path, found := r.below(v.mount + "/metadata"); found {
		return v.about(path)
	}
	if _, found := r.below("sys/internal/ui/mounts"); found {
		return data(object{"path": v.mount + "/", "type": "kv", "options": object{"version": "2"}})
	}
	if name, found := r.below("sys/policies/acl"); found {
		return v.setPolicy(name, r)
	}
	if path, found := r.below("sys/auth"); found {
		v.logins[path] = &login{roles: map[string]role{}}
		return done
	}
	if path, found := r.below("auth"); found {
		return v.setLogin(path, r)
	}
	switch r.path {
	case "sys/seal":
		v.sealed = true
		return done
	case "sys/step-down":
		v.standby = true
		return done
	}
	return refused(http.StatusNotFound, "no handler for route "+r.path)
}

// health has a status for each state, which callers without a token go by.
func (v *vault) health() answer {
	status := http.StatusOK
	switch {
	case v.sealed:
		status = http.StatusServiceUnavailable
	case v.standby:
		status = http.StatusTooManyRequests
	}
	return answer{status, object{"initialized": true, "sealed": v.sealed, "standby": v.standby, "version": "drover-lab"}}
}
