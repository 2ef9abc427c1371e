package bootstrap

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
)

const (
	saltLen    = 16
	iterations = 100_000
)

// key is the datastore key under which data sealed with a token's password is kept: it tells tokens apart without
// revealing them.
func key(password string) string {
	sum := sha256.Sum256([]byte(password))
	return prefix + hex.EncodeToString(sum[:])[:12]
}

// Seal encrypts bootstrap data with a token's password (PBKDF2, AES-256-GCM; the salt goes first, then the nonce).
func Seal(password string, plain []byte) ([]byte, error) {
	salt := make([]byte, saltLen)
	if _, err := rand.Read(salt); err != nil {
		return nil, err
	}
	gcm, err := aead(password, salt)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, gcm.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return gcm.Seal(append(salt, nonce...), nonce, plain, nil), nil
}

// Open decrypts what Seal made.
func Open(password string, sealed []byte) ([]byte, error) {
	if len(sealed) < saltLen {
		return nil, errors.New("bootstrap data is cut off")
	}
	gcm, err := aead(password, sealed[:saltLen])
	if err != nil {
		return nil, err
	}
	rest := sealed[saltLen:]
	if len(rest) < gcm.NonceSize() {
		return nil, errors.New("bootstrap data is cut off")
	}
	return gcm.Open(nil, rest[:gcm.NonceSize()], rest[gcm.NonceSize():], nil)
}

func aead(password string, salt []byte) (cipher.AEAD, error) {
	k, err := pbkdf2.Key(sha256.New, password, salt, iterations, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(k)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
