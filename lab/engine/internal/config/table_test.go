package config

import "testing"

func TestNoFlagIsDeclaredTwice(t *testing.T) {
	for _, scope := range []Scope{Server, Agent, EtcdSnapshot, SecretsEncrypt, Certificate, Token} {
		seen := map[string]bool{}
		for _, f := range For(scope) {
			for _, name := range []string{f.Name, f.Alias} {
				if name != "" && seen[name] {
					t.Errorf("%s is declared twice", name)
				}
				seen[name] = true
			}
		}
	}
}

func TestDefaultsHaveTheirShape(t *testing.T) {
	for _, f := range table {
		if f.Default == "" {
			continue
		}
		if errs := checkShape(f, []string{f.Default}); len(errs) > 0 {
			t.Errorf("%s: %v", f.Name, errs)
		}
	}
}
