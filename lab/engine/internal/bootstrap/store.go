package bootstrap

import (
	"context"
	"errors"

	clientv3 "go.etcd.io/etcd/client/v3"

	"drover/lab/engine/internal/paths"
)

const prefix = "/bootstrap/"

// ErrOtherToken is K3s' refusal of a token that did not encrypt the datastore's bootstrap data.
var ErrOtherToken = errors.New("bootstrap data already found and encrypted with different token")

// Load reads the shared files from the datastore. Without any data there it returns nothing.
func Load(ctx context.Context, kv clientv3.KV, password string) (Data, error) {
	got, err := kv.Get(ctx, prefix, clientv3.WithPrefix())
	if err != nil || len(got.Kvs) == 0 {
		return nil, err
	}
	for _, pair := range got.Kvs {
		if string(pair.Key) != key(password) {
			continue
		}
		plain, err := Open(password, pair.Value)
		if err != nil {
			return nil, err
		}
		return Decode(plain)
	}
	return nil, ErrOtherToken
}

// Store puts this server's shared files into the datastore unless they are there already; data under another token is
// an error.
func Store(ctx context.Context, kv clientv3.KV, d paths.Data, password string) error {
	have, err := Load(ctx, kv, password)
	if err != nil || have != nil {
		return err
	}
	return put(ctx, kv, d, password)
}

// Rotate seals the shared files with a new password and drops what the old one sealed.
func Rotate(ctx context.Context, kv clientv3.KV, d paths.Data, from, to string) error {
	if _, err := Load(ctx, kv, from); err != nil {
		return err
	}
	if err := put(ctx, kv, d, to); err != nil {
		return err
	}
	_, err := kv.Delete(ctx, key(from))
	return err
}

func put(ctx context.Context, kv clientv3.KV, d paths.Data, password string) error {
	data, err := Collect(d)
	if err != nil {
		return err
	}
	plain, err := Encode(data)
	if err != nil {
		return err
	}
	sealed, err := Seal(password, plain)
	if err != nil {
		return err
	}
	_, err = kv.Put(ctx, key(password), string(sealed))
	return err
}
