package io.kubekv.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A store run as a process of its own, on free loopback ports and a temporary folder that goes when
 * it is closed, or when this program ends in any way but {@code kill -9}. Not safe for use by
 * several threads at once.
 */
public final class StoreProcess implements AutoCloseable {
  /** The stores that there are, for who asks for another. */
  static final String NAMES = "etcd, etcd-v3, consul, zookeeper or kubekv";

  private static final Duration READY_WITHIN = Duration.ofMinutes(2);

  private final String name;
  private final Path folder;
  private final List<String> command;
  private final InetSocketAddress address;
  private final InetSocketAddress grpc;
  private final InetSocketAddress readiness;
  private final Readiness readinessCheck;
  private final Thread onExit = new Thread(this::end, "end-of-store");
  private Process process;
  private Duration readyAfter = Duration.ZERO;

  private StoreProcess(
      String name,
      Path folder,
      List<String> command,
      InetSocketAddress address,
      InetSocketAddress grpc,
      InetSocketAddress readiness,
      Readiness readinessCheck)
      throws IOException {
    this.name = name;
    this.folder = folder;
    this.command = List.copyOf(command);
    this.address = address;
    this.grpc = grpc;
    this.readiness = readiness;
    this.readinessCheck = readinessCheck;
    Runtime.getRuntime().addShutdownHook(onExit);
    this.process = launch();
  }

  /**
   * Debian's etcd with the v2 API, one member, its default durability (it syncs each commit to
   * disk). Blocks until it serves.
   */
  public static StoreProcess etcd() throws IOException {
    return etcd("etcd", "--enable-v2=true");
  }

  /** etcd 3.6 with its own settings. Blocks until it serves. */
  public static StoreProcess etcdV3() throws IOException {
    return etcd(Repository.etcdV3().toString());
  }

  /** The same of another version: the program by its path, and what it is to be told further. */
  public static StoreProcess etcd(String program, String... furtherFlags) throws IOException {
    Path folder = Files.createTempDirectory("kubekv-e2e-etcd");
    InetSocketAddress client = FreePorts.next();
    String clientUrl = url(client);
    String peerUrl = url(FreePorts.next());
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(furtherFlags));
    command.addAll(
        List.of(
            "--data-dir=" + folder.resolve("data"),
            "--log-level=error",
            "--listen-client-urls=" + clientUrl,
            "--advertise-client-urls=" + clientUrl,
            "--listen-peer-urls=" + peerUrl,
            "--initial-advertise-peer-urls=" + peerUrl,
            "--initial-cluster=default=" + peerUrl));
    return new StoreProcess(
            "etcd", folder, command, client, client, client, Readiness.http("/health"))
        .awaitReady();
  }

  /**
   * Any program that serves etcd v2 and gRPC. Blocks until it answers etcd's {@code /version}.
   *
   * @param command what to run, given the folder for its data, where it is to speak etcd v2, and
   *     where gRPC
   */
  public static StoreProcess program(String name, Command command) throws IOException {
    Path folder = Files.createTempDirectory("kubekv-e2e-" + name);
    InetSocketAddress client = FreePorts.next();
    InetSocketAddress grpc = FreePorts.next();
    List<String> words = command.line(folder, client, grpc);
    return new StoreProcess(name, folder, words, client, grpc, client, Readiness.http("/version"))
        .awaitReady();
  }

  /** The command line of a program. */
  @FunctionalInterface
  public interface Command {
    List<String> line(Path folder, InetSocketAddress etcd, InetSocketAddress grpc);
  }

  /**
   * {@code kubekv serve} from this repository, default settings: on the embedded server, durable,
   * or with a new store on the cluster or the etcd v3 that was asked for. Blocks until it serves.
   */
  public static StoreProcess kubekv(String... furtherFlags) throws IOException {
    Path folder = Files.createTempDirectory("kubekv-e2e-kubekv");
    return kubekv(folder, substrate(folder), furtherFlags);
  }

  /** The same on its own, embedded server, whatever the check runs on. */
  public static StoreProcess embedded(String... furtherFlags) throws IOException {
    Path folder = Files.createTempDirectory("kubekv-e2e-kubekv");
    return kubekv(folder, List.of("--data-dir", folder.resolve("data").toString()), furtherFlags);
  }

  /** The same with its data in a folder that is there before and afterwards. */
  public static StoreProcess embeddedAt(Path data, String... furtherFlags) throws IOException {
    Path folder = Files.createTempDirectory("kubekv-e2e-kubekv");
    return kubekv(folder, List.of("--data-dir", data.toString()), furtherFlags);
  }

  /** The same with the store of a kubeconfig and a namespace. */
  public static StoreProcess on(Path kubeconfig, String namespace, String... furtherFlags)
      throws IOException {
    Path folder = Files.createTempDirectory("kubekv-e2e-kubekv");
    List<String> backend = List.of("--kubeconfig", kubeconfig.toString(), "--namespace", namespace);
    return kubekv(folder, backend, furtherFlags);
  }

  /** The same with a new store on an etcd v3. */
  public static StoreProcess onEtcd(InetSocketAddress etcd, String... furtherFlags)
      throws IOException {
    Path folder = Files.createTempDirectory("kubekv-e2e-kubekv");
    String namespace = UUID.randomUUID().toString();
    List<String> backend = List.of("--etcd", hostAndPort(etcd), "--namespace", namespace);
    return kubekv(folder, backend, furtherFlags);
  }

  /** The same with the store that these flags name; several may share it. */
  static StoreProcess backed(List<String> backend) throws IOException {
    return kubekv(Files.createTempDirectory("kubekv-e2e-kubekv"), backend);
  }

  private static StoreProcess kubekv(Path folder, List<String> backend, String... furtherFlags)
      throws IOException {
    InetSocketAddress client = FreePorts.next();
    InetSocketAddress grpc = FreePorts.next();
    InetSocketAddress operations = FreePorts.next();
    List<String> command = new ArrayList<>();
    command.add(Repository.root().resolve("kubekv").toString());
    command.add("serve");
    command.addAll(backend);
    command.addAll(
        List.of("--etcd-listen", hostAndPort(client), "--ops-listen", hostAndPort(operations)));
    command.addAll(List.of("--grpc-listen", hostAndPort(grpc)));
    command.addAll(List.of(furtherFlags));
    Readiness ready = Readiness.http("/readyz");
    return new StoreProcess("kubekv", folder, command, client, grpc, operations, ready)
        .awaitReady();
  }

  /** The etcd that kubekv keeps its log in; empty unless {@code --etcd-v3} was given. */
  static Optional<String> etcdBeneath() {
    return Optional.ofNullable(System.getenv("E2E_ETCD"));
  }

  private static List<String> substrate(Path folder) throws IOException {
    if (ClusterStore.isWanted()) {
      return ClusterStore.create().flags();
    }
    return etcdBeneath()
        .map(etcd -> List.of("--etcd", etcd, "--namespace", UUID.randomUUID().toString()))
        .orElseGet(() -> List.of("--data-dir", folder.resolve("data").toString()));
  }

  /**
   * Consul, one server without access control, that accepts sessions from a second on. Blocks until
   * it has a leader and knows its own node, without which it makes no session.
   */
  public static StoreProcess consul() throws IOException {
    Path folder = Files.createTempDirectory("kubekv-e2e-consul");
    InetSocketAddress client = FreePorts.next();
    String ports =
        "ports { http = %d, dns = -1, grpc = -1, server = %d, serf_lan = %d, serf_wan = %d }"
            .formatted(
                client.getPort(),
                FreePorts.next().getPort(),
                FreePorts.next().getPort(),
                FreePorts.next().getPort());
    List<String> command = new ArrayList<>();
    command.add(Repository.consul().toString());
    command.addAll(List.of("agent", "-server", "-bootstrap-expect=1", "-node=n1"));
    command.addAll(List.of("-data-dir=" + folder.resolve("data")));
    command.addAll(List.of("-bind=127.0.0.1", "-client=127.0.0.1", "-hcl", ports));
    // elections as fast as it can, and no question to its makers whether it is out of date
    command.addAll(List.of("-hcl", "performance { raft_multiplier = 1 }"));
    command.addAll(List.of("-hcl", "session_ttl_min = \"1s\", raft_protocol = 3"));
    command.addAll(List.of("-hcl", "disable_update_check = true"));
    // blocks until the node's health is known
    Readiness readiness = Readiness.http("/v1/health/node/n1?index=1&wait=60s");
    return new StoreProcess("consul", folder, command, client, client, client, readiness)
        .awaitReady();
  }

  /**
   * Debian's ZooKeeper, one server alone, its default durability (it syncs each commit to disk) and
   * every kind of node. Blocks until it serves.
   */
  public static StoreProcess zookeeper() throws IOException {
    Path folder = Files.createTempDirectory("kubekv-e2e-zookeeper");
    InetSocketAddress client = FreePorts.next();
    List<String> command = ZooKeeperServer.command(folder, client);
    Readiness ready = Readiness::word;
    return new StoreProcess("zookeeper", folder, command, client, client, client, ready)
        .awaitReady();
  }

  /** One of {@link #NAMES}, as above. */
  public static StoreProcess named(String name) throws IOException {
    return switch (name) {
      case "etcd" -> etcd();
      case "etcd-v3" -> etcdV3();
      case "consul" -> consul();
      case "zookeeper" -> zookeeper();
      case "kubekv" -> kubekv();
      default -> throw new IllegalArgumentException("no store is called '" + name + "': " + NAMES);
    };
  }

  private static String url(InetSocketAddress address) {
    return "http://" + hostAndPort(address);
  }

  /** {@code host:port}, as flags take it. */
  public static String hostAndPort(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  public String name() {
    return name;
  }

  /** Where it speaks etcd v2; Consul and ZooKeeper their own protocols. */
  public InetSocketAddress address() {
    return address;
  }

  /** Where it speaks gRPC: kubekv its own API, etcd that of v3. */
  public InetSocketAddress grpc() {
    return grpc;
  }

  /** Where it says that it is ready; of kubekv the operations port. */
  public InetSocketAddress operations() {
    return readiness;
  }

  /** The folder that holds its data and its log. */
  public Path folder() {
    return folder;
  }

  /** Ends it at once, as {@code kill -9} does, and waits until it is gone. */
  public void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    join(Duration.ofSeconds(30));
  }

  /** Stops it in order, as SIGTERM does, and waits until it is gone. */
  public void terminate() {
    process.destroy();
    if (!join(Duration.ofSeconds(15))) {
      kill();
    }
  }

  /**
   * Starts it again on the same data and ports; the answer is the time from the launch until it
   * served.
   */
  public Duration startAgain() throws IOException {
    process = launch();
    awaitReady();
    return readyAfter;
  }

  /** The time from the last launch until it served. */
  public Duration readyAfter() {
    return readyAfter;
  }

  /** The process that serves: a launcher script may stand in front of it. */
  public ProcessHandle server() {
    return process.descendants().reduce((first, last) -> last).orElse(process.toHandle());
  }

  private Process launch() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putIfAbsent("KUBEKV_CONSUL_LISTEN", "off"); // one port for all otherwise
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    try {
      return builder.start();
    } catch (IOException e) {
      throw new IOException(
          "cannot run "
              + command.getFirst()
              + "; install it (Debian: apt-get install etcd-server) or build it",
          e);
    }
  }

  private StoreProcess awaitReady() throws IOException {
    long launched = System.nanoTime();
    long deadline = launched + READY_WITHIN.toNanos();
    while (!isReady()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        List<String> lines = Files.readAllLines(log());
        String output =
            String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        String fate =
            process.isAlive()
                ? "was not ready within " + READY_WITHIN.toSeconds() + " s"
                : "ended with code " + process.exitValue();
        close();
        throw new IOException(
            name
                + " "
                + fate
                + "; it was run as "
                + String.join(" ", command)
                + " and said:\n"
                + output);
      }
      Waiting.pause(Duration.ofMillis(5));
    }
    readyAfter = Duration.ofNanos(System.nanoTime() - launched);
    return this;
  }

  private boolean isReady() {
    try {
      return readinessCheck.isReady(readiness);
    } catch (IOException e) {
      return false;
    }
  }

  /** What it has said since its first start. */
  public Path log() {
    return folder.resolve("log");
  }

  @Override
  public void close() {
    process.destroy();
    if (!join(Duration.ofSeconds(15))) {
      kill();
    }
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      // this program is ending already: the hook has run or is running
    }
  }

  private boolean join(Duration within) {
    try {
      return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** By who closes it and, when this program is ended meanwhile, by the hook, too. */
  private synchronized void end() {
    if (process.isAlive()) {
      kill();
    }
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + folder, e);
    }
  }
}
