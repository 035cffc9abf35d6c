package io.kubekv.server;

import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.tls.TlsFiles;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The configuration of a server in a test: doors on free ports, and what is said otherwise. */
final class ConfigUnderTest {
  static final ListenAddress FREE = new ListenAddress("127.0.0.1", 0);

  private final ServerConfig usual;
  private Optional<ListenAddress> etcd;
  private Optional<ListenAddress> consul;
  private Optional<ListenAddress> grpc;
  private Optional<ListenAddress> ops;
  private List<URI> advertised;
  private Duration lease;
  private Duration patience;
  private LimitsConfig clients;
  private Optional<TlsFiles> tls;
  private Optional<AccessConfig> access;
  private DoorsConfig doors;

  private ConfigUnderTest(ServerConfig.Backend backend) {
    usual = WarmUpCommand.config(backend);
    etcd = usual.etcd();
    consul = usual.consul();
    grpc = usual.grpc();
    ops = usual.ops();
    advertised = usual.advertised();
    lease = usual.lease();
    patience = usual.requestTimeout();
    clients = usual.clients();
    tls = usual.tls();
    access = usual.access();
    doors = usual.doors();
  }

  static ConfigUnderTest on(ServerConfig.Backend backend) {
    return new ConfigUnderTest(backend);
  }

  /** With the API server inside, whose data is in a folder. */
  static ConfigUnderTest embedded(Path data) {
    return on(new ServerConfig.Embedded(data, "default"));
  }

  ConfigUnderTest etcd(Optional<ListenAddress> listens) {
    etcd = listens;
    return this;
  }

  ConfigUnderTest consul(Optional<ListenAddress> listens) {
    consul = listens;
    return this;
  }

  ConfigUnderTest grpc(Optional<ListenAddress> listens) {
    grpc = listens;
    return this;
  }

  ConfigUnderTest ops(Optional<ListenAddress> listens) {
    ops = listens;
    return this;
  }

  ConfigUnderTest advertised(List<URI> urls) {
    advertised = urls;
    return this;
  }

  ConfigUnderTest lease(Duration duration) {
    lease = duration;
    return this;
  }

  /** How long a request may wait. */
  ConfigUnderTest patience(Duration duration) {
    patience = duration;
    return this;
  }

  ConfigUnderTest clients(LimitsConfig limits) {
    clients = limits;
    return this;
  }

  ConfigUnderTest tls(TlsFiles files) {
    tls = Optional.of(files);
    return this;
  }

  ConfigUnderTest access(Optional<AccessConfig> who) {
    access = who;
    return this;
  }

  ConfigUnderTest doors(DoorsConfig more) {
    doors = more;
    return this;
  }

  ServerConfig config() {
    return new ServerConfig(
        etcd,
        consul,
        grpc,
        ops,
        advertised,
        usual.replica(),
        usual.backend(),
        lease,
        patience,
        usual.historyBytes(),
        usual.limits(),
        clients,
        tls,
        access,
        usual.replicaToken(),
        doors);
  }
}
