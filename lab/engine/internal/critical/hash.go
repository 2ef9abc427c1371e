package critical

import (
	"crypto/sha256"
	"encoding/hex"
)

// hash lets servers compare their agent tokens without showing them.
func hash(secret string) string {
	if secret == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
