package io.kubekv.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.RangeRequest;
import io.kubekv.contract.FreePorts;
import io.kubekv.etcd.api.Answers;
import io.kubekv.etcd.api.EtcdClient;
import io.kubekv.etcd.api.GrpcEtcdClient;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A real etcd of one member, on free ports of this machine and a folder of its own. */
public final class EtcdProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int TRIES = 5;

  private static final Queue<EtcdProcess> IDLE_36 = new ConcurrentLinkedQueue<>();
  private static final Queue<EtcdProcess> IDLE_35 = new ConcurrentLinkedQueue<>();
  private static final Queue<EtcdProcess> IDLE_34 = new ConcurrentLinkedQueue<>();

  private final EtcdVersion version;
  private final Path binary;
  private final Path folder;
  private final String name;
  private final int port;
  private final int peerPort;
  private final List<String> more;
  private Process process;

  private EtcdProcess(EtcdVersion version, String name, int port, int peerPort, List<String> more) {
    this.version = version;
    this.binary = version.binary();
    this.name = name;
    this.port = port;
    this.peerPort = peerPort;
    this.more = List.copyOf(more);
    try {
      this.folder = Files.createTempDirectory("kubekv-etcd-");
    } catch (IOException full) {
      throw new UncheckedIOException(full);
    }
    this.process = launch();
  }

  /** A cluster of one; begun anew when somebody else was given its ports meanwhile. */
  public static EtcdProcess start(EtcdVersion version) {
    for (int tries = 0; ; tries++) {
      EtcdProcess etcd = start(version, "http", FreePorts.next(), List.of());
      try {
        etcd.awaitAnswer(EtcdAccess.plain(List.of(etcd.endpoint())));
        return etcd;
      } catch (IllegalStateException ended) {
        etcd.close();
        if (tries == TRIES) {
          throw ended;
        }
      }
    }
  }

  /** A cluster of one that speaks so; it may not answer yet. */
  static EtcdProcess start(EtcdVersion version, String scheme, int port, List<String> flags) {
    int peerPort = FreePorts.next();
    List<String> more = new ArrayList<>(flags);
    more.add("--initial-cluster=one=http://127.0.0.1:" + peerPort);
    more.add("--listen-client-urls=" + scheme + "://127.0.0.1:" + port);
    more.add("--advertise-client-urls=" + scheme + "://127.0.0.1:" + port);
    return new EtcdProcess(version, "one", port, peerPort, more);
  }

  /** A cluster of three that has elected a leader. */
  static List<EtcdProcess> startThree(EtcdVersion version) {
    List<Integer> ports = Stream.generate(FreePorts::next).limit(6).toList();
    String cluster =
        IntStream.range(0, 3)
            .mapToObj(i -> "m" + i + "=http://127.0.0.1:" + ports.get(i))
            .collect(Collectors.joining(","));
    List<EtcdProcess> members = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String client = "http://127.0.0.1:" + ports.get(3 + i);
      List<String> more =
          List.of(
              "--initial-cluster=" + cluster,
              "--listen-client-urls=" + client,
              "--advertise-client-urls=" + client);
      members.add(new EtcdProcess(version, "m" + i, ports.get(3 + i), ports.get(i), more));
    }
    members.forEach(member -> member.awaitAnswer(EtcdAccess.plain(List.of(member.endpoint()))));
    return members;
  }

  private static Queue<EtcdProcess> idle(EtcdVersion version) {
    return switch (version) {
      case V3_6 -> IDLE_36;
      case V3_5 -> IDLE_35;
      case V3_4 -> IDLE_34;
    };
  }

  /** One that nobody else uses now; {@link #giveBack} is for the next. */
  static EtcdProcess borrow(EtcdVersion version) {
    EtcdProcess idle = idle(version).poll();
    if (idle != null) {
      return idle;
    }
    EtcdProcess started = start(version);
    Runtime.getRuntime().addShutdownHook(new Thread(started::close));
    return started;
  }

  /** Leaves it to the next test, as it is. */
  void giveBack(EtcdVersion version) {
    idle(version).add(this);
  }

  public String endpoint() {
    return "127.0.0.1:" + port;
  }

  int port() {
    return port;
  }

  /** Stops it as a power cut would. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Copies its data while it is down, as a backup does. */
  void save(Path backup) {
    copy(folder.resolve("data"), backup);
  }

  /** Puts a backup in the place of its data while it is down. */
  void putBack(Path backup) {
    delete(folder.resolve("data"));
    copy(backup, folder.resolve("data"));
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException leftOver) {
      throw new UncheckedIOException(leftOver);
    }
  }

  /** Starts it again on the same data; it may not answer yet. */
  public void startAgain() {
    process = launch();
  }

  /** Makes it stand still, or go on. */
  void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Process launch() {
    String peer = "http://127.0.0.1:" + peerPort;
    List<String> command =
        new ArrayList<>(
            List.of(
                binary.toString(),
                "--name=" + name,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--data-dir=" + folder.resolve("data")));
    command.addAll(version.flags());
    command.addAll(more);
    File log = folder.resolve("etcd.log").toFile();
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
          .start();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  void awaitAnswer(EtcdAccess access) {
    long begun = System.nanoTime();
    RangeRequest any = RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("any")).build();
    try (EtcdClient etcd = GrpcEtcdClient.connect(access, Duration.ofSeconds(1))) {
      while (System.nanoTime() - begun < PATIENCE.toNanos() && process.isAlive()) {
        try {
          var unused = Answers.await(etcd.range(any));
          return;
        } catch (EtcdFailure notYet) {
          etcd.reconnect();
          Threads.pause(Duration.ofMillis(50));
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    throw new IllegalStateException("etcd does not start: see " + folder.resolve("etcd.log"));
  }

  private void awaitEnd() {
    try {
      process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
    delete(folder);
  }
}
