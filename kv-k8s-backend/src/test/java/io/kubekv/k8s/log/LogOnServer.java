package io.kubekv.k8s.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.embedded.EmbeddedApiServerConfig;
import io.kubekv.embedded.Faults;
import io.kubekv.engine.log.LogUnderTest;
import io.kubekv.k8s.api.EmbeddedClient;
import io.kubekv.k8s.api.HttpObjectApi;
import io.kubekv.k8s.api.ObjectApi;
import io.kubekv.k8s.lease.KubernetesLease;
import io.kubekv.k8s.lease.LeaseSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Logs on an embedded API server of their own; faults happen in the server. */
public final class LogOnServer implements LogUnderTest {
  static final String NAMESPACE = "default";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final EmbeddedApiServer server;
  private final KubernetesClient client;
  private final KubernetesLogSettings settings;
  private final List<KubernetesLease> leases = new CopyOnWriteArrayList<>();
  private final List<KubernetesLog> clients = new CopyOnWriteArrayList<>();

  LogOnServer(int slots) {
    this(slots, EmbeddedClient::of);
  }

  LogOnServer(int slots, Clients clients) {
    settings = KubernetesLogSettings.defaults(NAMESPACE).withSlots(slots).withSegments(32);
    try {
      server = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory());
      client = clients.of(server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    LogKinds.install(client, PATIENCE);
  }

  /** How clients reach the server. */
  public interface Clients {
    KubernetesClient of(EmbeddedApiServer server) throws IOException;
  }

  static boolean isEntry(Faults.Call call) {
    return call.write() && call.path().contains("/storelogs/");
  }

  @Override
  public KubernetesLog client() {
    return client(settings);
  }

  KubernetesLog client(KubernetesLogSettings others) {
    KubernetesLog log = KubernetesLog.in(client, others);
    clients.add(log);
    return log;
  }

  KubernetesLogSettings settings() {
    return settings;
  }

  /** An administrator's way to the objects. */
  ObjectApi admin() {
    return new HttpObjectApi(client, NAMESPACE, PATIENCE);
  }

  /** A replica's lease; the test closes it. */
  KubernetesLease lease(KubernetesLog log) {
    KubernetesLease lease =
        KubernetesLease.in(client, NAMESPACE, LeaseSettings.defaults("test"), log::isNew);
    leases.add(lease);
    return lease;
  }

  Faults faults() {
    return server.faults();
  }

  @Override
  public void loseNextAnswer() {
    server.faults().inject(1, LogOnServer::isEntry, new Faults.Fault.DropAnswer());
  }

  @Override
  public void loseNextRequest() {
    server.faults().inject(1, LogOnServer::isEntry, new Faults.Fault.DropRequest());
  }

  @Override
  public Runnable holdNextRequest() {
    CompletableFuture<Void> arrives = new CompletableFuture<>();
    server.faults().inject(1, LogOnServer::isEntry, new Faults.Fault.HoldRequest(arrives));
    return () -> arrives.complete(null);
  }

  @Override
  public void dropConnections() {
    server.faults().closeWatches();
  }

  private static void awaitReleased(KubernetesLease lease) {
    lease.close();
    try {
      assertThat(lease.awaitRelease(PATIENCE)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    clients.forEach(KubernetesLog::close);
    server.faults().clear();
    leases.forEach(LogOnServer::awaitReleased);
    client.close();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
