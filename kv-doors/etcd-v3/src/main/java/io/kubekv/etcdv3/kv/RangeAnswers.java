package io.kubekv.etcdv3.kv;

import io.grpc.Status;
import io.kubekv.Entry;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.etcdv3.call.Failures;
import io.kubekv.etcdv3.keys.KeyValues;
import io.kubekv.etcdv3.keys.Ranges;
import io.kubekv.etcdv3.wire.RangeRequest;
import io.kubekv.etcdv3.wire.RangeResponse;
import io.kubekv.etcdv3.wire.ResponseHeader;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a range request wants of the keys that its range has: filtered, sorted, cut to the limit, in
 * this order (etcd 3.6, server/etcdserver/txn/txn.go: executeRange). The count is of all keys of
 * the range, whatever is filtered and cut.
 */
final class RangeAnswers {
  /** More is not answered at once: it stands in memory until it is sent. */
  private static final long MAX_BYTES = 256L << 20;

  private RangeAnswers() {}

  /** Refuses what etcd refuses before it looks. */
  static void check(RangeRequest request) {
    if (request.getKey().isEmpty()) {
      throw Failures.EMPTY_KEY.asRuntimeException();
    }
    if (request.getSortOrder() == RangeRequest.SortOrder.UNRECOGNIZED
        || request.getSortTarget() == RangeRequest.SortTarget.UNRECOGNIZED) {
      throw Failures.INVALID_SORT.asRuntimeException();
    }
  }

  /** What is left of the memory that one answer may take, all ranges of a transaction together. */
  static final class Room {
    private final long most;
    private long bytes;

    Room() {
      this(MAX_BYTES);
    }

    Room(long most) {
      this.most = most;
    }

    /** Refuses what is too much. */
    void take(List<Entry> entries) {
      bytes += entries.stream().mapToLong(entry -> entry.value().size()).sum();
      if (bytes > most) {
        throw Status.RESOURCE_EXHAUSTED
            .withDescription(
                "kubekv: the values of the range have %d bytes, at most %d are answered; set a limit"
                    .formatted(bytes, most))
            .asRuntimeException();
      }
    }
  }

  /** What is to be listed: as many of the first keys of the range as the answer is made of. */
  static ListRequest needed(RangeRequest request) {
    ListRequest all = ListRequest.of(Ranges.of(request.getKey(), request.getRangeEnd()));
    if (request.getCountOnly()) {
      return all.withLimit(1);
    }
    return limitsFirst(request) || isInOrder(request)
        ? all.withLimit((int) request.getLimit() + 1)
        : all;
  }

  /** Whether a limit cuts keys that are as they stand. */
  private static boolean isInOrder(RangeRequest request) {
    return isLimited(request)
        && request.getSortOrder() == RangeRequest.SortOrder.ASCEND
        && request.getSortTarget() == RangeRequest.SortTarget.KEY;
  }

  /** What was found of a range. */
  record Found(List<Entry> entries, long count) {
    static Found of(Listing listing) {
      return new Found(listing.entries(), listing.count());
    }

    static Found of(Lookup lookup) {
      List<Entry> entries = lookup.entry().stream().toList();
      return new Found(entries, entries.size());
    }
  }

  /**
   * The answer.
   *
   * @param found the keys that it {@linkplain #needed needs}, or more, in order
   */
  static RangeResponse of(RangeRequest request, Found found, ResponseHeader header, Room room) {
    List<Entry> entries = found.entries();
    RangeResponse.Builder answer =
        RangeResponse.newBuilder().setHeader(header).setCount(found.count());
    if (request.getCountOnly()) {
      return answer.build();
    }
    long limit = request.getLimit();
    Stream<Entry> looked =
        limitsFirst(request) ? entries.stream().limit(limit + 1) : entries.stream();
    List<Entry> wanted = sorted(request, looked.filter(kept(request))).toList();
    boolean more = limit > 0 && wanted.size() > limit;
    List<Entry> first = more ? wanted.subList(0, (int) limit) : wanted;
    if (!request.getKeysOnly()) {
      room.take(first);
    }
    first.forEach(
        entry ->
            answer.addKvs(request.getKeysOnly() ? KeyValues.keyOnly(entry) : KeyValues.of(entry)));
    return answer.setMore(more).build();
  }

  /**
   * Where neither an order nor a revision is asked for, etcd looks at no more keys than the limit
   * and one, even where another target than the key then sorts these.
   */
  private static boolean limitsFirst(RangeRequest request) {
    return isLimited(request) && request.getSortOrder() == RangeRequest.SortOrder.NONE;
  }

  /** Whether it has a limit, and wants keys whatever their revisions are. */
  private static boolean isLimited(RangeRequest request) {
    return request.getLimit() > 0
        && request.getLimit() < Integer.MAX_VALUE
        && request.getMinModRevision() == 0
        && request.getMaxModRevision() == 0
        && request.getMinCreateRevision() == 0
        && request.getMaxCreateRevision() == 0;
  }

  private static Predicate<Entry> kept(RangeRequest request) {
    return entry -> {
      long changed = entry.modifyRevision().value();
      long created = entry.createRevision().value();
      return within(changed, request.getMinModRevision(), request.getMaxModRevision())
          && within(created, request.getMinCreateRevision(), request.getMaxCreateRevision());
    };
  }

  private static boolean within(long revision, long least, long most) {
    return (least == 0 || revision >= least) && (most == 0 || revision <= most);
  }

  /** Without an order and by another target than the key, upwards. */
  private static Stream<Entry> sorted(RangeRequest request, Stream<Entry> entries) {
    boolean byKey = request.getSortTarget() == RangeRequest.SortTarget.KEY;
    return switch (request.getSortOrder()) {
      case NONE, ASCEND -> byKey ? entries : entries.sorted(order(request.getSortTarget()));
      case DESCEND -> entries.sorted(order(request.getSortTarget()).reversed());
      case UNRECOGNIZED -> throw Failures.INVALID_SORT.asRuntimeException();
    };
  }

  private static Comparator<Entry> order(RangeRequest.SortTarget target) {
    return switch (target) {
      case KEY -> Comparator.comparing(Entry::key);
      case VERSION -> Comparator.comparingLong(Entry::version);
      case CREATE -> Comparator.comparing(Entry::createRevision);
      case MOD -> Comparator.comparing(Entry::modifyRevision);
      case VALUE -> Comparator.comparing(Entry::value);
      case UNRECOGNIZED -> throw Failures.INVALID_SORT.asRuntimeException();
    };
  }
}
