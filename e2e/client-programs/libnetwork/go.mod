module kubekv.io/e2e/libnetwork

go 1.26

require (
	github.com/coreos/etcd v3.3.27+incompatible
	github.com/docker/docker v20.10.24+incompatible
	github.com/docker/libkv v0.2.2-0.20211217103745-e480589147e3
	github.com/docker/libnetwork v0.8.0-dev.2.0.20210525090646-64b7a4574d14
	github.com/hashicorp/consul v0.5.2
	github.com/ishidawataru/sctp v0.0.0-20190723014705-7c296d48a2b5
	github.com/sirupsen/logrus v1.9.3
	go.etcd.io/bbolt v1.3.5
)

require (
	github.com/docker/go-connections v0.8.2 // indirect
	github.com/go-zookeeper/zk v1.0.4
	github.com/pkg/errors v0.9.1 // indirect
	golang.org/x/sys v0.10.0 // indirect
)
