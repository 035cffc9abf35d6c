module kubekv.io/e2e/libkv

go 1.26

require (
	github.com/coreos/etcd v3.3.27+incompatible
	github.com/docker/libkv v0.2.2-0.20211217103745-e480589147e3
	github.com/go-zookeeper/zk v1.0.4
)

require (
	github.com/coreos/go-semver v0.3.1 // indirect
	github.com/hashicorp/consul v0.5.2 // indirect
	github.com/json-iterator/go v1.1.12 // indirect
	github.com/modern-go/concurrent v0.0.0-20180228061459-e0a39a4cb421 // indirect
	github.com/modern-go/reflect2 v1.0.2 // indirect
	github.com/stretchr/testify v1.12.1 // indirect
)
