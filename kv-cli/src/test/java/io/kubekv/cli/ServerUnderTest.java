package io.kubekv.cli;

import io.kubekv.KeyValueStore;
import io.kubekv.cli.terminal.Json;
import io.kubekv.cli.terminal.Terminal;
import io.kubekv.engine.EngineStore;
import io.kubekv.grpc.GrpcDoor;
import io.kubekv.grpc.StreamsOfDoor;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.door.OpenDoor;
import io.kubekv.transport.grpc.Companion;
import io.kubekv.transport.grpc.GrpcSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** A store in memory behind the gRPC door, and the command line in front of it. */
final class ServerUnderTest implements AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final KeyValueStore store;
  private final OpenDoor door;
  private final String address;

  ServerUnderTest() {
    this(EngineStore.inMemory());
  }

  ServerUnderTest(KeyValueStore store) {
    this.store = store;
    try {
      door =
          new GrpcDoor(new ListenAddress("127.0.0.1", 0), Companion.none())
              .openUnguarded(
                  GrpcSettings.DEFAULT.withProgress(Duration.ofMillis(50)), store, threads);
      address = "127.0.0.1:" + door.port();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What a verb did. */
  record Ran(int exitCode, byte[] bytes, String err) {
    String out() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    List<String> lines() {
      return out().lines().toList();
    }

    /** The only line. */
    JsonNode json() {
      return Json.MAPPER.readTree(out());
    }
  }

  KeyValueStore store() {
    return store;
  }

  String address() {
    return address;
  }

  /** Watches and locks that are open. */
  int streams() {
    return StreamsOfDoor.of(door);
  }

  /** The server stops; the store stays. */
  void stop() {
    door.close();
  }

  Ran run(String... args) {
    return runWith(new byte[0], args);
  }

  Ran runWith(byte[] in, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    return runInto(out, in, args);
  }

  /** Runs a verb whose output the test reads while it runs. */
  Ran runInto(ByteArrayOutputStream out, byte[] in, String... args) {
    return run(Map.of("KUBEKV_SERVER", address()), out, in, args);
  }

  static Ran run(
      Map<String, String> environment, ByteArrayOutputStream out, byte[] in, String... args) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(environment, new ByteArrayInputStream(in), stream(out), stream(err), "");
    CommandLine program = Main.program(terminal, args);
    program.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    program.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
    int exitCode = program.execute(args);
    return new Ran(exitCode, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    door.close();
    store.close();
    threads.close();
  }
}
