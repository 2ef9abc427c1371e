package server

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"strings"
	"time"
)

// reviewer asks a cluster whose tokens are, by a service account of its own.
type reviewer struct{ host, ca, token string }

type account struct{ namespace, name string }

const patience = 10 * time.Second

type tokenReview struct {
	APIVersion string       `json:"apiVersion"`
	Kind       string       `json:"kind"`
	Spec       reviewSpec   `json:"spec"`
	Status     reviewStatus `json:"status,omitzero"`
}

type reviewSpec struct {
	Token     string   `json:"token"`
	Audiences []string `json:"audiences,omitempty"`
}

type reviewStatus struct {
	Authenticated bool   `json:"authenticated"`
	Error         string `json:"error"`
	User          struct {
		Username string `json:"username"`
	} `json:"user"`
}

// review is a TokenReview. Why it failed is for the log alone: callers learn that they are denied.
func (r reviewer) review(jwt, audience string) (account, error) {
	found, err := r.ask(jwt, audience)
	if err != nil {
		log.Println("login:", err)
	}
	return found, err
}

func (r reviewer) ask(jwt, audience string) (account, error) {
	asked := tokenReview{APIVersion: "authentication.k8s.io/v1", Kind: "TokenReview", Spec: reviewSpec{Token: jwt}}
	if audience != "" {
		asked.Spec.Audiences = []string{audience}
	}
	body, err := json.Marshal(asked)
	if err != nil {
		return account{}, err
	}
	request, err := http.NewRequest(http.MethodPost, r.host+"/apis/authentication.k8s.io/v1/tokenreviews", bytes.NewReader(body))
	if err != nil {
		return account{}, err
	}
	request.Header.Set("Authorization", "Bearer "+r.token)
	request.Header.Set("Content-Type", "application/json")
	response, err := r.client().Do(request)
	if err != nil {
		return account{}, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusCreated {
		return account{}, fmt.Errorf("the cluster answers the review with %s", response.Status)
	}
	var told tokenReview
	if err := json.NewDecoder(response.Body).Decode(&told); err != nil {
		return account{}, err
	}
	return told.Status.account()
}

func (r reviewer) client() *http.Client {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(r.ca))
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, DisableKeepAlives: true}
	return &http.Client{Transport: transport, Timeout: patience}
}

func (s reviewStatus) account() (account, error) {
	if !s.Authenticated {
		return account{}, errors.New("the token is not one of this cluster: " + s.Error)
	}
	parts := strings.Split(s.User.Username, ":")
	if len(parts) != 4 || parts[1] != "serviceaccount" {
		return account{}, fmt.Errorf("%s is no service account", s.User.Username)
	}
	return account{namespace: parts[2], name: parts[3]}, nil
}
