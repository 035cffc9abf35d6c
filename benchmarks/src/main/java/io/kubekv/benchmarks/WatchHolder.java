package io.kubekv.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.kubekv.e2e.HttpConnection;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * The process that holds very many waiting watches, apart from the store and from the benchmark.
 * Takes commands on its standard input and answers each with one line: {@code open N} opens that
 * many watches of one key, {@code change} changes the key, says how long it took until the last
 * watch had its event, and closes them, {@code await} does the same with a change that somebody
 * else makes, {@code hangup} closes them without a change.
 *
 * <p>One thread reads all connections through a selector: the time of a change is to be the
 * store's.
 */
final class WatchHolder {
  private static final int PER_SOURCE = 4000;
  private static final long WITHIN_MILLIS = 30_000;

  private final InetSocketAddress store;
  private final Watching watching;
  private final Selector selector;
  private final List<SocketChannel> waiting = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);

  private WatchHolder(InetSocketAddress store, Watching watching) throws IOException {
    this.store = store;
    this.watching = watching;
    this.selector = Selector.open();
  }

  /** Arguments: the store's host and port, and the name of a {@link Watching}. */
  public static void main(String[] arguments) throws IOException {
    WatchHolder holder =
        new WatchHolder(
            new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])),
            Watching.valueOf(arguments[2]));
    BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String command = commands.readLine(); command != null; command = commands.readLine()) {
      System.out.println(holder.obey(command));
    }
  }

  private String obey(String command) throws IOException {
    if (command.startsWith("open ")) {
      open(Integer.parseInt(command.substring(5)));
      return "open";
    }
    return switch (command) {
      case "change" -> change();
      case "await" -> await(System.nanoTime());
      case "hangup" -> hangUp();
      default -> throw new IllegalArgumentException("unknown command " + command);
    };
  }

  /**
   * Each watch is waiting when its answer's head is there, where one comes; elsewhere it has been
   * asked for. A source address has only so many ports, so there are several, and each process has
   * its own.
   */
  private void open(int count) throws IOException {
    ByteBuffer request = ByteBuffer.wrap(watching.request(store));
    byte own = (byte) (1 + ProcessHandle.current().pid() % 250);
    for (int number = 0; number < count; number++) {
      byte[] source = {127, 0, own, (byte) (2 + number / PER_SOURCE)};
      SocketChannel channel = SocketChannel.open();
      waiting.add(channel);
      channel.bind(new InetSocketAddress(InetAddress.getByAddress(source), 0));
      channel.connect(store);
      channel.write(request.duplicate());
      if (watching.isHeadFirst()) {
        awaitHead(channel);
      }
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
    }
  }

  private void awaitHead(SocketChannel channel) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append(read(channel));
    }
    if (!head.toString().startsWith("HTTP/1.1 200")) {
      throw new IOException("a watch was answered: " + head);
    }
  }

  private String read(SocketChannel channel) throws IOException {
    buffer.clear();
    if (channel.read(buffer) < 0) {
      throw new EOFException("the store closed a watch's connection");
    }
    return ISO_8859_1.decode(buffer.flip()).toString();
  }

  private String change() throws IOException {
    long sent = System.nanoTime();
    try (HttpConnection connection = HttpConnection.open(store)) {
      connection.send(watching.change(store));
      String heard = await(sent);
      connection.readBody(connection.readHead());
      return heard;
    }
  }

  private String await(long since) throws IOException {
    int missing = awaitEvents();
    long took = System.nanoTime() - since;
    hangUp();
    return "missed " + missing + " nanoseconds " + took;
  }

  /** How many watches had no event in time. */
  private int awaitEvents() throws IOException {
    int missing = waiting.size();
    while (missing > 0 && selector.select(WITHIN_MILLIS) > 0) {
      for (SelectionKey ready : selector.selectedKeys()) {
        if (ready.channel() instanceof SocketChannel channel
            && read(channel).contains(watching.event())) {
          ready.cancel();
          missing--;
        }
      }
      selector.selectedKeys().clear();
    }
    return missing;
  }

  private String hangUp() throws IOException {
    for (SocketChannel channel : waiting) {
      channel.close();
    }
    selector.selectNow();
    waiting.clear();
    return "hung up";
  }
}
