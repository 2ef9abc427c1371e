package main

import (
	"fmt"
	"os"
	"strings"
)

// filesOf takes paths with commas between them.
func filesOf(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

// missing returns a sentence for each file that somebody should have filled. What is in a file is told to nobody.
func missing(files []string) []string {
	said := []string{}
	for _, path := range files {
		switch about, err := os.Stat(path); {
		case err != nil:
			said = append(said, err.Error())
		case about.Size() == 0:
			said = append(said, fmt.Sprintf("%s is empty", path))
		}
	}
	return said
}
