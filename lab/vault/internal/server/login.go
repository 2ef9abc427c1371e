package server

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// login is the method kubernetes at one path.
type login struct {
	cluster reviewer
	roles   map[string]role
}

// role says which service accounts get which policies.
type role struct {
	names, namespaces []string
	policies          []string
	audience          string
	ttl               time.Duration
}

const defaultLife = time.Hour

func textOf(fields object, key string) string {
	text, _ := fields[key].(string)
	return text
}

// listOf takes a list, or a text with commas as the command line sends it.
func listOf(fields object, key string) []string {
	if many, isList := fields[key].([]any); isList {
		var all []string
		for _, one := range many {
			if text, isText := one.(string); isText {
				all = append(all, text)
			}
		}
		return all
	}
	if text := textOf(fields, key); text != "" {
		return strings.Split(text, ",")
	}
	return nil
}

// setLogin takes PATH/config and PATH/role/NAME.
func (v *vault) setLogin(path string, r request) answer {
	if mounted, found := strings.CutSuffix(path, "/config"); found && v.logins[mounted] != nil {
		v.logins[mounted].cluster = reviewer{
			host: textOf(r.fields, "kubernetes_host"), ca: textOf(r.fields, "kubernetes_ca_cert"),
			token: strings.TrimSpace(textOf(r.fields, "token_reviewer_jwt")),
		}
		return done
	}
	mounted, name, found := strings.Cut(path, "/role/")
	if !found || v.logins[mounted] == nil {
		return refused(http.StatusNotFound, "no handler for route auth/"+path)
	}
	ttl, err := time.ParseDuration(textOf(r.fields, "token_ttl"))
	if err != nil {
		ttl = defaultLife
	}
	v.logins[mounted].roles[name] = role{
		names: listOf(r.fields, "bound_service_account_names"), namespaces: listOf(r.fields, "bound_service_account_namespaces"),
		policies: listOf(r.fields, "token_policies"), audience: textOf(r.fields, "audience"), ttl: ttl,
	}
	return done
}

func (v *vault) roleOf(path, name string) (reviewer, role, answer) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.sealed {
		return reviewer{}, role{}, refused(http.StatusServiceUnavailable, "Vault is sealed")
	}
	method := v.logins[path]
	if method == nil {
		return reviewer{}, role{}, refused(http.StatusNotFound, "no handler for route auth/"+path+"/login")
	}
	wanted, found := method.roles[name]
	if !found {
		return reviewer{}, role{}, refused(http.StatusBadRequest, "invalid role name \""+name+"\"")
	}
	return method.cluster, wanted, answer{}
}

// logIn asks the cluster whose token it is, and whether that one may have the role.
func (v *vault) logIn(path string, r request) answer {
	cluster, wanted, refusal := v.roleOf(path, textOf(r.fields, "role"))
	if refusal.status != 0 {
		return refusal
	}
	account, err := cluster.review(textOf(r.fields, "jwt"), wanted.audience)
	if err != nil {
		return denied
	}
	if !holds(wanted.namespaces, account.namespace) {
		return refused(http.StatusForbidden, "namespace not authorized")
	}
	if !holds(wanted.names, account.name) {
		return refused(http.StatusForbidden, "service account name not authorized")
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	id := newID()
	made := &token{policies: wanted.policies, life: wanted.ttl, ends: time.Now().Add(wanted.ttl)}
	v.tokens[id] = made
	return answer{http.StatusOK, object{"auth": made.fields(id)}}
}

func holds(list []string, one string) bool {
	return slices.Contains(list, "*") || slices.Contains(list, one)
}
