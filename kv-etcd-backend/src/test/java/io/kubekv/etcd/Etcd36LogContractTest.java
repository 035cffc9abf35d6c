package io.kubekv.etcd;

class Etcd36LogContractTest extends EtcdLogContract {
  Etcd36LogContractTest() {
    super(EtcdVersion.V3_6);
  }
}
