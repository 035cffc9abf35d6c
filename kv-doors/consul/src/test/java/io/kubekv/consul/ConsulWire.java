package io.kubekv.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.engine.EngineStore;
import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.http.RawHttp.Answer;
import java.io.IOException;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the Consul wire suites share: a store, a door and one connection a test. */
abstract class ConsulWire {
  static final String READ = "Content-Type=application/json XC-Knownleader=true XC-Lastcontact=0";
  static final String MISS = "404 [XC-Knownleader=true XC-Lastcontact=0] ";
  static final String YES = "200 [Content-Type=application/json] true";
  static final String NO = "200 [Content-Type=application/json] false";
  static final String TEXT = "[Content-Type=text/plain; charset=utf-8] ";

  /** Well-formed, and of nobody. */
  static final String NOBODY = "adf4238a-882b-9ddc-4a9d-5b6758e4159e";

  private static final Pattern MODIFIED = Pattern.compile("\"ModifyIndex\":(\\d+)");
  private static final Pattern ID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  final EngineStore store = EngineStore.inMemory();
  final ConsulUnderTest door = new ConsulUnderTest(store);
  private RawHttp http;

  @BeforeEach
  final void connect() throws IOException {
    http = door.connect();
  }

  @AfterEach
  final void disconnect() throws IOException {
    http.close();
    door.close();
    store.close();
  }

  final RawHttp http() {
    return http;
  }

  final Answer call(String method, String target, String body) throws IOException {
    http.request(method, target, body);
    return method.equals("HEAD") ? http.bodyless() : http.answer();
  }

  final Answer get(String target) throws IOException {
    return call("GET", target, "");
  }

  final String put(String target, String body) throws IOException {
    return call("PUT", target, body).body();
  }

  /** The answer in the form of the table of measured answers, index, lengths and Vary left out. */
  static String shown(Answer answer) {
    TreeMap<String, String> headers = new TreeMap<>(answer.headers());
    headers.remove("content-length");
    headers.remove("x-consul-index");
    assertThat(headers.remove("vary")).isIn("Accept-Encoding", null);
    StringBuilder list = new StringBuilder();
    headers.forEach(
        (name, value) ->
            list.append(list.isEmpty() ? "" : " ")
                .append(canonical(name).replace("X-Consul-", "XC-"))
                .append('=')
                .append(value));
    return answer.status() + " [" + list + "] " + answer.body();
  }

  private static String canonical(String name) {
    return Pattern.compile("(^|-)([a-z])")
        .matcher(name)
        .replaceAll(letter -> letter.group(1) + letter.group(2).toUpperCase(java.util.Locale.ROOT));
  }

  static long index(Answer answer) {
    return Long.parseLong(answer.header("X-Consul-Index"));
  }

  static long modifyIndex(Answer answer) {
    Matcher matcher = MODIFIED.matcher(answer.body());
    assertThat(matcher.find()).as(answer.body()).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  /** Makes a session; its id. */
  final String session(String body) throws IOException {
    Matcher matcher = ID.matcher(put("/v1/session/create", body));
    assertThat(matcher.find()).isTrue();
    return matcher.group();
  }

  /** An entry without its indexes. */
  final String entry(String key) throws IOException {
    return get("/v1/kv/" + key).body().replaceAll(",\"(Create|Modify)Index\":\\d+", "");
  }
}
