package io.kubekv.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends the probes to one server, in their order, and collects what it answers. A connection of its
 * own for each: some answers end theirs.
 */
final class ProbeRun {
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);
  private static final Duration UNTIL_IT_WAITS = Duration.ofMillis(400);
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(10);
  private static final Pattern NODE = Pattern.compile("\"NodeName\":\"([^\"]*)\"");

  private final InetSocketAddress server;
  private final ProbeNames names = new ProbeNames();
  private final SequencedMap<String, ProbeAnswer> answers = new LinkedHashMap<>();

  private ProbeRun(InetSocketAddress server) {
    this.server = server;
  }

  /** The answers by the probes' ids; of a server that does not answer it says so. */
  static SequencedMap<String, ProbeAnswer> of(InetSocketAddress server, List<Probe> probes) {
    ProbeRun run = new ProbeRun(server);
    ProbeAnswer self = run.ask(ProbeRequest.of("GET /v1/agent/self"), List.of());
    Matcher node = NODE.matcher(self.body());
    run.names.keep("node", node.find() ? node.group(1) : "n1");
    probes.forEach(run::play);
    return run.answers;
  }

  private void play(Probe probe) {
    if (!probe.pause().isZero()) {
      Waiting.pause(probe.pause());
    }
    long begun = System.nanoTime();
    ProbeAnswer answer = answer(probe);
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    for (Probe.Keep keep : probe.keeps()) {
      ProbeField.of(keep.field(), answer).ifPresent(value -> names.keep(keep.name(), value));
    }
    String place = probe.window().map(window -> window.place(took)).orElse("");
    answers.put(probe.id(), ProbeField.narrow(probe, answer).timed(place, took.toMillis()));
  }

  private ProbeAnswer answer(Probe probe) {
    ProbeRequest request = probe.request().with(names);
    if (probe.silent().isPresent()) {
      return listen(request, probe.silent().orElseThrow());
    }
    if (probe.meanwhile().isPresent()) {
      return askMeanwhile(probe, request);
    }
    ProbeAnswer answer = ask(request, probe.headers());
    if (probe.until().isPresent()) {
      long deadline = System.nanoTime() + LONGEST_ANSWER.toNanos();
      while (!answer.body().equals(probe.until().get()) && System.nanoTime() < deadline) {
        Waiting.pause(BETWEEN_ATTEMPTS);
        answer = ask(request, probe.headers());
      }
    }
    return answer;
  }

  /** The second request goes out while the first waits. */
  private ProbeAnswer askMeanwhile(Probe probe, ProbeRequest request) {
    FutureTask<ProbeAnswer> waiting = new FutureTask<>(() -> ask(request, probe.headers()));
    Thread.ofVirtual().name("probe").start(waiting);
    Waiting.pause(UNTIL_IT_WAITS);
    ProbeRequest other = probe.meanwhile().orElseThrow().with(names);
    answers.put(probe.id() + ".meanwhile", ask(other, List.of()));
    try {
      return waiting.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** What comes within that time, which ought to be nothing. */
  private ProbeAnswer listen(ProbeRequest request, Duration time) {
    try (HttpConnection connection = HttpConnection.open(server)) {
      connection.readTimeout(time);
      connection.send(bytes(request, List.of()));
      return head(connection.readHead(), "");
    } catch (SocketTimeoutException e) {
      return ProbeAnswer.none("no answer within " + time.toMillis() + " ms");
    } catch (IOException e) {
      return ProbeAnswer.none(String.valueOf(e.getMessage()));
    }
  }

  private ProbeAnswer ask(ProbeRequest request, List<List<String>> headers) {
    try (HttpConnection connection = HttpConnection.open(server)) {
      connection.readTimeout(LONGEST_ANSWER);
      send(connection, bytes(request, headers));
      HttpAnswer head = connection.readHead();
      boolean headOnly = request.method().equals("HEAD");
      return head(head, headOnly ? "" : new String(connection.readBytes(head), ISO_8859_1));
    } catch (IOException e) {
      return ProbeAnswer.none(String.valueOf(e.getMessage()));
    }
  }

  /** A server may answer, and close, before it has read all of a body that it refuses. */
  private static void send(HttpConnection connection, byte[] request) {
    try {
      connection.send(request);
    } catch (IOException e) {
      // the answer says why, or reading it fails
    }
  }

  private static ProbeAnswer head(HttpAnswer head, String body) {
    return new ProbeAnswer(head.status(), new TreeMap<>(head.headers()), body, "", 0);
  }

  private byte[] bytes(ProbeRequest request, List<List<String>> headers) {
    Map<String, String> all = new LinkedHashMap<>();
    headers.forEach(header -> all.put(header.get(0), header.get(1)));
    return HttpConnection.request(
        request.method(), request.target(), server, all, request.body().getBytes(ISO_8859_1));
  }
}
