#!/bin/sh
# Prints the secrets of the example, made anew each time: nothing of them is kept in a file. Pipe it into kubectl.
set -eu
folder=$(mktemp -d -p /dev/shm)
trap 'rm -rf "$folder"' EXIT

certificate() { # NAME HOST: a key and a certificate that vouches for itself
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj "/CN=$2" \
    -addext "subjectAltName=DNS:$2" -keyout "$folder/$1.key" -out "$folder/$1.crt" 2>/dev/null
}
encoded() { base64 -w0 "$folder/$1"; }
random() { openssl rand -hex 24; }

certificate operator operator.shop.svc
certificate web shop.old.example
release=$(printf '{"name":"shop","version":1,"chart":{},"manifest":"","token":"%s"}' "$(random)" |
  gzip -9n | base64 -w0 | base64 -w0)

cat <<END
apiVersion: v1
kind: Secret
metadata: { name: db, namespace: shop }
type: Opaque
stringData: { USER: shop, PASSWORD: "$(random)" }
---
apiVersion: v1
kind: Secret
metadata: { name: web-tls, namespace: shop }
type: kubernetes.io/tls
data: { tls.crt: $(encoded web.crt), tls.key: $(encoded web.key) }
---
apiVersion: v1
kind: Secret
metadata: { name: operator-tls, namespace: shop }
type: kubernetes.io/tls
data: { tls.crt: $(encoded operator.crt), tls.key: $(encoded operator.key) }
---
apiVersion: v1
kind: Secret
metadata:
  name: sh.helm.release.v1.shop.v1
  namespace: shop
  labels: { owner: helm, name: shop, status: deployed, version: "1" }
type: helm.sh/release.v1
data: { release: $release }
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: widgets.shop.example }
webhooks:
  - name: widgets.shop.example
    clientConfig:
      service: { name: operator, namespace: shop, path: /admit }
      caBundle: $(encoded operator.crt)
    rules:
      - { apiGroups: [shop.example], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [widgets] }
    failurePolicy: Fail
    sideEffects: None
    admissionReviewVersions: [v1]
END
