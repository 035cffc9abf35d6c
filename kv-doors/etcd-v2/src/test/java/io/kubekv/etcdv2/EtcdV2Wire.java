package io.kubekv.etcdv2;

import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.http.RawHttp.Answer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What the etcd v2 wire suites share: one connection a test, and a directory of its own in the
 * store.
 */
abstract class EtcdV2Wire {
  private static final AtomicLong tests = new AtomicLong();
  private static final Pattern INDEX =
      Pattern.compile("\"(modifiedIndex|createdIndex|index)\":(\\d+)");
  private static final Pattern EXPIRATION =
      Pattern.compile("\"expiration\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z\"");

  private final String top = "t" + System.nanoTime() + "-" + tests.incrementAndGet();
  private RawHttp http;

  @BeforeEach
  final void connect() throws IOException {
    http = open();
    put("?dir=true", "");
  }

  @AfterEach
  final void disconnect() throws IOException {
    http.close();
    try (RawHttp last = open()) {
      last.request("DELETE", keys("?recursive=true"), "").answer();
    }
  }

  static RawHttp open() throws IOException {
    return new RawHttp(WireServer.address());
  }

  final RawHttp http() {
    return http;
  }

  /** The test's own directory as a node key. */
  final String top() {
    return "/" + top;
  }

  /** The target of something in the test's own directory. */
  final String keys(String below) {
    return "/v2/keys/" + top + below;
  }

  final Answer put(String below, String form) throws IOException {
    return http.request("PUT", keys(below), form).answer();
  }

  final Answer post(String below, String form) throws IOException {
    return http.request("POST", keys(below), form).answer();
  }

  final Answer get(String below) throws IOException {
    return http.request("GET", keys(below), "").answer();
  }

  final Answer delete(String below) throws IOException {
    return http.request("DELETE", keys(below), "").answer();
  }

  final Answer call(String method, String target) throws IOException {
    return http.request(method, target, "").answer();
  }

  /** The index that the answer's node was changed at. */
  static long modifiedIndex(Answer answer) {
    Matcher matcher = INDEX.matcher(answer.body());
    while (matcher.find()) {
      if (matcher.group(1).equals("modifiedIndex")) {
        return Long.parseLong(matcher.group(2));
      }
    }
    throw new AssertionError("no modifiedIndex in " + answer.body());
  }

  /**
   * A body with the test's directory shown as {@code /T}, times as {@code time}, and each different
   * index as {@code #1}, {@code #2}... in the order of first sight.
   */
  final String shape(Answer answer) {
    Map<String, String> names = new LinkedHashMap<>();
    String body = answer.body().replace(top, "T");
    body = EXPIRATION.matcher(body).replaceAll("\"expiration\":time");
    return INDEX
        .matcher(body)
        .replaceAll(
            found -> {
              String name =
                  names.computeIfAbsent(found.group(2), index -> "#" + (names.size() + 1));
              return "\"" + found.group(1) + "\":" + name;
            });
  }
}
