package io.kubekv.e2e.attacks;

import io.kubekv.e2e.FreePorts;
import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * A kubekv that is attacked, with the chart's heap and limits, and its keys that nobody attacks.
 */
final class Victim implements AutoCloseable {
  private static final int STRANGERS = 8;

  /** What {@code neighbour} and {@code attacker} may; nobody else may anything. */
  static final String GRANTS =
      """
      kind: ClusterRole
      metadata: {name: all}
      rules:
      - {nonResourceURLs: ["/kv/*", "/sessions/*"], verbs: [get, put, delete]}
      ---
      kind: ClusterRoleBinding
      metadata: {name: all}
      roleRef: {kind: ClusterRole, name: all}
      subjects: [{kind: User, name: neighbour}]
      ---
      kind: ClusterRole
      metadata: {name: attack}
      rules:
      - {nonResourceURLs: ["/kv/default/attack/*"], verbs: [get, put, delete]}
      ---
      kind: ClusterRoleBinding
      metadata: {name: attack}
      roleRef: {kind: ClusterRole, name: attack}
      subjects: [{kind: User, name: attacker}]
      """;

  final StoreProcess process;
  final InetSocketAddress consul;
  private final Path audit;
  private final Optional<Authority> authority;
  private final Optional<SSLContext> trust;
  private final Map<String, String> known = new HashMap<>();
  private ProcessHandle server;

  private Victim(
      StoreProcess process, InetSocketAddress consul, Optional<Authority> authority, Path audit)
      throws IOException {
    this.audit = audit;
    this.process = process;
    this.consul = consul;
    this.authority = authority;
    trust =
        authority.isPresent()
            ? Optional.of(Authority.trusting(authority.get().certificate()))
            : Optional.empty();
    server = process.server();
  }

  /** One without TLS and users, whose data is in this folder. */
  static Victim open(Path data, String... further) throws IOException {
    InetSocketAddress consul = FreePorts.next();
    String[] flags = Chart.and("--consul-listen=" + StoreProcess.hostAndPort(consul));
    String[] all = new String[flags.length + further.length];
    System.arraycopy(flags, 0, all, 0, flags.length);
    System.arraycopy(further, 0, all, flags.length, further.length);
    return new Victim(StoreProcess.embeddedAt(data, all), consul, Optional.empty(), data);
  }

  /** One with TLS, users, grants and an audit log ({@link #auditFolder}). */
  static Victim secured(Path folder) throws IOException {
    Authority authority = Authority.make(folder.resolve("tls"));
    authority.sign("server");
    Path grants = Files.writeString(folder.resolve("grants.yaml"), GRANTS);
    Path tokens = Files.writeString(folder.resolve("tokens"), tokens());
    Path audit = Files.createDirectories(folder.resolve("audit"));
    InetSocketAddress consul = FreePorts.next();
    StoreProcess process =
        StoreProcess.embeddedAt(
            folder.resolve("data"),
            Chart.and(
                "--consul-listen=" + StoreProcess.hostAndPort(consul),
                "--cert-file=" + authority.certificate("server"),
                "--key-file=" + authority.key("server"),
                "--trusted-ca-file=" + authority.certificate(),
                "--authorization-mode=RBAC",
                "--authorization-rbac-file=" + grants,
                "--token-auth-file=" + tokens,
                "--audit-log-path=" + audit.resolve("log")));
    return new Victim(process, consul, Optional.of(authority), audit);
  }

  Target target(boolean quick) {
    return new Target(
        process.address(),
        consul,
        process.grpc(),
        process.operations(),
        authority.map(Authority::certificate),
        quick);
  }

  /** As the well-behaved client. */
  HttpConnection connect() throws IOException {
    return trust.isPresent()
        ? HttpConnection.open(process.address(), trust.get())
        : HttpConnection.open(process.address());
  }

  byte[] put(String key, String value) {
    Map<String, String> headers = new HashMap<>(credentials());
    headers.put("Content-Type", "application/x-www-form-urlencoded");
    return HttpConnection.request(
        "PUT", "/v2/keys/" + key, process.address(), headers, "value=" + value);
  }

  byte[] get(String key) {
    return HttpConnection.request("GET", "/v2/keys/" + key, process.address(), credentials(), "");
  }

  /** A token for each user; strangers were granted nothing. */
  private static String tokens() {
    StringBuilder lines = new StringBuilder("neighbour,neighbour,1\nattacker,attacker,2\n");
    for (int i = 0; i < STRANGERS; i++) {
      lines.append("stranger%d,stranger%d,%d%n".formatted(i, i, 10 + i));
    }
    return lines.toString();
  }

  private Map<String, String> credentials() {
    return authority.isPresent() ? Map.of("Authorization", "Bearer neighbour") : Map.of();
  }

  /** Puts keys that nobody touches from now on; they must be there at any later time. */
  void putInnocent(String key, String value) throws IOException {
    try (HttpConnection connection = connect()) {
      connection.readTimeout(Duration.ofSeconds(60));
      HttpAnswer answer = connection.exchange(put(key, value));
      if (answer.status() >= 300) {
        throw new IOException("cannot put " + key + ": " + answer.status() + " " + answer.body());
      }
      known.put(key, value);
    }
  }

  /** These must be there from now on, too. */
  void know(Map<String, String> entries) {
    known.putAll(entries);
  }

  /** Where the audit log of a secured one is, and nothing else. */
  Path auditFolder() {
    return audit;
  }

  int known() {
    return known.size();
  }

  /** How many of the known keys are missing, cannot be read or have another value. */
  long wrong() {
    Memorised all = new Memorised(known);
    return all.wrong(this);
  }

  boolean lives() {
    return server.isAlive();
  }

  /** After a restart that was wanted. */
  void started() {
    server = process.server();
  }

  long logged() throws IOException {
    return Files.size(process.log());
  }

  /** The last line of its log. */
  String lastWords() throws IOException {
    return Files.readString(process.log()).lines().reduce("", (first, last) -> last);
  }

  Observed.Memory memory() throws IOException {
    return ProcessMemory.read(server.pid(), process.operations());
  }

  @Override
  public void close() {
    process.close();
  }
}
