package io.kubekv.etcdv3.probes;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.kubekv.etcdv3.wire.CompactionRequest;
import io.kubekv.etcdv3.wire.Compare;
import io.kubekv.etcdv3.wire.DeleteRangeRequest;
import io.kubekv.etcdv3.wire.LeaseGrantRequest;
import io.kubekv.etcdv3.wire.LeaseRevokeRequest;
import io.kubekv.etcdv3.wire.LeaseTimeToLiveRequest;
import io.kubekv.etcdv3.wire.PutRequest;
import io.kubekv.etcdv3.wire.RangeRequest;
import io.kubekv.etcdv3.wire.RequestOp;
import io.kubekv.etcdv3.wire.TxnRequest;
import io.kubekv.etcdv3.wire.WatchCreateRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random programs: few keys and leases, so that they meet; revisions are counted from where the
 * program begins. A step is the request itself.
 */
final class Programs {
  private static final List<String> NAMES =
      List.of("a", "a/", "a/b", "a/c", "ab", "b", "b/é", "b\u00bf", "~");

  private final Random random;
  private final String prefix;
  private final long leases;
  private int steps;

  /** How far such a watch has come when a compaction is asked for is chance in etcd. */
  private boolean looksBack;

  /** A watch from the very revision of it is told what stood before by kubekv alone. */
  private boolean compacts;

  /**
   * @param prefix of all keys
   * @param leases the first of the lease numbers that may be used
   */
  Programs(long seed, String prefix, long leases) {
    this.random = new Random(seed);
    this.prefix = prefix;
    this.leases = leases;
  }

  List<Message> program(int length) {
    List<Message> program = new ArrayList<>();
    program.add(put().toBuilder().clearLease().setKey(text(prefix + "a")).build());
    for (steps = 0; steps < length; steps++) {
      program.add(step());
    }
    return program;
  }

  /** What all its watches see last. */
  static ByteString last(String prefix) {
    return text(prefix + "~~");
  }

  private Message step() {
    return switch (random.nextInt(22)) {
      case 0, 1, 2, 3, 4 -> put();
      case 5, 6, 7, 8 -> range();
      case 9, 10, 11 -> delete();
      case 12, 13, 14, 15 -> Survivable.by(txn(3));
      case 16 -> LeaseGrantRequest.newBuilder().setID(lease()).setTTL(ttl()).build();
      case 17 -> LeaseRevokeRequest.newBuilder().setID(lease()).build();
      case 18 -> watch();
      case 19 -> rarely() && !looksBack ? compaction() : Survivable.by(txn(3));
      default ->
          LeaseTimeToLiveRequest.newBuilder().setID(lease()).setKeys(random.nextBoolean()).build();
    };
  }

  private CompactionRequest compaction() {
    compacts = true;
    return CompactionRequest.newBuilder().setRevision(1 + revision()).build();
  }

  /** From some key on to behind the last of all. */
  private WatchCreateRequest watch() {
    ByteString from = rarely() ? text(prefix + "b") : text(prefix);
    WatchCreateRequest.Builder watch =
        WatchCreateRequest.newBuilder()
            .setKey(from)
            .setRangeEnd(rarely() ? text(prefix) : text(end(prefix)))
            .setPrevKv(random.nextBoolean())
            .setFragment(rarely())
            .setStartRevision(random.nextBoolean() ? 0 : 1 + revision());
    looksBack |= watch.getStartRevision() != 0;
    watch.setPrevKv(watch.getPrevKv() && !(compacts && watch.getStartRevision() != 0));
    return switch (random.nextInt(4)) {
      case 0 -> watch.addFilters(WatchCreateRequest.FilterType.NOPUT).build();
      case 1 -> watch.addFilters(WatchCreateRequest.FilterType.NODELETE).build();
      default -> watch.build();
    };
  }

  /** What is behind all keys with a prefix that ends in a slash. */
  static String end(String prefix) {
    return prefix.substring(0, prefix.length() - 1) + "0";
  }

  private long ttl() {
    return rarely() ? 9_000_000_001L : 1000;
  }

  private long lease() {
    return leases + random.nextInt(3);
  }

  private boolean rarely() {
    return random.nextInt(12) == 0;
  }

  private boolean veryRarely() {
    return random.nextInt(144) == 0;
  }

  private ByteString key() {
    return veryRarely() ? ByteString.EMPTY : text(prefix + NAMES.get(random.nextInt(NAMES.size())));
  }

  private static ByteString text(String text) {
    return ByteString.copyFromUtf8(text);
  }

  /** Begin and end of a range, of all kinds, within the prefix. */
  private ByteString[] keys() {
    ByteString key = key();
    if (key.isEmpty()) {
      return new ByteString[] {key, key};
    }
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> new ByteString[] {key, ByteString.EMPTY};
      case 3 -> new ByteString[] {key, text(prefix + NAMES.get(random.nextInt(NAMES.size())))};
      case 4 -> new ByteString[] {text(prefix), text(end(prefix))};
      case 5 ->
          new ByteString[] {key.concat(ByteString.copyFrom(new byte[1])), bytes(prefix, 0xff)};
      case 6 -> new ByteString[] {key, bytes(prefix + "b", 0xc2)};
      default -> new ByteString[] {key, key.concat(ByteString.copyFrom(new byte[] {(byte) 0xff}))};
    };
  }

  private static ByteString bytes(String text, int last) {
    return text(text).concat(ByteString.copyFrom(new byte[] {(byte) last}));
  }

  private ByteString value() {
    return text("v" + random.nextInt(4));
  }

  private PutRequest put() {
    PutRequest.Builder put = PutRequest.newBuilder().setKey(key()).setPrevKv(random.nextBoolean());
    boolean ignoresValue = rarely();
    if (!ignoresValue || rarely()) {
      put.setValue(value());
    }
    put.setIgnoreValue(ignoresValue);
    if (random.nextInt(4) == 0) {
      put.setLease(lease());
    } else {
      put.setIgnoreLease(rarely());
    }
    return put.build();
  }

  private long revision() {
    return random.nextInt(Math.max(1, steps + 2));
  }

  private RangeRequest range() {
    ByteString[] keys = keys();
    RangeRequest.Builder range =
        RangeRequest.newBuilder()
            .setKey(keys[0])
            .setRangeEnd(keys[1])
            .setKeysOnly(rarely())
            .setCountOnly(rarely())
            .setSerializable(rarely())
            .setSortOrderValue(random.nextInt(3))
            .setSortTargetValue(random.nextInt(5));
    if (random.nextInt(3) == 0) {
      range.setLimit(random.nextInt(4));
    }
    if (random.nextInt(6) == 0) {
      range.setMinModRevision(revision()).setMaxModRevision(revision());
    }
    if (random.nextInt(6) == 0) {
      range.setMinCreateRevision(revision()).setMaxCreateRevision(revision());
    }
    if (random.nextInt(4) == 0) {
      range.setRevision(revision());
    }
    return veryRarely() ? range.setSortOrderValue(9).build() : range.build();
  }

  private DeleteRangeRequest delete() {
    ByteString[] keys = keys();
    return DeleteRangeRequest.newBuilder()
        .setKey(keys[0])
        .setRangeEnd(keys[1])
        .setPrevKv(random.nextBoolean())
        .build();
  }

  /** Of all that follow; in a transaction it may stand beside puts. */
  private DeleteRangeRequest deleteUpToNul() {
    return delete().toBuilder().setKey(text(prefix)).setRangeEnd(Survivable.NUL).build();
  }

  private TxnRequest txn(int depth) {
    TxnRequest.Builder txn = TxnRequest.newBuilder();
    for (int i = random.nextInt(3); i > 0; i--) {
      txn.addCompare(compare());
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      txn.addSuccess(operation(depth));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      txn.addFailure(operation(depth));
    }
    return txn.build();
  }

  private RequestOp operation(int depth) {
    RequestOp.Builder operation = RequestOp.newBuilder();
    return switch (random.nextInt(depth > 1 ? 8 : 6)) {
      case 0, 1, 2 -> operation.setRequestPut(put()).build();
      case 3, 4 -> operation.setRequestRange(range()).build();
      case 5 -> operation.setRequestDeleteRange(rarely() ? deleteUpToNul() : delete()).build();
      default -> operation.setRequestTxn(txn(depth - 1)).build();
    };
  }

  private Compare compare() {
    ByteString[] keys = keys();
    Compare.Builder compare =
        Compare.newBuilder().setKey(keys[0]).setRangeEnd(keys[1]).setResultValue(random.nextInt(4));
    return switch (random.nextInt(5)) {
      case 0 ->
          compare.setTarget(Compare.CompareTarget.VERSION).setVersion(random.nextInt(3)).build();
      case 1 ->
          compare.setTarget(Compare.CompareTarget.CREATE).setCreateRevision(revision()).build();
      case 2 -> compare.setTarget(Compare.CompareTarget.MOD).setModRevision(revision()).build();
      case 3 -> compare.setTarget(Compare.CompareTarget.VALUE).setValue(value()).build();
      default ->
          compare.setTarget(Compare.CompareTarget.LEASE).setLease(rarely() ? lease() : 0).build();
    };
  }
}
