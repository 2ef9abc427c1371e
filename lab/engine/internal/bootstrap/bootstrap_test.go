package bootstrap

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"go.etcd.io/etcd/api/v3/mvccpb"
	clientv3 "go.etcd.io/etcd/client/v3"

	"drover/lab/engine/internal/paths"
	"drover/lab/engine/internal/pki"
)

// memory is a datastore with just enough of etcd's KV.
type memory struct {
	clientv3.KV
	pairs map[string]string
}

func (m memory) Get(_ context.Context, key string, _ ...clientv3.OpOption) (*clientv3.GetResponse, error) {
	out := &clientv3.GetResponse{}
	for k, v := range m.pairs {
		if strings.HasPrefix(k, key) {
			out.Kvs = append(out.Kvs, &mvccpb.KeyValue{Key: []byte(k), Value: []byte(v)})
		}
	}
	return out, nil
}

func (m memory) Put(_ context.Context, key, value string, _ ...clientv3.OpOption) (*clientv3.PutResponse, error) {
	m.pairs[key] = value
	return &clientv3.PutResponse{}, nil
}

func (m memory) Delete(_ context.Context, key string, _ ...clientv3.OpOption) (*clientv3.DeleteResponse, error) {
	delete(m.pairs, key)
	return &clientv3.DeleteResponse{}, nil
}

func made(t *testing.T) paths.Data {
	t.Helper()
	d := paths.Data(t.TempDir())
	if err := pki.MakeCAs(d, time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := (Passwords{Server: "s,1", Node: `n"2`}).Write(d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAServerRisesFromTheDatastoreWithItsToken(t *testing.T) {
	ctx, kv, d := context.Background(), memory{pairs: map[string]string{}}, made(t)
	if err := Store(ctx, kv, d, "token"); err != nil {
		t.Fatal(err)
	}
	data, err := Load(ctx, kv, "token")
	if err != nil {
		t.Fatal(err)
	}
	fresh := paths.Data(t.TempDir())
	if Complete(fresh) {
		t.Error("an empty server is complete")
	}
	if err := Place(fresh, data); err != nil {
		t.Fatal(err)
	}
	if !Complete(fresh) {
		t.Error("something is missing")
	}
	p, err := ReadPasswords(fresh)
	if err != nil || p != (Passwords{Server: "s,1", Node: `n"2`}) {
		t.Errorf("%+v %v", p, err)
	}
}

func TestAnotherTokenIsRefused(t *testing.T) {
	ctx, kv, d := context.Background(), memory{pairs: map[string]string{}}, made(t)
	if err := Store(ctx, kv, d, "token"); err != nil {
		t.Fatal(err)
	}
	if err := Store(ctx, kv, d, "other"); !errors.Is(err, ErrOtherToken) {
		t.Errorf("err = %v", err)
	}
	if len(kv.pairs) != 1 {
		t.Errorf("%d entries", len(kv.pairs))
	}
}

func TestRotatedTokensReplaceTheOld(t *testing.T) {
	ctx, kv, d := context.Background(), memory{pairs: map[string]string{}}, made(t)
	if err := Store(ctx, kv, d, "old"); err != nil {
		t.Fatal(err)
	}
	if err := Rotate(ctx, kv, d, "wrong", "new"); !errors.Is(err, ErrOtherToken) {
		t.Errorf("err = %v", err)
	}
	if err := Rotate(ctx, kv, d, "old", "new"); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(ctx, kv, "old"); !errors.Is(err, ErrOtherToken) {
		t.Errorf("the old token still opens: %v", err)
	}
	if data, err := Load(ctx, kv, "new"); err != nil || data == nil {
		t.Errorf("%v", err)
	}
}

func TestIncompleteDataIsRefused(t *testing.T) {
	if err := Place(paths.Data(t.TempDir()), Data{}); err == nil {
		t.Error("no error")
	}
}

func FuzzSealThenOpen(f *testing.F) {
	f.Add("secret", []byte("plain"))
	f.Fuzz(func(t *testing.T, password string, plain []byte) {
		sealed, err := Seal(password, plain)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Open(password, sealed)
		if err != nil || !bytes.Equal(back, plain) {
			t.Errorf("%v", err)
		}
		if _, err := Open(password+"x", sealed); err == nil {
			t.Error("another password opens it")
		}
		if _, err := Open(password, sealed[:len(sealed)-1]); err == nil {
			t.Error("cut data opens")
		}
	})
}
