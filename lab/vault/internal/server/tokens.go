package server

import (
	"crypto/rand"
	"time"
)

// token is what somebody who logged in may do, and until when.
type token struct {
	root     bool
	policies []string
	life     time.Duration
	ends     time.Time
}

func newID() string { return "hvs." + rand.Text() }

func (v *vault) known(id string) *token {
	if id == v.root {
		return &token{root: true}
	}
	kept := v.tokens[id]
	if kept == nil || time.Now().After(kept.ends) {
		return nil
	}
	return kept
}

func (t *token) fields(id string) object {
	return object{"client_token": id, "policies": t.policies, "lease_duration": int(t.life.Seconds()), "renewable": true}
}
