package io.kubekv.transport.limits;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that clients have not taken yet, at all doors together and of each client. When there are
 * too many, the line that has most of them is cut, and the next, until there are not. Bytes that
 * many lines wait to send are counted once. What waits on lines that cannot be cut has a bound of
 * its own, of the same size. Thread-safe; nothing here blocks.
 */
public final class Unsent {
  /**
   * What the system is asked to keep at most of one connection's bytes; it counts twice as many,
   * with its own around them. Left alone it takes up to 4 MiB of each, is slow to give it to
   * thousands that do not read, and then has none for others.
   */
  public static final int SOCKET_BYTES = 128 << 10;

  /** While so many times the bytes would still fit, there is no hurry. */
  private static final int AMPLE = 2;

  /** A client may have so great a part of the sum on lines that cannot be cut. */
  private static final int PART_OF_LASTING = 4;

  /** The same when they have much of it together. */
  private static final int FEW_OF_LASTING = 16;

  private final long most;
  private final long mostOfClient;
  private final Map<String, Long> ofClients = new HashMap<>();
  private final Map<String, Long> lastingOfClients = new HashMap<>();
  private final Set<Line> lines = new HashSet<>();
  private long sum;
  private long lastingSum;

  /**
   * @param most bytes of all clients together
   * @param mostOfClient of one of them
   */
  public Unsent(long most, long mostOfClient) {
    this.most = most;
    this.mostOfClient = mostOfClient;
  }

  /** A sixteenth of the memory that the process may take: direct memory is as scarce. */
  static Unsent ofHeap() {
    long most = Math.max(4 << 20, Runtime.getRuntime().maxMemory() / 16);
    return new Unsent(most, most / 2);
  }

  /** Bytes that are not taken. */
  public synchronized long bytes() {
    return sum;
  }

  /** Whether more than half of what may be there is, or of this client's: time for small pieces. */
  public synchronized boolean isTight(String client) {
    return sum > most / AMPLE || ofClient(client) > mostOfClient / AMPLE;
  }

  /** A connection, or a stream of one. */
  public final class Line {
    private final String client;
    private final Runnable cut;
    private final Queue<Shared> shared = new ArrayDeque<>(2);
    private long waiting;
    private long own;
    private final boolean lasting;
    private boolean closed;

    private Line(String client, Runnable cut, boolean lasting) {
      this.client = client;
      this.cut = cut;
      this.lasting = lasting;
    }

    /** Some bytes of its own wait for its client, which may be the end of this line or another. */
    public void add(long bytes) {
      List<Line> tooMuch;
      synchronized (Unsent.this) {
        tooMuch = adds(bytes);
      }
      tooMuch.forEach(line -> line.cut.run());
    }

    /**
     * As {@link #add(long)}, but adds nothing when this line cannot be cut, and those that cannot
     * have so much already that it does not fit.
     *
     * @return whether it fits
     */
    public boolean tryAdd(long bytes) {
      List<Line> tooMuch;
      synchronized (Unsent.this) {
        if (lasting && !closed && !lastingFits(client, bytes)) {
          return false;
        }
        tooMuch = adds(bytes);
      }
      tooMuch.forEach(line -> line.cut.run());
      return true;
    }

    private List<Line> adds(long bytes) {
      if (closed) {
        return List.of();
      }
      own(bytes);
      return waits(bytes);
    }

    private void own(long bytes) {
      own += bytes;
      charge(client, bytes);
      if (lasting) {
        lastingSum += bytes;
        merge(lastingOfClients, client, bytes);
      }
    }

    /** Its client has taken some of them. */
    public void taken(long bytes) {
      synchronized (Unsent.this) {
        if (!closed) {
          own(-bytes);
          left(bytes);
        }
      }
    }

    /** As {@link #add}, of bytes that other lines may send, too; taken in this order. */
    public void add(Shared bytes) {
      List<Line> tooMuch;
      synchronized (Unsent.this) {
        if (closed) {
          return;
        }
        shared.add(bytes);
        share(bytes);
        tooMuch = waits(bytes.bytes);
      }
      tooMuch.forEach(line -> line.cut.run());
    }

    /** It does not need the first of them any more. */
    public void takenShared() {
      synchronized (Unsent.this) {
        if (!closed) {
          left(giveBackFirst());
        }
      }
    }

    private void share(Shared bytes) {
      bytes.linesOf.merge(client, 1, Integer::sum);
      if (bytes.charged == null) {
        charge(bytes, client);
      }
    }

    private long giveBackFirst() {
      Shared first = shared.remove();
      first.linesOf.computeIfPresent(client, (same, lines) -> lines == 1 ? null : lines - 1);
      if (client.equals(first.charged) && !first.linesOf.containsKey(client)) {
        charge(client, -first.bytes);
        first.charged = null;
        first.linesOf.keySet().stream().findAny().ifPresent(next -> charge(first, next));
      }
      return first.bytes;
    }

    private List<Line> waits(long bytes) {
      waiting += bytes;
      if (!lasting) {
        lines.add(this);
      }
      return tooMuch(client);
    }

    private void left(long bytes) {
      waiting -= bytes;
      if (waiting == 0) {
        lines.remove(this);
      }
    }

    /** It is over, and nothing of it counts any more. May be repeated. */
    public void close() {
      synchronized (Unsent.this) {
        if (!closed) {
          closed = true;
          own(-own);
          while (!shared.isEmpty()) {
            giveBackFirst();
          }
          lines.remove(this);
        }
      }
    }
  }

  /** Bytes that many lines send, from the same memory: one of their clients is charged. */
  public static final class Shared {
    private final long bytes;
    private final Map<String, Integer> linesOf = new LinkedHashMap<>(2);
    private @Nullable String charged;

    public Shared(long bytes) {
      this.bytes = bytes;
    }
  }

  /**
   * A line on which nothing waits.
   *
   * @param client whose it is
   * @param cut ends it, and frees what it holds; called once at most, and must not block
   */
  public Line open(String client, Runnable cut) {
    return new Line(client, cut, false);
  }

  /** A line that cannot be cut; nobody else's is cut for what waits on it. */
  public Line open(String client) {
    return new Line(client, () -> {}, true);
  }

  /**
   * Whether a client may begin what is answered on a line that cannot be cut: whatever others have
   * there, since most answers are too short to be refused.
   */
  public synchronized boolean isRoomForLasting(String client) {
    return isInLastingShare(client, 1);
  }

  private boolean lastingFits(String client, long bytes) {
    return lastingSum + bytes <= most && isInLastingShare(client, bytes);
  }

  /** Whoever has nothing there may have one answer of any size. */
  private boolean isInLastingShare(String client, long bytes) {
    long had = lastingOfClients.getOrDefault(client, 0L);
    boolean few = lastingSum + bytes > most / AMPLE;
    return had == 0 || had + bytes <= most / (few ? FEW_OF_LASTING : PART_OF_LASTING);
  }

  /** Whether a client has left more than it may. */
  public synchronized boolean isTooMuch(String client) {
    return ofClient(client) > mostOfClient;
  }

  private long ofClient(String client) {
    return ofClients.getOrDefault(client, 0L);
  }

  private void charge(Shared bytes, String client) {
    bytes.charged = client;
    charge(client, bytes.bytes);
  }

  private void charge(String client, long bytes) {
    sum += bytes;
    merge(ofClients, client, bytes);
  }

  private static void merge(Map<String, Long> sums, String client, long bytes) {
    sums.merge(client, bytes, (had, more) -> had + more == 0 ? null : had + more);
    sums.remove(client, 0L);
  }

  /** Closes the largest lines until there is not too much that can be cut, or it is no use. */
  private List<Line> tooMuch(String client) {
    List<Line> ended = new ArrayList<>();
    long had = Long.MAX_VALUE;
    while (isTooMuch(client) && ofClient(client) < had) {
      had = ofClient(client);
      closeLargest(line -> line.client.equals(client), ended);
    }
    while (sum - lastingSum > most && closeLargest(line -> true, ended)) {}
    return ended;
  }

  private boolean closeLargest(Predicate<Line> which, List<Line> ended) {
    Optional<Line> largest =
        lines.stream().filter(which).max(Comparator.comparingLong(line -> line.waiting));
    largest.ifPresent(Line::close);
    largest.ifPresent(ended::add);
    return largest.isPresent();
  }
}
