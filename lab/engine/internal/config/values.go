package config

import (
	"fmt"
	"strconv"
	"strings"
)

// Values holds what was given for each flag of one command, by the flag's name. Flags that were not given are absent.
type Values struct {
	scope Scope
	given map[string][]string
	// Args are the words on the command line that belong to no flag.
	Args []string
	// Warnings are to be logged by the caller, in K3s' words.
	Warnings []string
}

// IsSet tells whether the flag was given anywhere.
func (v *Values) IsSet(name string) bool { _, ok := v.given[name]; return ok }

// String is the last value given, or the default.
func (v *Values) String(name string) string {
	if g := v.given[name]; len(g) > 0 {
		return g[len(g)-1]
	}
	if f := Lookup(name, v.scope); f != nil {
		return f.Default
	}
	return ""
}

// Bool reads a flag whose spelling was checked while loading.
func (v *Values) Bool(name string) bool {
	b, err := strconv.ParseBool(v.String(name))
	return err == nil && b
}

// Int reads a number that was checked while loading.
func (v *Values) Int(name string) int {
	n, err := strconv.Atoi(v.String(name))
	if err != nil {
		return 0
	}
	return n
}

// List is every value given, or the default. Elements of comma lists are split.
func (v *Values) List(name string) []string {
	f := Lookup(name, v.scope)
	if f == nil {
		return nil
	}
	given, ok := v.given[name]
	if !ok && f.Default != "" {
		given = []string{f.Default}
	}
	if f.Kind != CommaList {
		return given
	}
	var out []string
	for _, g := range given {
		for _, part := range strings.Split(g, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

// First is the first element of a list, or nothing.
func (v *Values) First(name string) string {
	if l := v.List(name); len(l) > 0 {
		return l[0]
	}
	return ""
}

// Set overrides a flag; later packages use it for values that are worked out (the token of a token file).
func (v *Values) Set(name string, values ...string) {
	if v.given == nil {
		v.given = map[string][]string{}
	}
	v.given[name] = values
}

// check refuses values of the wrong shape and flags the lab engine cannot honour; all problems at once.
func (v *Values) check() []error {
	var errs []error
	for _, f := range For(v.scope) {
		given, ok := v.given[f.Name]
		if !ok {
			continue
		}
		errs = append(errs, checkShape(f, given)...)
		if f.Effect == Works || !v.asksForSomething(f) {
			continue
		}
		if f.Effect == Refused {
			errs = append(errs, fmt.Errorf("lab engine: --%s is not supported; run real K3s for that", f.Name))
			continue
		}
		v.Warnings = append(v.Warnings, fmt.Sprintf("lab engine: --%s has no effect here", f.Name))
	}
	return errs
}

func (v *Values) asksForSomething(f Flag) bool {
	if f.Kind == Bool {
		return v.Bool(f.Name)
	}
	return v.String(f.Name) != f.Default
}

func checkShape(f Flag, given []string) []error {
	var errs []error
	for _, g := range given {
		switch f.Kind {
		case Bool:
			if _, err := strconv.ParseBool(g); err != nil {
				errs = append(errs, fmt.Errorf("invalid boolean value %q for -%s: parse error", g, f.Name))
			}
		case Int:
			if _, err := strconv.Atoi(g); err != nil {
				errs = append(errs, fmt.Errorf("invalid value %q for flag -%s: parse error", g, f.Name))
			}
		case String, List, CommaList:
		}
	}
	return errs
}
