package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func get(t *testing.T, target string) (*http.Response, map[string]any) {
	t.Helper()
	response, err := http.Get(target)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var body map[string]any
	if err := json.NewDecoder(response.Body).Decode(&body); err != nil {
		t.Fatal(err)
	}
	return response, body
}

func TestNodeNamesTheNodeAndTheCaller(t *testing.T) {
	t.Setenv("NODE_NAME", "worker-01")
	server := httptest.NewServer(routes())
	defer server.Close()
	_, body := get(t, server.URL+"/node")
	if body["node"] != "worker-01" || body["client"] != "127.0.0.1" {
		t.Fatal(body)
	}
}

func TestFetchReportsWhatItReachedAndWhatItDidNot(t *testing.T) {
	server := httptest.NewServer(routes())
	defer server.Close()
	response, body := get(t, server.URL+"/fetch?url="+url.QueryEscape(server.URL+"/healthz"))
	if response.StatusCode != http.StatusOK || body["body"] != "ok\n" {
		t.Fatal(response.Status, body)
	}
	response, body = get(t, server.URL+"/fetch?url="+url.QueryEscape("http://127.0.0.1:1/"))
	if response.StatusCode != http.StatusBadGateway || !strings.Contains(body["error"].(string), "refused") {
		t.Fatal(response.Status, body)
	}
}

func TestLookupSaysWhenANameDoesNotExist(t *testing.T) {
	server := httptest.NewServer(routes())
	defer server.Close()
	response, body := get(t, server.URL+"/lookup?name=localhost")
	if response.StatusCode != http.StatusOK || body["addresses"] == nil {
		t.Fatal(response.Status, body)
	}
	response, _ = get(t, server.URL+"/lookup?name=")
	if response.StatusCode != http.StatusBadGateway {
		t.Fatal(response.Status)
	}
}

func TestAdmitRefusesWhatHasNoSize(t *testing.T) {
	server := httptest.NewServer(routes())
	defer server.Close()
	for object, allowed := range map[string]bool{
		`{"spec": {"size": 3}}`: true,
		`{"spec": {"size": 0}}`: false,
		`{"spec": {}}`:          true,
	} {
		review := `{"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {"uid": "u", "object": ` + object + `}}`
		response, err := http.Post(server.URL+"/admit", "application/json", strings.NewReader(review))
		if err != nil {
			t.Fatal(err)
		}
		var answered struct {
			Response struct {
				UID     string
				Allowed bool
			}
		}
		if err := json.NewDecoder(response.Body).Decode(&answered); err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if answered.Response.UID != "u" || answered.Response.Allowed != allowed {
			t.Fatal(object, answered)
		}
	}
}
