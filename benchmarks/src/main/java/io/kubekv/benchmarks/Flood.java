package io.kubekv.benchmarks;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.HttpConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;

/**
 * One client that takes whatever it gets, from an address of its own, until its standard input
 * ends: a program for a process of its own. Its last line says how often it was answered.
 */
final class Flood {
  private static final String SOURCE = "127.0.0.9";
  private static final String LARGE = "value=" + "x".repeat(1 << 20);
  private static final Map<String, String> FORM =
      Map.of("Content-Type", "application/x-www-form-urlencoded");

  /** What it does. */
  enum Kind {
    /** Reads of single keys, as fast as they are answered. */
    GETS(256),
    /** Writes of single keys. */
    PUTS(256),
    /** Writes of a mebibyte each. */
    BODIES(64),
    /** Everything there is, again and again. */
    LISTS(64),
    /** Everything there is, asked for and not read. */
    UNREAD(64),
    /** Connections that ask nothing and are opened anew when they are closed. */
    CONNECTIONS(4_000),
    /** Watches, more than are allowed. */
    WATCHES(4_000);

    private final int connections;

    Kind(int connections) {
      this.connections = connections;
    }
  }

  private final InetSocketAddress store;
  private final LongAdder answers = new LongAdder();

  private Flood(InetSocketAddress store) {
    this.store = store;
  }

  public static void main(String[] words) throws IOException {
    Arguments arguments = new Arguments(words);
    Kind kind = Kind.valueOf(arguments.option("--kind").orElseThrow());
    String host = arguments.option("--host").orElseThrow();
    int port = Integer.parseInt(arguments.option("--port").orElseThrow());
    arguments.end();
    Flood flood = new Flood(new InetSocketAddress(host, port));
    for (int client = 0; client < kind.connections; client++) {
      int number = client;
      Thread.ofVirtual().start(() -> flood.endlessly(kind, new SplittableRandom(number)));
    }
    System.out.println("flooding");
    while (System.in.read() >= 0) {
      // until the end
    }
    System.out.println(flood.answers.sum());
    System.exit(0);
  }

  private void endlessly(Kind kind, SplittableRandom random) {
    while (true) {
      try (HttpConnection connection =
          HttpConnection.open(store, new InetSocketAddress(InetAddress.getByName(SOURCE), 0))) {
        on(connection, kind, random);
      } catch (IOException cutOff) {
        // and again
      }
    }
  }

  private void on(HttpConnection connection, Kind kind, SplittableRandom random)
      throws IOException {
    switch (kind) {
      case CONNECTIONS -> connection.discardBody();
      case WATCHES -> {
        connection.send(request("GET", "/v2/keys/quiet?wait=true", ""));
        answers.increment();
        connection.discardBody();
      }
      case UNREAD -> {
        for (int i = 0; i < 100; i++) {
          connection.send(request("GET", "/v2/keys/?recursive=true", ""));
        }
        connection.readHead();
        answers.increment();
        pause();
      }
      default -> {
        while (true) {
          connection.exchange(next(kind, random));
          answers.increment();
        }
      }
    }
  }

  private byte[] next(Kind kind, SplittableRandom random) {
    return switch (kind) {
      case GETS -> Keys.linearizableGet(store, random.nextInt(1000));
      case PUTS -> Keys.put(store, 1000 + random.nextInt(1000));
      case BODIES -> request("PUT", "/v2/keys/large/k" + random.nextInt(8), LARGE);
      default -> request("GET", "/v2/keys/?recursive=true", "");
    };
  }

  private byte[] request(String method, String target, String body) {
    return HttpConnection.request(method, target, store, body.isEmpty() ? Map.of() : FORM, body);
  }

  /** Does not read, until it is cut off or the flood ends. */
  private static void pause() {
    try {
      Thread.sleep(Long.MAX_VALUE);
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }
}
