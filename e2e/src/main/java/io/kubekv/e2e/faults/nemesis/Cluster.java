package io.kubekv.e2e.faults.nemesis;

import io.kubekv.e2e.Waiting;
import io.kubekv.e2e.api.Upstream;
import io.kubekv.e2e.faults.agent.Mistake;
import io.kubekv.e2e.faults.load.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Some replicas of one store, on an API server that may have other stores. */
public final class Cluster implements AutoCloseable {
  static final Duration LEASE = Duration.ofSeconds(2);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final ApiServer api;
  private final String namespace;
  private final List<Replica> replicas = new ArrayList<>();

  private Cluster(ApiServer api, String namespace) {
    this.api = api;
    this.namespace = namespace;
  }

  /**
   * Starts replicas {@code r1} to {@code rN}; blocks until all listen and one answers.
   *
   * @param mistakes whether they can be told to make one
   * @param requestTimeout how long a request may wait for the store
   */
  static Cluster start(
      ApiServer api,
      String namespace,
      int count,
      Path folder,
      boolean mistakes,
      Duration requestTimeout)
      throws IOException {
    Cluster cluster = new Cluster(api, namespace);
    try {
      cluster.makeNamespace();
      for (int i = 1; i <= count; i++) {
        String name = namespace + "-r" + i;
        cluster.replicas.add(new Replica(name, namespace, api, folder, mistakes, requestTimeout));
      }
      for (Replica replica : cluster.replicas) {
        replica.program().awaitListening();
      }
      cluster.awaitHolder(Program.START);
      for (Replica replica : cluster.replicas) {
        replica.requireMovableClocks();
      }
      return cluster;
    } catch (IOException | RuntimeException failed) {
      cluster.close();
      throw failed;
    }
  }

  /** All replicas make this mistake from now on; none where it is empty. */
  public void make(Optional<Mistake> mistake) {
    replicas.forEach(replica -> replica.clock().setMistake(mistake));
  }

  ApiServer api() {
    return api;
  }

  List<Replica> replicas() {
    return List.copyOf(replicas);
  }

  /** Where clients reach the replicas. */
  public List<Endpoint> endpoints() {
    return replicas.stream().map(Replica::endpoint).toList();
  }

  /** Who holds the store's lease, and since which acquisition; empty when nobody is known to. */
  Optional<String> term() {
    try {
      JsonNode lease =
          get("/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases/kubekv");
      JsonNode spec = lease.path("spec");
      String holder = spec.path("holderIdentity").asString("");
      return holder.isEmpty()
          ? Optional.empty()
          : Optional.of(holder + " since " + spec.path("acquireTime").asString(""));
    } catch (IOException unreachable) {
      return Optional.empty();
    }
  }

  /** Whether the lease names this replica. */
  boolean isLeaseOf(Replica replica) {
    return names(term().orElse(""), replica);
  }

  private static boolean names(String term, Replica replica) {
    return term.startsWith(replica.name() + "_");
  }

  /** The replica that holds the lease and says that it is ready. */
  Optional<Replica> holder() {
    String term = term().orElse("");
    return replicas.stream()
        .filter(replica -> names(term, replica))
        .filter(replica -> replica.program().isReady())
        .findFirst();
  }

  /** Blocks until a replica holds the lease and is ready. */
  Replica awaitHolder(Duration atMost) throws IOException {
    return awaitHolderOther(atMost, Optional.empty());
  }

  /** Blocks until another replica than this does. */
  Replica awaitHolderOther(Duration atMost, Optional<Replica> than) throws IOException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      Optional<Replica> holder = holder().filter(one -> !than.equals(Optional.of(one)));
      if (holder.isPresent()) {
        return holder.get();
      }
      if (System.nanoTime() > deadline) {
        throw new IOException("no replica took the lease in " + atMost.toSeconds() + " s");
      }
      Waiting.pause(Duration.ofMillis(50));
    }
  }

  private void makeNamespace() throws IOException {
    String body =
        "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"%s\"}}"
            .formatted(namespace);
    int status =
        send("/api/v1/namespaces", "POST", HttpRequest.BodyPublishers.ofString(body)).statusCode();
    if (status != 201 && status != 409) {
      throw new IOException("the namespace " + namespace + " was answered " + status);
    }
  }

  private JsonNode get(String path) throws IOException {
    try {
      HttpResponse<String> answer = send(path, "GET", HttpRequest.BodyPublishers.noBody());
      return JSON.readTree(answer.body());
    } catch (JacksonException garbled) {
      throw new IOException("the API server's answer is no JSON", garbled);
    }
  }

  private HttpResponse<String> send(String path, String method, HttpRequest.BodyPublisher body)
      throws IOException {
    Upstream to = api.upstream();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(to.base() + path))
            .timeout(Duration.ofSeconds(5))
            .header("Authorization", "Bearer " + to.token())
            .header("Content-Type", "application/json")
            .method(method, body)
            .build();
    try {
      return to.client().send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Ends the replicas; not the API server. */
  @Override
  public void close() {
    replicas.forEach(Replica::close);
  }
}
