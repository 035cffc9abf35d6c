package io.kubekv.e2e.attacks;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.kubekv.e2e.Finding;
import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Numbers and durations of very many digits, or with a very large exponent, in whatever takes one.
 */
final class Digits implements Assault {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int IN_BODY = 1_400_000;
  private static final int IN_LINE = 60_000;
  private static final Map<String, String> FORM =
      Map.of("Content-Type", "application/x-www-form-urlencoded");
  private static final String SILENT = "no answer";
  private static final double SLOWEST_BAR = 5_000;

  /** A request that holds one. */
  private record Probe(InetSocketAddress door, String method, String path, String body) {}

  @Override
  public String name() {
    return "digits";
  }

  @Override
  public String about() {
    return "lives, indexes, waits and flags of a million digits";
  }

  @Override
  public Kind kind() {
    return Kind.OPEN;
  }

  @Override
  public void attack(Target target, Consumer<Finding> findings) throws IOException {
    List<Probe> probes = probes(target);
    List<String> taken = new ArrayList<>();
    Map<String, Integer> outcomes = new TreeMap<>();
    List<Double> times = new ArrayList<>();
    int rounds = target.count(1, 8);
    Workers.all(
        4,
        rounds * probes.size(),
        number -> {
          Probe probe = probes.get(number % probes.size());
          long began = System.nanoTime();
          String outcome = ask(target, probe, number);
          synchronized (times) {
            times.add((System.nanoTime() - began) / 1e6);
            outcomes.merge(outcome, 1, Integer::sum);
            if (outcome.equals(SILENT)) {
              String start = probe.method() + " " + probe.path() + " " + probe.body();
              taken.add(start.substring(0, Math.min(60, start.length())) + ": " + outcome);
            }
          }
        });
    forwarded(target, rounds);
    double slowest = times.stream().mapToDouble(each -> each).max().orElse(Double.NaN);
    findings.accept(
        Finding.atMost("the slowest of " + times.size() + " answers", slowest, SLOWEST_BAR, "ms"));
    findings.accept(Finding.told("outcomes", "%s", outcomes));
    findings.accept(
        Finding.of(
            "none was left without an answer",
            taken.isEmpty(),
            taken.isEmpty() ? "yes" : taken.toString()));
  }

  private static List<Probe> probes(Target target) {
    String line = "1".repeat(IN_LINE);
    String body = "1".repeat(IN_BODY);
    InetSocketAddress etcd = target.etcd();
    InetSocketAddress consul = target.consul();
    return List.of(
        new Probe(etcd, "PUT", "/v2/keys/attack/d", "value=x&ttl=" + body),
        new Probe(etcd, "PUT", "/v2/keys/attack/d?ttl=" + line, "value=x"),
        new Probe(etcd, "PUT", "/v2/keys/attack/d", "value=x&prevIndex=" + body),
        new Probe(etcd, "GET", "/v2/keys/attack/d?wait=true&waitIndex=" + line, ""),
        new Probe(etcd, "PUT", "/v2/keys/attack/d", "value=x&ttl=0." + body),
        new Probe(consul, "PUT", "/v1/session/create", "{\"TTL\":\"" + body + "s\"}"),
        new Probe(consul, "PUT", "/v1/session/create", "{\"TTL\":\"0." + body + "s\"}"),
        new Probe(consul, "PUT", "/v1/session/create", "{\"LockDelay\":" + body + "}"),
        new Probe(consul, "PUT", "/v1/session/create", "{\"LockDelay\":1e999999999}"),
        new Probe(consul, "GET", "/v1/kv/attack/d?index=" + line, ""),
        new Probe(consul, "GET", "/v1/kv/attack/d?index=1&wait=" + line + "s", ""),
        new Probe(consul, "PUT", "/v1/kv/attack/d?flags=" + line, "x"),
        new Probe(consul, "PUT", "/v1/kv/attack/d?cas=" + line, "x"),
        new Probe(consul, "PUT", "/v1/txn", flags(body)),
        new Probe(consul, "PUT", "/v1/txn", flags("1e999999999")),
        new Probe(consul, "PUT", "/v1/txn", flags("-1e-999999999")));
  }

  private static String flags(String number) {
    return "[{\"KV\":{\"Verb\":\"set\",\"Key\":\"attack/d\",\"Flags\":" + number + "}}]";
  }

  private static String ask(Target target, Probe probe, int number) {
    try {
      HttpAnswer answer =
          Wire.ask(
              target,
              probe.door(),
              Target.source(number),
              HttpConnection.request(
                  probe.method(), probe.path(), probe.door(), FORM, probe.body()),
              PATIENCE);
      return Integer.toString(answer.status());
    } catch (IOException cutOff) {
      // to be hung up on is a refusal as well
      return cutOff instanceof java.net.SocketTimeoutException ? SILENT : "cut off";
    }
  }

  /** The one number that the gRPC door reads from text. */
  private static void forwarded(Target target, int rounds) throws IOException {
    ManagedChannel channel = Wire.channel(target, Target.source(0));
    KeyValueGrpc.KeyValueBlockingStub calls =
        KeyValueGrpc.newBlockingStub(channel)
            .withInterceptors(
                MetadataUtils.newAttachHeadersInterceptor(
                    Wire.metadata("kubekv-forwarded", "1".repeat(7_000))));
    for (int i = 0; i < rounds; i++) {
      try {
        calls
            .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
            .get(Kv.GetRequest.newBuilder().setKey("attack/d").build());
      } catch (StatusRuntimeException refused) {
        // as it should be; how long it took shows in what others saw
      }
    }
    channel.shutdownNow();
  }
}
