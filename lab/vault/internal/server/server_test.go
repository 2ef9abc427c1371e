package server

import (
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const policy = `path "secret/data/shop/api" { capabilities = ["read"] }
path "secret/metadata/shop/*" { capabilities = ["read"] }`

// cluster answers TokenReviews as an API server does: only the reviewer may ask, and only for its audience is a token good.
func cluster(t *testing.T) reviewer {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer reviewer" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		var asked tokenReview
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			t.Error(err)
		}
		asked.Status.Authenticated = asked.Spec.Token == "of-api" && len(asked.Spec.Audiences) == 1 && asked.Spec.Audiences[0] == "vault"
		asked.Status.User.Username = "system:serviceaccount:shop:api"
		w.WriteHeader(http.StatusCreated)
		_ = json.NewEncoder(w).Encode(asked)
	}))
	t.Cleanup(server.Close)
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	return reviewer{host: server.URL, ca: string(certificate), token: "reviewer"}
}

// ready is a vault with one secret that one service account may read.
func ready(t *testing.T) (*vault, reviewer) {
	v, at := newVault("root", "secret"), cluster(t)
	post := func(path string, fields object) {
		if a := v.serve(request{method: http.MethodPost, path: path, token: "root", fields: fields}); a.status >= 300 {
			t.Fatalf("%s: %d %v", path, a.status, a.body)
		}
	}
	post("secret/data/shop/api", object{"data": object{"password": "one"}})
	post("sys/policies/acl/shop-api", object{"policy": policy})
	post("sys/auth/kubernetes", object{"type": "kubernetes"})
	post("auth/kubernetes/config", object{"kubernetes_host": at.host, "kubernetes_ca_cert": at.ca, "token_reviewer_jwt": at.token + "\n"})
	post("auth/kubernetes/role/shop-api", object{
		"bound_service_account_names": "api", "bound_service_account_namespaces": "shop", "audience": "vault",
		"token_policies": "shop-api", "token_ttl": "1h",
	})
	return v, at
}

func logIn(v *vault, role, jwt string) (string, answer) {
	a := v.serve(request{method: http.MethodPost, path: "auth/kubernetes/login", fields: object{"role": role, "jwt": jwt}})
	body, _ := a.body.(object)
	auth, _ := body["auth"].(object)
	id, _ := auth["client_token"].(string)
	return id, a
}

func get(v *vault, path, token string) answer {
	return v.serve(request{method: http.MethodGet, path: path, token: token})
}

func TestAServiceAccountReadsWhatItsPolicyAllows(t *testing.T) {
	v, _ := ready(t)
	id, a := logIn(v, "shop-api", "of-api")
	if id == "" {
		t.Fatalf("%d %v", a.status, a.body)
	}
	if a := get(v, "secret/data/shop/api", id); a.status != http.StatusOK {
		t.Errorf("%d %v", a.status, a.body)
	}
	if a := get(v, "secret/metadata/shop/api", id); a.status != http.StatusOK {
		t.Errorf("%d %v", a.status, a.body)
	}
	for path, status := range map[string]int{
		"secret/data/shop/other": http.StatusForbidden, "secret/metadata/shop/other": http.StatusNotFound, "sys/seal": http.StatusForbidden,
	} {
		if a := get(v, path, id); a.status != status {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	if a := get(v, "secret/data/shop/api", "hvs.another"); a.status != http.StatusForbidden {
		t.Error("a token that nobody was given reads")
	}
}

func TestWhoIsNotWhoHeSaysIsDenied(t *testing.T) {
	v, at := ready(t)
	if id, a := logIn(v, "shop-api", "forged"); id != "" || a.status != http.StatusForbidden {
		t.Errorf("%d %v", a.status, a.body)
	}
	if id, a := logIn(v, "nobody", "of-api"); id != "" || a.status != http.StatusBadRequest {
		t.Errorf("%d %v", a.status, a.body)
	}
	at.token = "without the right"
	v.logins["kubernetes"].cluster = at
	if id, a := logIn(v, "shop-api", "of-api"); id != "" || a.status != http.StatusForbidden {
		t.Errorf("%d %v", a.status, a.body)
	}
}

func TestAChangedSecretHasANewVersion(t *testing.T) {
	v, _ := ready(t)
	fields := object{"data": object{"password": "two"}}
	v.serve(request{method: http.MethodPost, path: "secret/data/shop/api", token: "root", fields: fields})
	a := get(v, "secret/metadata/shop/api", "root")
	if told := a.body.(object)["data"].(object)["current_version"]; told != 2 {
		t.Errorf("version %v", told)
	}
}

func TestASealedVaultSaysSoAndAnswersNothingElse(t *testing.T) {
	v, _ := ready(t)
	put := func(path string, fields object) {
		v.serve(request{method: http.MethodPut, path: path, token: "root", fields: fields})
	}
	put("sys/step-down", nil)
	if a := get(v, "sys/health", ""); a.status != http.StatusTooManyRequests {
		t.Errorf("standby: %d", a.status)
	}
	put("sys/seal", nil)
	if a := get(v, "sys/health", ""); a.status != http.StatusServiceUnavailable {
		t.Errorf("sealed: %d", a.status)
	}
	if a := get(v, "secret/data/shop/api", "root"); a.status != http.StatusServiceUnavailable {
		t.Errorf("sealed, and yet %d", a.status)
	}
	if _, a := logIn(v, "shop-api", "of-api"); a.status != http.StatusServiceUnavailable {
		t.Errorf("sealed, and yet %d", a.status)
	}
	put("sys/unseal", object{"key": "root"})
	if a := get(v, "secret/data/shop/api", "root"); a.status != http.StatusOK {
		t.Errorf("%d", a.status)
	}
}

func TestNothingButMetadataIsToldAboutASecret(t *testing.T) {
	v, _ := ready(t)
	text, err := json.Marshal(get(v, "secret/metadata/shop/api", "root").body)
	if err != nil || strings.Contains(string(text), "one") {
		t.Errorf("%s %v", text, err)
	}
}
