// Package nodepassword binds a node's name to the host that used it first, as K3s does: the host keeps a random
// password, the cluster keeps its hash in the Secret NAME.node-password.k3s.
package nodepassword

import (
	"context"
	"errors"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"drover/lab/engine/internal/files"
	"drover/lab/engine/internal/token"
)

// ErrRejected is K3s' answer to a node whose password is not the one that was recorded for its name.
var ErrRejected = errors.New("Node password rejected, duplicate hostname or contents of '/etc/rancher/node/password' may not match server node-passwd entry, try enabling a unique node name with the --with-node-id flag") //nolint:staticcheck // K3s' words

// Local reads the host's password, making one when there is none.
func Local(path string) (string, error) {
	password, err := files.ReadTrimmed(path)
	if err != nil || password != "" {
		return password, err
	}
	password = token.Random(16)
	return password, files.Write(path, []byte(password+"\n"), 0o600)
}

// SecretName is where the hash of a node's password is kept.
func SecretName(node string) string { return strings.ToLower(node) + ".node-password.k3s" }

// Ensure checks a node's password, or records it when the name is new.
func Ensure(ctx context.Context, client kubernetes.Interface, node, password string) error {
	secrets := client.CoreV1().Secrets(metav1.NamespaceSystem)
	err := verify(ctx, client, node, password)
	if !apierrors.IsNotFound(err) {
		return err
	}
	hash, err := Hash(password)
	if err != nil {
		return err
	}
	immutable := true
	_, err = secrets.Create(ctx, &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: SecretName(node), Namespace: metav1.NamespaceSystem},
		Immutable:  &immutable,
		Data:       map[string][]byte{"hash": []byte(hash)},
	}, metav1.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		return verify(ctx, client, node, password)
	}
	return err
}

func verify(ctx context.Context, client kubernetes.Interface, node, password string) error {
	secret, err := client.CoreV1().Secrets(metav1.NamespaceSystem).Get(ctx, SecretName(node), metav1.GetOptions{})
	if err != nil {
		return err
	}
	hash, ok := secret.Data["hash"]
	if !ok {
		return fmt.Errorf("unable to locate hash data for node secret '%s'", secret.Name)
	}
	if !Matches(string(hash), password) {
		return ErrRejected
	}
	return nil
}

// Forget removes a node's password, so that another host may take the name.
func Forget(ctx context.Context, client kubernetes.Interface, node string) error {
	err := client.CoreV1().Secrets(metav1.NamespaceSystem).Delete(ctx, SecretName(node), metav1.DeleteOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}
