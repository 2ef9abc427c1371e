// Package engine holds what the engine's program and the lab's build both need to know.
package engine

import (
	_ "embed" // images.json
	"encoding/json"
	"sync"
)

//go:embed images.json
var imagesJSON []byte

// Image is the reference of an image that the lab makes, by its name in images.json.
func Image(name string) string { return images()[name] }

var images = sync.OnceValue(func() map[string]string {
	var m map[string]string
	if err := json.Unmarshal(imagesJSON, &m); err != nil {
		panic(err) // the file is part of the program; a test reads it
	}
	return m
})
