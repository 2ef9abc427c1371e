// Command gomod writes go.mod for one Kubernetes line of versions.json, so that a further line is one more entry there:
//
//	go run ./tools/gomod 1.34 > go.mod && go mod tidy
//	go run ./tools/gomod 1.35 > go-1.35.mod && go mod tidy -modfile=go-1.35.mod && go build -modfile=go-1.35.mod ./cmd/k3s
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"text/template"
)

type line struct{ Kubernetes, Etcd, Flannel string }

type versions struct {
	Default string
	Lines   map[string]line
}

// staging are the modules that live in k8s.io/kubernetes' own tree: each must be taken at the release's version.
var staging = []string{
	"api", "apiextensions-apiserver", "apimachinery", "apiserver", "cli-runtime", "client-go", "cloud-provider", "cluster-bootstrap",
	"code-generator", "component-base", "component-helpers", "controller-manager", "cri-api", "cri-client", "csi-translation-lib",
	"dynamic-resource-allocation", "endpointslice", "externaljwt", "kms", "kube-aggregator", "kube-controller-manager", "kube-proxy",
	"kube-scheduler", "kubectl", "kubelet", "metrics", "mount-utils", "pod-security-admission", "sample-apiserver", "sample-cli-plugin",
	"sample-controller",
}

const form = `// Written by tools/gomod from versions.json.
module drover/lab/engine

go 1.26

require (
	github.com/flannel-io/flannel v{{.Flannel}}
	// Flannel names a version of this that cannot be had; nothing of it is compiled in.
	github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common v1.3.103
	go.etcd.io/etcd/api/v3 v{{.Etcd}}
	go.etcd.io/etcd/client/v3 v{{.Etcd}}
	go.etcd.io/etcd/etcdutl/v3 v{{.Etcd}}
	go.etcd.io/etcd/server/v3 v{{.Etcd}}
	k8s.io/kubernetes v{{.Kubernetes}}
{{- range .Staging}}
	k8s.io/{{.}} v{{$.StagingVersion}}
{{- end}}
)

// All of etcd is of one version: a server of a later minor would change the format of its data.
replace (
{{- range .EtcdModules}}
	go.etcd.io/etcd/{{.}}/v3 => go.etcd.io/etcd/{{.}}/v3 v{{$.Etcd}}
{{- end}}
)

replace (
{{- range .Staging}}
	k8s.io/{{.}} => k8s.io/{{.}} v{{$.StagingVersion}}
{{- end}}
)
`

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gomod:", err)
		os.Exit(1)
	}
}

func run() error {
	b, err := os.ReadFile("versions.json")
	if err != nil {
		return err
	}
	var v versions
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	name := v.Default
	if len(os.Args) > 1 {
		name = os.Args[1]
	}
	l, ok := v.Lines[name]
	if !ok {
		return fmt.Errorf("versions.json has no line %q", name)
	}
	return template.Must(template.New("go.mod").Parse(form)).Execute(os.Stdout, map[string]any{
		"Kubernetes": l.Kubernetes, "Etcd": l.Etcd, "Flannel": l.Flannel, "Staging": staging, "EtcdModules": []string{"api", "client", "client/pkg", "etcdutl", "pkg", "server"},
		"StagingVersion": "0." + strings.SplitN(l.Kubernetes, ".", 2)[1],
	})
}
