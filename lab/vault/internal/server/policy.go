package server

import (
	"net/http"
	"slices"
	"strings"

	"github.com/hashicorp/hcl"
)

// rule says what a policy allows at a path; a star at its end stands for any rest, a plus for one part.
type rule struct {
	path         string
	capabilities []string
}

func parsePolicy(text string) ([]rule, error) {
	var parsed struct {
		Path map[string][]struct {
			Capabilities []string `hcl:"capabilities"`
		} `hcl:"path"`
	}
	if err := hcl.Decode(&parsed, text); err != nil {
		return nil, err
	}
	var rules []rule
	for path, blocks := range parsed.Path {
		for _, block := range blocks {
			rules = append(rules, rule{path, block.Capabilities})
		}
	}
	return rules, nil
}

func (v *vault) setPolicy(name string, r request) answer {
	text, _ := r.fields["policy"].(string)
	rules, err := parsePolicy(text)
	if err != nil {
		return refused(http.StatusBadRequest, "failed to parse policy: "+err.Error())
	}
	v.rules[name] = rules
	return done
}

func (p rule) fits(path string) bool {
	if prefix, open := strings.CutSuffix(p.path, "*"); open {
		return strings.HasPrefix(path, prefix)
	}
	wanted, given := strings.Split(p.path, "/"), strings.Split(path, "/")
	if len(wanted) != len(given) {
		return false
	}
	for i, part := range wanted {
		if part != "+" && part != given[i] {
			return false
		}
	}
	return true
}

var needed = map[string][]string{
	http.MethodGet: {"read"}, http.MethodPost: {"create", "update"}, http.MethodPut: {"create", "update"}, http.MethodDelete: {"delete"},
}

// allows tells whether some policy of the token has the capability that the call needs. Whoever has a token may ask where
// mounts are.
func (v *vault) allows(t *token, r request) bool {
	if t.root || strings.HasPrefix(r.path, "sys/internal/ui/mounts/") {
		return true
	}
	for _, name := range t.policies {
		for _, p := range v.rules[name] {
			may := slices.ContainsFunc(needed[r.method], func(one string) bool { return slices.Contains(p.capabilities, one) })
			if may && p.fits(r.path) {
				return true
			}
		}
	}
	return false
}
