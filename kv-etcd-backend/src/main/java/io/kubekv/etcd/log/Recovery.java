package io.kubekv.etcd.log;

import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.kubekv.engine.log.EntryCodec;
import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Parts;
import io.kubekv.engine.log.Root;
import io.kubekv.engine.state.Commit;
import io.kubekv.engine.state.State;
import io.kubekv.etcd.EtcdFailure;
import io.kubekv.etcd.api.Answers;
import io.kubekv.etcd.api.EtcdClient;
import io.kubekv.etcd.api.LogKeys;
import io.kubekv.etcd.snapshot.Snapshots;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a log as it stood at one revision of etcd. For virtual threads. */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  private static final int READ_AT_ONCE = 64;

  private final EtcdClient client;
  private final LogKeys keys;
  private final Snapshots snapshots;

  Recovery(EtcdClient client, LogKeys keys) {
    this.client = client;
    this.keys = keys;
    this.snapshots = new Snapshots(client, keys);
  }

  /**
   * What was read.
   *
   * @param last the last entry that stands
   * @param damaged whether the newest snapshot was passed over
   */
  record Read(Log.Recovered log, Told last, boolean damaged) {}

  /**
   * The newest snapshot and the entries above it. Where a part of that snapshot is missing or
   * damaged: the one before, with the entries that still stand above that.
   *
   * @throws IOException when what is there is no log; the message says where, and what to do
   */
  Read read() throws IOException, EtcdFailure, InterruptedException {
    Snapshots.Standing standing = snapshots.standing();
    if (standing.newest().isEmpty()) {
      return above(Root.EMPTY, standing.revision(), false);
    }
    try {
      Root base = snapshots.read(standing.newest().get(), standing.revision());
      return above(base, standing.revision(), false);
    } catch (IOException damaged) {
      LOG.error("{}; the snapshot before it is read", damaged.getMessage());
      return fromThePrevious(standing, damaged);
    }
  }

  private Read fromThePrevious(Snapshots.Standing standing, IOException damaged)
      throws IOException, EtcdFailure, InterruptedException {
    try {
      Root base =
          standing.previous().isEmpty()
              ? Root.EMPTY
              : snapshots.read(standing.previous().get(), standing.revision());
      return above(base, standing.revision(), true);
    } catch (IOException both) {
      throw new IOException(
          "%s; and the one before does not help: %s. If a replica still runs, export from it; else restore etcd from a backup, or delete what stands below the log's prefix and import an export"
              .formatted(damaged.getMessage(), both.getMessage()),
          both);
    }
  }

  private Read above(Root base, long revision, boolean damaged)
      throws IOException, EtcdFailure, InterruptedException {
    List<LogEntry> entries = new ArrayList<>();
    Told last = Told.at(base.position());
    for (KeyValue kv : standing(Math.max(1, base.position()), revision)) {
      LogEntry entry = decoded(kv);
      if (entry.position() == base.position() && entry.nonce() == base.nonce()) {
        last = Told.of(entry.position(), kv);
      } else if (entry.position() == last.position() + 1) {
        entries.add(entry);
        last = Told.of(entry.position(), kv);
      } else {
        throw new IOException(
            "entry %d of the log is missing: etcd has no key %s, but later ones"
                .formatted(last.position() + 1, keys.entry(last.position() + 1).toStringUtf8()));
      }
    }
    return damaged
        ? new Read(applied(base, entries), last, true)
        : new Read(new Log.Recovered(base, entries), last, false);
  }

  private List<KeyValue> standing(long first, long revision)
      throws EtcdFailure, InterruptedException {
    List<KeyValue> all = new ArrayList<>();
    long from = first;
    while (true) {
      RangeResponse page =
          Answers.await(
              client.range(
                  RangeRequest.newBuilder()
                      .setKey(keys.entry(from))
                      .setRangeEnd(keys.entriesEnd())
                      .setRevision(revision)
                      .setLimit(READ_AT_ONCE)
                      .build()));
      all.addAll(page.getKvsList());
      if (!page.getMore()) {
        return all;
      }
      from = keys.position(all.getLast().getKey()).orElse(from) + 1;
    }
  }

  private static LogEntry decoded(KeyValue kv) throws IOException {
    try {
      return EntryCodec.decode(kv.getValue().toByteArray());
    } catch (IOException damaged) {
      throw new IOException(
          "the key %s in etcd is damaged: %s"
              .formatted(kv.getKey().toStringUtf8(), damaged.getMessage()),
          damaged);
    }
  }

  /** The state that the entries lead to, and the parts behind it of a change that is not whole. */
  private static Log.Recovered applied(Root base, List<LogEntry> entries) throws IOException {
    Parts parts = new Parts();
    Root root = base;
    Root whole = base;
    int applied = 0;
    for (int i = 0; i < entries.size(); i++) {
      LogEntry entry = entries.get(i);
      if (!entry.follows(root) || entry.minReader() > LogEntry.READER) {
        throw new IOException("entry %d of the log cannot be applied".formatted(entry.position()));
      }
      State state = root.state();
      for (Commit commit : parts.take(entry)) {
        state = state.apply(commit);
      }
      root = new Root(state, entry.position(), entry.epoch(), entry.nonce());
      if (entry.isWhole()) {
        whole = root;
        applied = i + 1;
      }
    }
    return new Log.Recovered(whole, entries.subList(applied, entries.size()));
  }
}
