package io.kubekv.etcd;

class Etcd35LogContractTest extends EtcdLogContract {
  Etcd35LogContractTest() {
    super(EtcdVersion.V3_5);
  }
}
