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
