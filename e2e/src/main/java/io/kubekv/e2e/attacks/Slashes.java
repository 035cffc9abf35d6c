package io.kubekv.e2e.attacks;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.kubekv.e2e.Finding;
import io.kubekv.e2e.HttpConnection;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Keys of very many slashes, each of which a tree of directories could be asked about. */
final class Slashes implements Assault {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final double SLOWEST_BAR = 5_000;
  private static final Map<String, String> HEADERS =
      Map.of(
          "Authorization", "Bearer attacker",
          "X-Consul-Token", "attacker",
          "Content-Type", "application/x-www-form-urlencoded");
  private static final String IN_LINE = "attack/" + "a/".repeat(29_000) + "a";
  private static final String LONG = "attack/" + "a/".repeat(100_000) + "a";

  /** A request by one of the doors; its outcome begins with a 4 when it was refused. */
  @FunctionalInterface
  private interface Probe {
    String ask(InetAddress source) throws IOException;
  }

  @Override
  public String name() {
    return "slashes";
  }

  @Override
  public String about() {
    return "keys of 29,000 and 100,000 slashes, where grants decide";
  }

  @Override
  public Kind kind() {
    return Kind.SECURED;
  }

  @Override
  public void attack(Target target, Consumer<Finding> findings) throws IOException {
    // what this program loads for its first calls is not the server's time
    for (Probe probe : probes(target, "attack/a", "attack/a")) {
      var unused = probe.ask(Target.source(0));
    }
    List<Probe> probes = probes(target, IN_LINE, LONG);
    List<Double> times = new ArrayList<>();
    List<String> taken = new ArrayList<>();
    Map<Integer, Double> slowest = new TreeMap<>();
    Workers.all(
        4,
        probes.size() * target.count(2, 40),
        number -> {
          long began = System.nanoTime();
          String outcome = probes.get(number % probes.size()).ask(Target.source(number));
          synchronized (times) {
            double took = (System.nanoTime() - began) / 1e6;
            times.add(took);
            slowest.merge(number % probes.size(), took, Math::max);
            if (!outcome.startsWith("4")) {
              taken.add("request " + number % probes.size() + ": " + outcome);
            }
          }
        });
    findings.accept(Finding.told("the slowest of each request, in ms", "%s", slowest));
    double worst = times.stream().mapToDouble(each -> each).max().orElse(Double.NaN);
    findings.accept(
        Finding.atMost("the slowest of " + times.size() + " answers", worst, SLOWEST_BAR, "ms"));
    findings.accept(
        Finding.of(
            "all were refused", taken.isEmpty(), taken.isEmpty() ? "yes" : taken.toString()));
  }

  /** Each request there is with a key: one that fits in a line of HTTP, and one that is longer. */
  private static List<Probe> probes(Target target, String inLine, String longer) {
    InetSocketAddress etcd = target.etcd();
    InetSocketAddress consul = target.consul();
    String transaction = "[{\"KV\":{\"Verb\":\"get\",\"Key\":\"" + longer + "\"}}]";
    return List.of(
        source -> http(target, etcd, source, "GET", "/v2/keys/" + inLine, ""),
        source -> http(target, etcd, source, "PUT", "/v2/keys/" + inLine, "value=x"),
        source -> http(target, etcd, source, "DELETE", "/v2/keys/" + inLine, ""),
        source -> http(target, consul, source, "GET", "/v1/kv/" + inLine, ""),
        source -> http(target, consul, source, "PUT", "/v1/kv/" + inLine, "x"),
        source -> http(target, consul, source, "DELETE", "/v1/kv/" + inLine, ""),
        source -> http(target, consul, source, "PUT", "/v1/txn", transaction),
        source -> grpc(target, source, stub -> get(stub, longer)),
        source -> grpc(target, source, stub -> put(stub, longer)),
        source -> grpc(target, source, stub -> list(stub, longer)));
  }

  private static String http(
      Target target,
      InetSocketAddress door,
      InetAddress source,
      String method,
      String path,
      String body)
      throws IOException {
    try {
      byte[] request = HttpConnection.request(method, path, door, HEADERS, body);
      return Integer.toString(Wire.ask(target, door, source, request, PATIENCE).status());
    } catch (SocketTimeoutException e) {
      return "no answer";
    }
  }

  @FunctionalInterface
  private interface Call {
    void on(KeyValueGrpc.KeyValueBlockingStub stub);
  }

  private static void get(KeyValueGrpc.KeyValueBlockingStub stub, String key) {
    stub.get(Kv.GetRequest.newBuilder().setKey(key).build());
  }

  private static void put(KeyValueGrpc.KeyValueBlockingStub stub, String key) {
    stub.put(Kv.PutRequest.newBuilder().setKey(key).setLayout(Kv.Layout.LAYOUT_TREE).build());
  }

  private static void list(KeyValueGrpc.KeyValueBlockingStub stub, String key) {
    Kv.Range range = Kv.Range.newBuilder().setTree(key).build();
    stub.list(Kv.ListRequest.newBuilder().setRange(range).build()).forEachRemaining(part -> {});
  }

  private static String grpc(Target target, InetAddress source, Call call) throws IOException {
    ManagedChannel channel = Wire.channel(target, source);
    try {
      call.on(
          KeyValueGrpc.newBlockingStub(channel)
              .withInterceptors(
                  MetadataUtils.newAttachHeadersInterceptor(
                      Wire.metadata("authorization", "Bearer attacker")))
              .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS));
      return "OK";
    } catch (StatusRuntimeException refused) {
      return switch (refused.getStatus().getCode()) {
        case INVALID_ARGUMENT, FAILED_PRECONDITION, PERMISSION_DENIED -> "4";
        default -> refused.getStatus().toString();
      };
    } finally {
      channel.shutdownNow();
    }
  }
}
