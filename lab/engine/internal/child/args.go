package child

import (
	"sort"
	"strings"
)

// Args are a component's flags without dashes.
type Args map[string]string

// Merge lays the user's KEY=VALUE arguments over ours, as K3s does: the last one wins, "key+=value" puts the value
// behind ours with a comma, "key-=value" puts it in front.
func (a Args) Merge(extra []string) Args {
	out := Args{}
	for k, v := range a {
		out[k] = v
	}
	for _, e := range extra {
		key, value, ok := strings.Cut(strings.TrimLeft(e, "-"), "=")
		if !ok {
			value = "true"
		}
		base := strings.TrimRight(key, "+-")
		switch {
		case strings.HasSuffix(key, "+") && out[base] != "":
			out[base] += "," + value
		case strings.HasSuffix(key, "-") && out[base] != "":
			out[base] = value + "," + out[base]
		default:
			out[base] = value
		}
	}
	return out
}

// List is the flags in alphabetical order.
func (a Args) List() []string {
	out := make([]string, 0, len(a))
	for k, v := range a {
		out = append(out, "--"+k+"="+v)
	}
	sort.Strings(out)
	return out
}
