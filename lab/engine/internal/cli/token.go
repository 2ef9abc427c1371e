package cli

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/duration"
	"k8s.io/client-go/kubernetes"

	"drover/lab/engine/internal/config"
	"drover/lab/engine/internal/files"
	"drover/lab/engine/internal/join"
	"drover/lab/engine/internal/kube"
	"drover/lab/engine/internal/paths"
	"drover/lab/engine/internal/supervisor"
	"drover/lab/engine/internal/token"
)

const tokenPrefix = "bootstrap-token-"

func tokens(ctx context.Context, v *config.Values) error {
	d := paths.Data(v.String("data-dir"))
	sub, args := subcommand(v, "list")
	switch sub {
	case "generate":
		fmt.Println(randomBootstrapToken())
		return nil
	case "rotate":
		return rotateToken(ctx, v, d)
	}
	client, err := kube.Client(d.Cred("admin.kubeconfig"))
	if err != nil {
		return err
	}
	switch sub {
	case "create":
		return createToken(ctx, client, v, d)
	case "delete":
		return deleteTokens(ctx, client, args)
	case "list", "ls":
		return listTokens(ctx, client, v.String("output"))
	default:
		return fmt.Errorf("unknown command %q for k3s token", sub)
	}
}

func randomBootstrapToken() string {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	word := func(n int) string {
		var b strings.Builder
		for range n {
			i, err := rand.Int(rand.Reader, big.NewInt(int64(len(letters))))
			if err != nil {
				panic(err) // the system has no randomness
			}
			b.WriteByte(letters[i.Int64()])
		}
		return b.String()
	}
	return word(6) + "." + word(16)
}

func createToken(ctx context.Context, client kubernetes.Interface, v *config.Values, d paths.Data) error {
	text := randomBootstrapToken()
	if len(v.Args) > 1 {
		text = v.Args[1]
	}
	parsed, err := token.Parse(text)
	if err != nil || parsed.ID == "" {
		return fmt.Errorf("the bootstrap token %q was not of the form %q", text, `\A([a-z0-9]{6})\.([a-z0-9]{16})\z`)
	}
	ttl, err := time.ParseDuration(v.String("ttl"))
	if err != nil {
		return err
	}
	data := map[string]string{
		"token-id": parsed.ID, "token-secret": parsed.Secret, "usage-bootstrap-authentication": "true", "usage-bootstrap-signing": "true",
		"auth-extra-groups": "system:bootstrappers:k3s:default-node-token",
	}
	if s := v.String("description"); s != "" {
		data["description"] = s
	}
	if ttl > 0 {
		data["expiration"] = time.Now().Add(ttl).UTC().Format(time.RFC3339)
	}
	_, err = client.CoreV1().Secrets(metav1.NamespaceSystem).Create(ctx, &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: tokenPrefix + parsed.ID, Namespace: metav1.NamespaceSystem},
		Type:       corev1.SecretTypeBootstrapToken, StringData: data,
	}, metav1.CreateOptions{})
	if err != nil {
		return err
	}
	ca, err := os.ReadFile(d.TLS("server-ca.crt"))
	if err != nil {
		return err
	}
	full, err := token.Format(parsed.Bearer(), ca)
	if err == nil {
		fmt.Println(full)
	}
	return err
}

func deleteTokens(ctx context.Context, client kubernetes.Interface, args []string) error {
	if len(args) == 0 {
		return errors.New("missing argument; 'token delete' is missing token")
	}
	for _, a := range args {
		id, _, _ := strings.Cut(a, ".")
		if err := client.CoreV1().Secrets(metav1.NamespaceSystem).Delete(ctx, tokenPrefix+id, metav1.DeleteOptions{}); err != nil {
			return fmt.Errorf("failed to delete bootstrap token %q: %w", id, err)
		}
		fmt.Printf("bootstrap token %q deleted\n", id)
	}
	return nil
}

// listed is one token without its secret.
type listed struct {
	Token       string   `json:"token"`
	Description string   `json:"description,omitempty"`
	Expires     string   `json:"expires,omitempty"`
	Usages      []string `json:"usages,omitempty"`
	Groups      []string `json:"groups,omitempty"`
}

func listTokens(ctx context.Context, client kubernetes.Interface, format string) error {
	secrets, err := client.CoreV1().Secrets(metav1.NamespaceSystem).List(ctx, metav1.ListOptions{FieldSelector: "type=" + string(corev1.SecretTypeBootstrapToken)})
	if err != nil {
		return fmt.Errorf("failed to list bootstrap tokens: %w", err)
	}
	all := []listed{}
	for _, s := range secrets.Items {
		l := listed{Token: string(s.Data["token-id"]), Description: string(s.Data["description"]), Expires: string(s.Data["expiration"])}
		for _, u := range []string{"authentication", "signing"} {
			if string(s.Data["usage-bootstrap-"+u]) == "true" {
				l.Usages = append(l.Usages, u)
			}
		}
		if g := string(s.Data["auth-extra-groups"]); g != "" {
			l.Groups = strings.Split(g, ",")
		}
		all = append(all, l)
	}
	if format == "json" {
		return json.NewEncoder(os.Stdout).Encode(all)
	}
	w := tabwriter.NewWriter(os.Stdout, 10, 4, 3, ' ', 0)
	fmt.Fprintln(w, "TOKEN\tTTL\tEXPIRES\tUSAGES\tDESCRIPTION\tEXTRA GROUPS")
	for _, l := range all {
		ttl, expires := "<forever>", "<never>"
		if end, err := time.Parse(time.RFC3339, l.Expires); err == nil {
			ttl, expires = duration.ShortHumanDuration(time.Until(end)), l.Expires
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", l.Token, ttl, expires, orNone(l.Usages...), orNone(l.Description), orNone(l.Groups...))
	}
	return w.Flush()
}

func orNone(s ...string) string {
	if j := strings.Join(s, ","); j != "" {
		return j
	}
	return "<none>"
}

func rotateToken(ctx context.Context, v *config.Values, d paths.Data) error {
	fmt.Println("WARNING: Recommended to keep a record of the old token. If restoring from a snapshot, you must use the token associated with that snapshot.")
	old, err := v.String("token"), error(nil)
	if old == "" {
		if old, err = files.ReadTrimmed(d.Server("token")); err != nil {
			return err
		}
	}
	next := v.String("new-token")
	if next == "" {
		next = token.Random(16)
	}
	url := v.String("server")
	if url == "" {
		url = "https://127.0.0.1:6443"
	}
	access, err := join.Connect(ctx, url, old, join.Options{User: "server"})
	if err != nil {
		return err
	}
	body, err := json.Marshal(supervisor.RotateRequest{NewToken: next})
	if err != nil {
		return err
	}
	if err := access.Put(ctx, "/v1-k3s/token", body); err != nil {
		return err
	}
	fmt.Println("Token rotated, restart k3s nodes with new token")
	return nil
}
