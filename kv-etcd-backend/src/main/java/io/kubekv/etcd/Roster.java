package io.kubekv.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes that serve a store: each puts a key that says what it is, attached to a lease, and
 * looks every second who else has. Nothing else of the store depends on it. Thread-safe.
 */
final class Roster {
  private static final Logger LOG = LoggerFactory.getLogger(Roster.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  /** How long a process that has vanished is shown, at most a second longer. */
  private static final long LEASE_SECONDS = 10;

  private static final Duration KEEP_ALIVE_EVERY = Duration.ofSeconds(3);

  /** What is beyond these is none of ours, and is not looked at. */
  private static final int MOST_MEMBERS = 1000;

  private static final int MOST_BYTES = 8192;

  private final Etcd etcd;
  private final EtcdKeys keys;
  private final String process;
  private final ByteString description;
  private final Duration requestTimeout;
  private Deadline nextKeepAlive = Deadline.in(Duration.ZERO);
  private volatile long lease;
  private volatile boolean closed;
  private volatile Map<String, String> seen;

  /**
   * @param description what the others are told of this process; 8 KiB at most
   */
  Roster(Etcd etcd, EtcdKeys keys, String process, String description, Duration requestTimeout) {
    this.etcd = etcd;
    this.keys = keys;
    this.process = process;
    this.description = ByteString.copyFromUtf8(description);
    this.requestTimeout = requestTimeout;
    this.seen = Map.of(process, description);
    if (this.description.size() > MOST_BYTES) {
      throw new IllegalArgumentException(
          "what the other processes are told of this one is longer than " + MOST_BYTES + " bytes");
    }
  }

  /**
   * What each process says of itself, by its name; this one among them in any case. As last seen,
   * while etcd does not answer.
   */
  Map<String, String> members() {
    return seen;
  }

  /** Runs until it is closed. */
  void run() {
    while (!closed && Threads.pause(EVERY)) {
      round();
    }
  }

  /** Once what {@link #run} does each second; blocks for a request's time at most. Never fails. */
  void round() {
    try {
      look(Deadline.in(requestTimeout));
    } catch (EtcdFailure failed) {
      LOG.debug("the members stay as they were seen: {}", failed.getMessage());
    } catch (RuntimeException bug) {
      LOG.error("the members stay as they were seen", bug);
    }
  }

  private void look(Deadline deadline) throws EtcdFailure {
    keep(deadline);
    Span all = keys.members();
    RangeRequest question =
        RangeRequest.newBuilder()
            .setKey(all.from())
            .setRangeEnd(all.end())
            .setLimit(MOST_MEMBERS)
            .build();
    Map<String, String> members = new TreeMap<>();
    for (KeyValue member : etcd.range(question, deadline).getKvsList()) {
      if (member.getValue().size() <= MOST_BYTES) {
        members.put(keys.memberName(member.getKey()), member.getValue().toStringUtf8());
      }
    }
    members.put(process, description.toStringUtf8());
    seen = Map.copyOf(members);
  }

  private void keep(Deadline deadline) throws EtcdFailure {
    if (lease != 0 && !nextKeepAlive.passed()) {
      return;
    }
    if (lease == 0 || !etcd.keepAlive(lease, deadline)) {
      lease = etcd.grant(LEASE_SECONDS, deadline).lease();
      put(lease, deadline);
    }
    nextKeepAlive = Deadline.in(KEEP_ALIVE_EVERY);
  }

  private void put(long with, Deadline deadline) throws EtcdFailure {
    PutRequest put =
        PutRequest.newBuilder()
            .setKey(keys.member(process))
            .setValue(description)
            .setLease(with)
            .build();
    try {
      etcd.txn(
          TxnRequest.newBuilder().addSuccess(RequestOp.newBuilder().setRequestPut(put)).build(),
          deadline);
    } catch (EtcdFailure failed) {
      lease = 0;
      throw failed;
    }
  }

  /** The others see it no longer; its lease does that when this fails. */
  void close() {
    closed = true;
    long held = lease;
    if (held == 0) {
      return;
    }
    try {
      etcd.revoke(held, Deadline.in(Duration.ofSeconds(1)));
    } catch (EtcdFailure failed) {
      LOG.debug("this process is shown until its lease is over: {}", failed.getMessage());
    }
  }
}
