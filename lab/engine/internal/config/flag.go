// Package config reads K3s' configuration: flags, /etc/rancher/k3s/config.yaml with its drop-ins, and K3S_* variables.
package config

// Kind is the shape of a flag's value.
type Kind int

// The shapes.
const (
	String Kind = iota
	Bool
	Int
	// List is a repeatable flag; each use is one element.
	List
	// CommaList is a repeatable flag whose elements may also be separated by commas.
	CommaList
)

// Scope says which commands know a flag; the values are bits.
type Scope int

// The commands that read configuration.
const (
	Server Scope = 1 << iota
	Agent
	EtcdSnapshot
	SecretsEncrypt
	Certificate
	Token
)

// Effect says what the lab engine does with a flag of K3s.
type Effect int

// The effects.
const (
	// Works: the flag does what K3s documents.
	Works Effect = iota
	// Ignored: accepted with a warning, because leaving it out changes nothing that the lab shows.
	Ignored
	// Refused: the lab engine cannot do it, and going on would show something that K3s would not.
	Refused
)

// Flag declares one option of K3s. The name is both the command-line flag and the key in config.yaml.
type Flag struct {
	Name    string
	Alias   string
	Kind    Kind
	Scope   Scope
	Env     string
	Default string
	Effect  Effect
	Usage   string
}

// Lookup finds a flag by name or alias for one command; nil when that command does not know it.
func Lookup(name string, scope Scope) *Flag {
	for i := range table {
		f := &table[i]
		if f.Scope&scope != 0 && (f.Name == name || (f.Alias != "" && f.Alias == name)) {
			return f
		}
	}
	return nil
}

// For lists the flags of one command in the order of declaration.
func For(scope Scope) []Flag {
	var out []Flag
	for _, f := range table {
		if f.Scope&scope != 0 {
			out = append(out, f)
		}
	}
	return out
}
