package io.kubekv.etcd;

class Etcd34LogContractTest extends EtcdLogContract {
  Etcd34LogContractTest() {
    super(EtcdVersion.V3_4);
  }
}
