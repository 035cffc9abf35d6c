package io.kubekv.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Several {@code kubekv serve} of one store, and one more process whose built-in API server keeps
 * their keys and is left alone.
 */
public final class ReplicaSet implements AutoCloseable {
  private static final String NAMESPACE = "replicas";
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern SERVER = Pattern.compile("server: \"?(http[^\"\\s]+)");
  private static final Pattern TOKEN = Pattern.compile("token: \"?([^\"\\s]+)");

  private final StoreProcess api;
  private final List<StoreProcess> replicas = new ArrayList<>();

  private ReplicaSet(StoreProcess api) {
    this.api = api;
  }

  /**
   * Starts them one after the other; each is ready when the next is started.
   *
   * @param furtherFlags those of each of them
   */
  public static ReplicaSet start(int count, int leaseSeconds, String... furtherFlags)
      throws IOException {
    return start(leaseSeconds, Collections.nCopies(count, List.of(furtherFlags)));
  }

  /**
   * The same, with flags of its own for each.
   *
   * @param furtherFlags those of each replica
   */
  public static ReplicaSet start(int leaseSeconds, List<List<String>> furtherFlags)
      throws IOException {
    ReplicaSet set = new ReplicaSet(StoreProcess.kubekv());
    try {
      Path kubeconfig = set.api.folder().resolve("data").resolve("kubeconfig");
      makeNamespace(Files.readString(kubeconfig));
      for (List<String> further : furtherFlags) {
        List<String> flags = new ArrayList<>(List.of("--lease-duration", leaseSeconds + "s"));
        flags.addAll(further);
        set.replicas.add(StoreProcess.on(kubeconfig, NAMESPACE, flags.toArray(String[]::new)));
      }
      return set;
    } catch (IOException failure) {
      set.close();
      throw failure;
    }
  }

  private static void makeNamespace(String kubeconfig) throws IOException {
    URI server = URI.create(found(SERVER, kubeconfig));
    InetSocketAddress address = new InetSocketAddress(server.getHost(), server.getPort());
    String body =
        "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\""
            + NAMESPACE
            + "\"}}";
    Map<String, String> headers =
        Map.of(
            "Authorization",
            "Bearer " + found(TOKEN, kubeconfig),
            "Content-Type",
            "application/json");
    String path = server.getPath() + "/api/v1/namespaces";
    try (HttpConnection connection = HttpConnection.open(address)) {
      HttpAnswer answer =
          connection.exchange(HttpConnection.request("POST", path, address, headers, body));
      if (answer.status() != 201) {
        throw new IOException("no namespace was made: " + answer);
      }
    }
  }

  private static String found(Pattern pattern, String text) throws IOException {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IOException("the kubeconfig has no " + pattern);
    }
    return matcher.group(1);
  }

  public List<StoreProcess> replicas() {
    return replicas;
  }

  /** The process whose API server keeps the keys. */
  public StoreProcess api() {
    return api;
  }

  /** Which of them holds the lease, as the first that is asked and answers says. */
  public Optional<StoreProcess> holder(List<StoreProcess> asked) {
    for (StoreProcess replica : asked) {
      try {
        HttpAnswer answer = get(replica, "/v2/members/leader");
        if (answer.status() == 200) {
          JsonNode urls = JSON.readTree(answer.body()).path("clientURLs");
          return replicas.stream()
              .filter(each -> urls.toString().contains(StoreProcess.hostAndPort(each.address())))
              .findFirst();
        }
      } catch (IOException down) {
        // the next one, then
      }
    }
    return Optional.empty();
  }

  static HttpAnswer get(StoreProcess replica, String target) throws IOException {
    InetSocketAddress address = replica.address();
    try (HttpConnection connection = HttpConnection.open(address)) {
      connection.readTimeout(Duration.ofSeconds(20));
      return connection.exchange(HttpConnection.request("GET", target, address, Map.of(), ""));
    }
  }

  @Override
  public void close() {
    replicas.forEach(StoreProcess::close);
    api.close();
  }
}
