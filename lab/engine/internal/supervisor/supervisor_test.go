package supervisor

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"

	"drover/lab/engine/internal/bootstrap"
	"drover/lab/engine/internal/paths"
	"drover/lab/engine/internal/pki"
)

var now = time.Now()

type fixture struct {
	data    paths.Data
	client  *fake.Clientset
	handler http.Handler
}

func made(t *testing.T) fixture {
	t.Helper()
	d := paths.Data(t.TempDir())
	if err := pki.MakeCAs(d, now); err != nil {
		t.Fatal(err)
	}
	if err := (bootstrap.Passwords{Server: "serverpw", Node: "nodepw"}).Write(d); err != nil {
		t.Fatal(err)
	}
	c := fake.NewClientset()
	s := New(Config{Data: d, Agent: AgentConfig{ClusterDNS: "10.43.0.10", FlannelBackend: "vxlan"}}, c, func() time.Time { return now })
	next := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	return fixture{d, c, s.Wrap(next)}
}

type call struct {
	method, path, user, password, bearer string
	body                                 []byte
	header                               map[string]string
	cert                                 *x509.Certificate
}

func (f fixture) do(t *testing.T, c call) (int, string) {
	t.Helper()
	if c.method == "" {
		c.method = http.MethodGet
	}
	r := httptest.NewRequest(c.method, c.path, bytes.NewReader(c.body))
	if c.user != "" {
		r.SetBasicAuth(c.user, c.password)
	}
	if c.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+c.bearer)
	}
	for k, v := range c.header {
		r.Header.Set(k, v)
	}
	if c.cert != nil {
		r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{c.cert}}
	}
	w := httptest.NewRecorder()
	f.handler.ServeHTTP(w, r)
	b, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, string(b)
}

func TestOpenPathsAndTheRest(t *testing.T) {
	f := made(t)
	if code, body := f.do(t, call{path: "/ping"}); code != 200 || body != "pong" {
		t.Errorf("%d %q", code, body)
	}
	if code, body := f.do(t, call{path: "/cacerts"}); code != 200 || !strings.HasPrefix(body, "-----BEGIN CERTIFICATE") {
		t.Errorf("%d %q", code, body)
	}
	if code, _ := f.do(t, call{path: "/api/v1/nodes"}); code != http.StatusTeapot {
		t.Errorf("the API server was not asked: %d", code)
	}
}

func TestWhoMayAskForWhat(t *testing.T) {
	f := made(t)
	for _, c := range []struct {
		path, user, password string
		want                 int
	}{
		{"/v1-k3s/config", "", "", 401},
		{"/v1-k3s/config", "node", "nodepw", 200},
		{"/v1-k3s/config", "node", "serverpw", 200},
		{"/v1-k3s/config", "server", "serverpw", 200},
		{"/v1-k3s/config", "server", "nodepw", 401},
		{"/v1-k3s/config", "node", "wrong", 401},
		{"/v1-k3s/server-bootstrap", "node", "nodepw", 401},
		{"/v1-k3s/server-bootstrap", "node", "serverpw", 401},
		{"/v1-k3s/server-bootstrap", "server", "nodepw", 401},
		{"/v1-k3s/server-bootstrap", "server", "serverpw", 200},
		{"/v1-k3s/encrypt/status", "node", "nodepw", 401},
		{"/v1-k3s/readyz", "node", "nodepw", 200},
		{"/v1-k3s/unknown", "server", "serverpw", 404},
	} {
		if code, body := f.do(t, call{path: c.path, user: c.user, password: c.password}); code != c.want {
			t.Errorf("%s as %s:%s: %d %q, want %d", c.path, c.user, c.password, code, body, c.want)
		}
	}
}

func TestBootstrapTokensAreForNodesUntilTheyExpire(t *testing.T) {
	f := made(t)
	for id, end := range map[string]time.Time{"aaaaaa": now.Add(time.Hour), "bbbbbb": now.Add(-time.Hour)} {
		_, err := f.client.CoreV1().Secrets("kube-system").Create(context.Background(), &corev1.Secret{
			ObjectMeta: metav1.ObjectMeta{Name: "bootstrap-token-" + id, Namespace: "kube-system"},
			Data:       map[string][]byte{"token-secret": []byte("0123456789abcdef"), "usage-bootstrap-authentication": []byte("true"), "expiration": []byte(end.Format(time.RFC3339))},
		}, metav1.CreateOptions{})
		if err != nil {
			t.Fatal(err)
		}
	}
	for bearer, want := range map[string]int{"aaaaaa.0123456789abcdef": 200, "aaaaaa.wrong": 401, "bbbbbb.0123456789abcdef": 401, "cccccc.x": 401, "x": 401} {
		if code, _ := f.do(t, call{path: "/v1-k3s/config", bearer: bearer}); code != want {
			t.Errorf("%s: %d", bearer, code)
		}
	}
	if code, _ := f.do(t, call{path: "/v1-k3s/server-bootstrap", bearer: "aaaaaa.0123456789abcdef"}); code != 401 {
		t.Errorf("a bootstrap token joined a server: %d", code)
	}
}

func (f fixture) certificate(t *testing.T, name, node, password string, by *x509.Certificate) (int, string) {
	t.Helper()
	der, err := pki.NewRequest(t.TempDir()+"/k.key", "i-am-admin")
	if err != nil {
		t.Fatal(err)
	}
	c := call{method: http.MethodPost, path: "/v1-k3s/" + name + ".crt", body: der, header: map[string]string{HeaderName: node, HeaderPassword: password, HeaderIP: "10.0.0.7"}, cert: by}
	if by == nil {
		c.user, c.password = "node", "nodepw"
	}
	return f.do(t, c)
}

func parse(t *testing.T, chain string) *x509.Certificate {
	t.Helper()
	block, _ := pem.Decode([]byte(chain))
	if block == nil {
		t.Fatal(chain)
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNodesGetTheirOwnIdentityAndNoMore(t *testing.T) {
	f := made(t)
	for name, subject := range map[string]string{"client-kubelet": "system:node:w0", "serving-kubelet": "w0", "client-kube-proxy": "system:kube-proxy", "client-k3s-controller": "system:k3s-controller"} {
		code, body := f.certificate(t, name, "w0", "pw", nil)
		if code != 200 {
			t.Fatalf("%s: %d %s", name, code, body)
		}
		c := parse(t, body)
		if c.Subject.CommonName != subject || strings.Contains(strings.Join(c.Subject.Organization, ","), "masters") {
			t.Errorf("%s: %s", name, c.Subject)
		}
		if name == "serving-kubelet" && (c.VerifyHostname("10.0.0.7") != nil || c.VerifyHostname("w0") != nil) {
			t.Error("names are missing")
		}
	}
}

func TestANameBelongsToTheFirstHost(t *testing.T) {
	f := made(t)
	if code, body := f.certificate(t, "client-kubelet", "w0", "one", nil); code != 200 {
		t.Fatalf("%d %s", code, body)
	}
	code, body := f.certificate(t, "client-kubelet", "w0", "two", nil)
	if code != 403 || !strings.HasPrefix(body, "Node password rejected, duplicate hostname") {
		t.Errorf("%d %s", code, body)
	}
}

func TestAKubeletCertificateRenewsItsOwnNodeOnly(t *testing.T) {
	f := made(t)
	_, chain := f.certificate(t, "client-kubelet", "w0", "one", nil)
	own := parse(t, chain)
	if code, body := f.certificate(t, "client-kubelet", "w0", "one", own); code != 200 {
		t.Errorf("%d %s", code, body)
	}
	if code, _ := f.certificate(t, "client-kubelet", "w1", "one", own); code != 403 {
		t.Errorf("another node: %d", code)
	}
}

func TestMalformedSigningRequests(t *testing.T) {
	f := made(t)
	for _, c := range []call{
		{method: "POST", path: "/v1-k3s/client-kube-proxy.crt", user: "node", password: "nodepw", body: []byte("junk")},
		{method: "POST", path: "/v1-k3s/client-kubelet.crt", user: "node", password: "nodepw"},
	} {
		if code, _ := f.do(t, c); code != 400 {
			t.Errorf("%s: %d", c.path, code)
		}
	}
}

func TestAPIServerAddresses(t *testing.T) {
	f := made(t)
	port := int32(6443)
	_, err := f.client.DiscoveryV1().EndpointSlices("default").Create(context.Background(), &discoveryv1.EndpointSlice{
		ObjectMeta: metav1.ObjectMeta{Name: "kubernetes", Namespace: "default", Labels: map[string]string{discoveryv1.LabelServiceName: "kubernetes"}},
		Ports:      []discoveryv1.EndpointPort{{Port: &port}},
		Endpoints:  []discoveryv1.Endpoint{{Addresses: []string{"10.0.0.1"}}, {Addresses: []string{"10.0.0.2"}}},
	}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, body := f.do(t, call{path: "/v1-k3s/apiservers", user: "node", password: "nodepw"}); strings.TrimSpace(body) != `["10.0.0.1:6443","10.0.0.2:6443"]` {
		t.Error(body)
	}
}
