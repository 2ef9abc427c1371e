// Package bootstrap holds what every server of a cluster shares: authorities, keys and passwords. Joining servers get
// it from another server; a restored datastore carries it too, encrypted with the token.
package bootstrap

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"
	"time"

	"drover/lab/engine/internal/files"
	"drover/lab/engine/internal/paths"
)

// File is one shared file.
type File struct {
	Timestamp time.Time
	Content   []byte
}

// Data is the shared files by K3s' names for them.
type Data map[string]File

// location says where each of them lies below server/; the bool tells whether a cluster may lack it.
var location = map[string]struct {
	path     string
	optional bool
}{
	"ServerCA": {"tls/server-ca.crt", false}, "ServerCAKey": {"tls/server-ca.key", false},
	"ClientCA": {"tls/client-ca.crt", false}, "ClientCAKey": {"tls/client-ca.key", false},
	"RequestHeaderCA": {"tls/request-header-ca.crt", false}, "RequestHeaderCAKey": {"tls/request-header-ca.key", false},
	"ETCDServerCA": {"tls/etcd/server-ca.crt", false}, "ETCDServerCAKey": {"tls/etcd/server-ca.key", false},
	"ETCDPeerCA": {"tls/etcd/peer-ca.crt", false}, "ETCDPeerCAKey": {"tls/etcd/peer-ca.key", false},
	"ServiceKey":       {"tls/service.key", false},
	"PasswdFile":       {"cred/passwd", false},
	"EncryptionConfig": {"cred/encryption-config.json", true},
}

// Collect reads the shared files of this server.
func Collect(d paths.Data) (Data, error) {
	out := Data{}
	for name, l := range location {
		path := d.Server(l.path)
		content, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) && l.optional {
			continue
		}
		if err != nil {
			return nil, err
		}
		st, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		out[name] = File{Timestamp: st.ModTime().UTC(), Content: content}
	}
	return out, nil
}

// Place writes shared files to this server's disk. Names that this version does not know are left out.
func Place(d paths.Data, data Data) error {
	for name, l := range location {
		f, ok := data[name]
		if !ok && l.optional {
			continue
		}
		if !ok {
			return errors.New("bootstrap data lacks " + name)
		}
		mode := fs.FileMode(0o600)
		if strings.HasSuffix(l.path, ".crt") {
			mode = 0o644
		}
		if err := files.Write(d.Server(l.path), f.Content, mode); err != nil {
			return err
		}
	}
	return nil
}

// Complete tells whether this server has all that it needs.
func Complete(d paths.Data) bool {
	for _, l := range location {
		if !l.optional && !files.Exists(d.Server(l.path)) {
			return false
		}
	}
	return true
}

// Encode and Decode are the form in which servers hand the files to each other.
func Encode(data Data) ([]byte, error) { return json.Marshal(data) }

// Decode reads what Encode wrote.
func Decode(b []byte) (Data, error) {
	var data Data
	err := json.Unmarshal(b, &data)
	return data, err
}
