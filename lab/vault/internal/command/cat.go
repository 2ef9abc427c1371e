package command

import (
	"io"
	"os"
)

// Cat prints files.
func Cat(paths []string, out io.Writer) error {
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if _, err := out.Write(text); err != nil {
			return err
		}
	}
	return nil
}
