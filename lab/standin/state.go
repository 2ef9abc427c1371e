package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
)

// state is what was seen last, and what every request is answered by.
type state struct {
	name     string
	mu       sync.RWMutex
	looked   bool
	problems []string
}

func newState(name string) *state { return &state{name: name} }

// set keeps what was seen; it returns a line for the log when that is something new.
func (s *state) set(problems []string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	same := s.looked && strings.Join(problems, "\n") == strings.Join(s.problems, "\n")
	s.looked, s.problems = true, problems
	switch {
	case same:
		return ""
	case len(problems) == 0:
		return s.name + ": ready, everything that it needs answers"
	default:
		return s.name + ": not ready: " + strings.Join(problems, "; ")
	}
}

func (s *state) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	switch {
	case !s.looked:
		http.Error(w, s.name+": has not looked yet", http.StatusServiceUnavailable)
	case len(s.problems) > 0:
		http.Error(w, s.name+": "+strings.Join(s.problems, "\n"), http.StatusServiceUnavailable)
	default:
		_, _ = fmt.Fprintf(w, "%s: ok\n", s.name)
	}
}
