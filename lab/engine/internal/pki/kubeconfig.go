package pki

import (
	"io/fs"
	"os"

	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"drover/lab/engine/internal/files"
	"k8s.io/client-go/tools/clientcmd"
)

// Kubeconfig says what goes into a kubeconfig; certificates are given by file name.
type Kubeconfig struct {
	Server string
	CA     string
	Pair   string // base of .crt and .key
	// Refer keeps file names in the kubeconfig instead of the contents, so that renewed certificates are found.
	Refer bool
	Mode  fs.FileMode
}

// WriteKubeconfig writes a kubeconfig as K3s does: one cluster, one user and one context, all named default.
func WriteKubeconfig(path string, k Kubeconfig) error {
	cluster, user := clientcmdapi.NewCluster(), clientcmdapi.NewAuthInfo()
	cluster.Server = k.Server
	if k.Refer {
		cluster.CertificateAuthority = k.CA
		user.ClientCertificate, user.ClientKey = k.Pair+".crt", k.Pair+".key"
	} else if err := inline(cluster, user, k); err != nil {
		return err
	}
	config := clientcmdapi.NewConfig()
	config.Clusters["default"], config.AuthInfos["default"] = cluster, user
	config.Contexts["default"] = &clientcmdapi.Context{Cluster: "default", AuthInfo: "default"}
	config.CurrentContext = "default"
	content, err := clientcmd.Write(*config)
	if err != nil {
		return err
	}
	mode := k.Mode
	if mode == 0 {
		mode = 0o600
	}
	return files.Write(path, content, mode)
}

func inline(cluster *clientcmdapi.Cluster, user *clientcmdapi.AuthInfo, k Kubeconfig) error {
	var err error
	if cluster.CertificateAuthorityData, err = os.ReadFile(k.CA); err != nil {
		return err
	}
	if user.ClientCertificateData, err = os.ReadFile(k.Pair + ".crt"); err != nil {
		return err
	}
	user.ClientKeyData, err = os.ReadFile(k.Pair + ".key")
	return err
}
