package io.kubekv.server;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kubekv.KeyValueStore;
import io.kubekv.contract.FreePorts;
import io.kubekv.contract.StoreSpec;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.grpc.GrpcDoor;
import io.kubekv.k8s.lease.LeaseSettings;
import io.kubekv.replica.ConnectionLoop;
import io.kubekv.replica.LocalReplica;
import io.kubekv.replica.Member;
import io.kubekv.replica.ReplicaSettings;
import io.kubekv.replica.Replicas;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.door.OpenDoor;
import io.kubekv.transport.grpc.GrpcSettings;
import io.kubekv.transport.http.EventLoop;
import io.kubekv.transport.requests.Observation;
import io.kubekv.transport.requests.Tracer;
import io.kubekv.transport.tls.Certificates;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** One of several replicas on the same API server: backend, gRPC door and forwarding. */
final class ReplicaUnderTest implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final EventLoop loop = new EventLoop();
  private final KubernetesClient client;
  private final String address;
  private final ReplicaBackend own;
  private final Replicas replicas;
  private final OpenDoor door;
  private boolean closed;

  /**
   * Returns when it can be used, or the patience of a call is over.
   *
   * @param lease how long the lease lasts
   */
  ReplicaUnderTest(EmbeddedApiServer api, String name, Duration lease, StoreSpec spec) {
    this(api, name, lease, spec, Optional.empty(), Tracer.NONE);
  }

  /** As above, and speaks TLS to the others. */
  ReplicaUnderTest(
      EmbeddedApiServer api,
      String name,
      Duration lease,
      StoreSpec spec,
      Optional<Certificates> tls) {
    this(api, name, lease, spec, tls, Tracer.NONE);
  }

  /** As above, and somebody follows what its gRPC door is asked. */
  ReplicaUnderTest(
      EmbeddedApiServer api,
      String name,
      Duration lease,
      StoreSpec spec,
      Optional<Certificates> tls,
      Tracer tracer) {
    try {
      int port = FreePorts.next();
      address = "127.0.0.1:" + port;
      Config config = Config.fromKubeconfig(Files.readString(api.kubeconfig()));
      config.setRequestRetryBackoffLimit(0);
      client = new KubernetesClientBuilder().withConfig(config).build();
      LeaseSettings leases = new LeaseSettings("kubekv", lease, lease.dividedBy(3), name, false);
      own = ReplicaBackend.open(client, leases, spec, address);
      Member self =
          new Member(own.local().identity(), name, List.of("http://" + name + ":2379"), address);
      replicas =
          Replicas.join(
              own.store(),
              own.local(),
              self,
              ReplicaSettings.withPatience(PATIENCE).withTls(tls),
              threads,
              new ConnectionLoop(loop.netty(), loop.connections()));
      door =
          new GrpcDoor(new ListenAddress("127.0.0.1", port), replicas.companion())
              .openUnguarded(
                  GrpcSettings.DEFAULT
                      .withTls(tls)
                      .withObservation(new Observation(new SimpleMeterRegistry(), tracer)),
                  replicas.store(),
                  threads);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What its clients see. */
  KeyValueStore store() {
    return replicas.store();
  }

  Replicas replicas() {
    return replicas;
  }

  /** Its backend alone. */
  KeyValueStore own() {
    return own.store();
  }

  /** What its backend says as a replica. */
  LocalReplica local() {
    return own.local();
  }

  /** Cuts it off from everybody at once: its lease runs out, and nobody is told. */
  void cutOff() {
    door.close();
    client.close();
  }

  /** Where its gRPC door is. */
  String address() {
    return address;
  }

  /** Stops in order: no more calls, then the lease is given back. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    replicas.dismissFollowers();
    door.close();
    replicas.close();
    own.close();
    client.close();
    loop.close();
    threads.close();
  }
}
