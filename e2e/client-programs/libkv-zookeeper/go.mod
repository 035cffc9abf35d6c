module kubekv.io/e2e/libkv-zookeeper

go 1.26

require (
	github.com/docker/libkv v0.2.2-0.20211217103745-e480589147e3
	github.com/go-zookeeper/zk v1.0.4
)

require github.com/stretchr/testify v1.12.1 // indirect
