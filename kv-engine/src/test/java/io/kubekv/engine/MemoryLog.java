package io.kubekv.engine;

import io.kubekv.Bytes;
import io.kubekv.engine.log.EntryCodec;
import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Root;
import io.kubekv.engine.log.Snapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A log in memory that several replicas reach, each over a link of its own; entries and snapshots
 * are kept as bytes. Thread-safe.
 */
final class MemoryLog {
  /** What lies between a replica and the log; a test says what goes wrong there. */
  interface Link {
    /** Carries something one way; it may take its time, or lose it and never run it. */
    void carry(Runnable message);

    /** Whether the answer of an append gets lost. */
    boolean losesAnswer();

    /** Whether an append gets lost on its way. */
    boolean losesRequest();

    /** Whether the replica misses an event, and is told so. */
    boolean losesEvent();
  }

  private final NavigableMap<Long, Bytes> entries = new TreeMap<>();
  private final NavigableMap<Long, Bytes> dropped = new TreeMap<>();
  private final Map<String, Bytes> chunks = new HashMap<>();
  private final List<Root> snapshots = new ArrayList<>();
  private final List<Client> clients = new CopyOnWriteArrayList<>();
  private Optional<Bytes> manifest = Optional.empty();
  private final int room;
  private final int maxEntryBytes;
  private long trimmed;
  private volatile boolean full;

  MemoryLog() {
    this(Integer.MAX_VALUE);
  }

  MemoryLog(int room) {
    this(room, 256 << 10);
  }

  /**
   * @param room how many entries it takes above its snapshot
   * @param maxEntryBytes how large they may be
   */
  MemoryLog(int room, int maxEntryBytes) {
    this.room = room;
    this.maxEntryBytes = maxEntryBytes;
  }

  /** A replica's way to the log. */
  Log client(Link link) {
    Client client = new Client(link);
    clients.add(client);
    return client;
  }

  void setFull(boolean now) {
    full = now;
  }

  /** Asks all replicas for a snapshot. */
  void askForSnapshot() {
    clients.forEach(Client::askForSnapshot);
  }

  /** Lets all replicas see what they have not seen. */
  void tellAll() {
    clients.forEach(Client::tell);
  }

  /** The entries that stand there, in the order of their positions. */
  synchronized List<LogEntry> entries() {
    return entriesAfter(0);
  }

  /** The same, with those before them that the log has dropped. */
  synchronized List<LogEntry> allEntries() {
    List<LogEntry> all =
        new ArrayList<>(dropped.values().stream().map(MemoryLog::decoded).toList());
    all.addAll(entries());
    return all;
  }

  /** The snapshots that stood there one after the other. */
  synchronized List<Root> snapshots() {
    return List.copyOf(snapshots);
  }

  /** Puts an entry where somebody who may not write has put it. */
  synchronized void forge(LogEntry entry) {
    entries.put(entry.position(), Bytes.copyOf(EntryCodec.encode(entry)));
  }

  private synchronized List<LogEntry> entriesAfter(long position) {
    return entries.tailMap(position, false).values().stream().map(MemoryLog::decoded).toList();
  }

  private static LogEntry decoded(Bytes bytes) {
    try {
      return EntryCodec.decode(bytes.toArray());
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private synchronized Log.Appended put(LogEntry entry) {
    if (entry.position() <= trimmed) {
      return new Log.Appended.Taken();
    }
    Bytes mine = Bytes.copyOf(EntryCodec.encode(entry));
    Bytes there = entries.get(entry.position());
    if (there != null) {
      return there.equals(mine) ? new Log.Appended.Ours() : new Log.Appended.Taken();
    }
    if (full || entries.size() >= room) {
      return new Log.Appended.Full(Duration.ofMillis(1));
    }
    entries.put(entry.position(), mine);
    return new Log.Appended.Ours();
  }

  private synchronized boolean isHalfFull() {
    return entries.size() >= room / 2;
  }

  private synchronized Log.Recovered recovered() throws IOException {
    Root base = manifest.isEmpty() ? Root.EMPTY : Snapshot.read(manifest.get(), this::chunk);
    return new Log.Recovered(base, entriesAfter(base.position()));
  }

  private Bytes chunk(String name) {
    return Optional.ofNullable(chunks.get(name)).orElseThrow();
  }

  private synchronized void keep(Root root) {
    if (root.position() <= trimmed) {
      return;
    }
    Snapshot snapshot = Snapshot.of(root);
    chunks.putAll(snapshot.chunks());
    manifest = Optional.of(snapshot.manifest());
    snapshots.add(root);
    trimmed = root.position();
    dropped.putAll(entries.headMap(trimmed, true));
    entries.headMap(trimmed, true).clear();
  }

  private final class Client implements Log {
    private final Link link;
    private final AtomicLong sent = new AtomicLong();
    private @Nullable Listener listener;
    private long told;

    Client(Link link) {
      this.link = link;
    }

    @Override
    public CompletableFuture<Recovered> open() {
      CompletableFuture<Recovered> answer = new CompletableFuture<>();
      link.carry(
          () -> {
            try {
              Recovered all = recovered();
              link.carry(() -> answer.complete(all));
            } catch (IOException damaged) {
              answer.completeExceptionally(damaged);
            }
          });
      return answer;
    }

    @Override
    public long written() {
      return sent.get();
    }

    @Override
    public CompletableFuture<Appended> append(LogEntry entry) {
      CompletableFuture<Appended> answer = new CompletableFuture<>();
      if (entry.bytes() > maxEntryBytes) {
        throw new AssertionError("an entry of " + entry.bytes() + " bytes");
      }
      sent.addAndGet(EntryCodec.encode(entry).length);
      if (link.losesRequest()) {
        return CompletableFuture.failedFuture(new IOException("the request was lost"));
      }
      boolean answerGetsLost = link.losesAnswer();
      link.carry(
          () -> {
            Appended what = put(entry);
            if (answerGetsLost) {
              link.carry(() -> answer.completeExceptionally(new IOException("no answer came")));
            } else {
              link.carry(() -> answer.complete(what));
            }
            clients.forEach(client -> client.link.carry(client::tell));
            if (isHalfFull()) {
              link.carry(this::askForSnapshot);
            }
          });
      return answer;
    }

    @Override
    public synchronized void follow(long position, Listener newListener) {
      listener = newListener;
      told = position;
      link.carry(this::tell);
    }

    private synchronized void askForSnapshot() {
      if (listener != null) {
        listener.snapshotWanted();
      }
    }

    /** Tells what the listener has not heard, in order. */
    private synchronized void tell() {
      for (LogEntry next : new ArrayList<>(entriesAfter(told))) {
        Listener following = listener;
        if (following == null || next.position() <= told) {
          continue;
        }
        if (next.position() > told + 1) {
          tellOfAGap(following, next.position());
          return;
        }
        told = next.position();
        if (link.losesEvent()) {
          listener = null;
          following.missed();
        } else {
          following.decided(next);
        }
      }
    }

    /** What lies between was dropped, or has not come. */
    private void tellOfAGap(Listener following, long position) {
      if (told < trimmed && position > trimmed) {
        listener = null;
        following.missed();
      }
    }

    @Override
    public CompletableFuture<Void> snapshot(Root root) {
      CompletableFuture<Void> answer = new CompletableFuture<>();
      link.carry(
          () -> {
            keep(root);
            link.carry(() -> answer.complete(null));
          });
      return answer;
    }

    @Override
    public int maxEntryBytes() {
      return maxEntryBytes;
    }

    @Override
    public int maxParts() {
      return room / 2;
    }

    @Override
    public synchronized void close() {
      listener = null;
      clients.remove(this);
    }
  }
}
