// What the projects of cluster networks publish, as tests need it: manifests, charts, definitions. Nothing is compiled.
module drover/lab/upstream

go 1.26

require (
	github.com/cilium/cilium v1.19.4
	github.com/flannel-io/flannel v0.28.4
	github.com/projectcalico/calico v0.0.0-20251021213802-b1f3c43f8437 // v3.31.0
)
