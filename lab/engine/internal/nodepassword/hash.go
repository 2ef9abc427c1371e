package nodepassword

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/scrypt"
)

// scrypt's cost is K3s': n = 2^15 rounds, r = 8, p = 1.
const (
	rounds = 15
	keyLen = 64
)

// Hash is a salted scrypt hash in K3s' form: $1:salt:rounds:r:p:hash.
func Hash(password string) (string, error) {
	salt := make([]byte, 8)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	sum, err := scrypt.Key([]byte(password), salt, 1<<rounds, 8, 1, keyLen)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$1:%x:%d:8:1:%s", salt, rounds, base64.RawStdEncoding.EncodeToString(sum)), nil
}

// Matches compares a password with a hash; a hash in another form matches nothing.
func Matches(hash, password string) bool {
	var salt []byte
	var n, r, p int
	fields := strings.SplitN(hash, ":", 6)
	if len(fields) != 6 || fields[0] != "$1" {
		return false
	}
	if _, err := fmt.Sscanf(strings.Join(fields[1:5], " "), "%x %d %d %d", &salt, &n, &r, &p); err != nil || n < 1 || n > 20 {
		return false
	}
	want, err := base64.RawStdEncoding.DecodeString(fields[5])
	if err != nil {
		return false
	}
	sum, err := scrypt.Key([]byte(password), salt, 1<<n, r, p, keyLen)
	return err == nil && subtle.ConstantTimeCompare(sum, want) == 1
}
