package io.kubekv.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Linearizable reads: each asks etcd. Thread-safe. */
final class Reads {
  private static final long PAGE = 2000;

  /**
   * What stood in some spans.
   *
   * @param stored in order
   * @param revision of the one state that all were read from
   */
  record Content(List<KeyValue> stored, Revision revision) {}

  private final Etcd etcd;
  private final EtcdKeys keys;
  private final Health health;

  Reads(Etcd etcd, EtcdKeys keys, Health health) {
    this.etcd = etcd;
    this.keys = keys;
    this.health = health;
  }

  Lookup get(Key key, Deadline deadline) {
    RangeResponse answer = ask(Span.of(keys.entry(key)), deadline);
    Optional<Entry> entry =
        answer.getKvsList().stream()
            .findFirst()
            .map(stored -> EntryRecord.decode(key, stored).entry());
    return new Lookup(entry, revision(answer));
  }

  Listing list(ListRequest request, Deadline deadline) {
    Content content = content(keys.entries(request.range()), Revision.ZERO, deadline);
    return Listings.cut(request, entries(content), content.revision());
  }

  /** One session, and the revision of the state that was read. */
  Optional<Session> session(SessionId id, Deadline deadline) {
    return ask(Span.of(keys.session(id)), deadline).getKvsList().stream()
        .findFirst()
        .flatMap(stored -> SessionRecord.decode(id, stored))
        .map(SessionRecord::session);
  }

  List<Session> sessions(Deadline deadline) {
    List<Session> sessions = new ArrayList<>();
    for (KeyValue stored : content(List.of(keys.sessions()), Revision.ZERO, deadline).stored()) {
      if (keys.place(stored.getKey()) instanceof EtcdKeys.SessionOf place) {
        SessionRecord.decode(place.id(), stored)
            .map(SessionRecord::session)
            .ifPresent(sessions::add);
      }
    }
    return sessions;
  }

  /** The revision that etcd is at. */
  Revision revision(Deadline deadline) {
    return revision(ask(Span.of(keys.cause()), deadline));
  }

  /** The entries among what was read. */
  List<Entry> entries(Content content) {
    List<Entry> entries = new ArrayList<>();
    for (KeyValue stored : content.stored()) {
      if (keys.place(stored.getKey()) instanceof EtcdKeys.EntryOf place) {
        entries.add(EntryRecord.decode(place.key(), stored).entry());
      }
    }
    return entries;
  }

  private RangeResponse ask(Span span, Deadline deadline) {
    RangeRequest request =
        RangeRequest.newBuilder().setKey(span.from()).setRangeEnd(span.end()).build();
    return health.asking(deadline, within -> etcd.range(request, within));
  }

  /**
   * Reads page by page, all at one revision.
   *
   * @param at that revision; with zero it is the current one, and another when that is compacted
   *     while it is read
   */
  Content content(List<Span> spans, Revision at, Deadline deadline) {
    return health.asking(
        deadline,
        within -> {
          try {
            return pages(etcd, spans, at, deadline);
          } catch (EtcdFailure failed) {
            boolean compacted = failed.kind() == EtcdFailure.Kind.OUT_OF_RANGE;
            throw compacted && at.equals(Revision.ZERO)
                ? new EtcdFailure(EtcdFailure.Kind.UNKNOWN, "compacted while it was read")
                : failed;
          }
        });
  }

  /**
   * All that stands in the spans.
   *
   * @param at the revision to read at; zero for the current one
   */
  static Content pages(Etcd etcd, List<Span> spans, Revision at, Deadline deadline)
      throws EtcdFailure {
    List<KeyValue> stored = new ArrayList<>();
    Revision pinned = at;
    for (Span span : spans) {
      boolean more = true;
      for (ByteString from = span.from(); more; ) {
        RangeRequest page =
            RangeRequest.newBuilder()
                .setKey(from)
                .setRangeEnd(span.end())
                .setLimit(PAGE)
                .setRevision(pinned.value())
                .build();
        RangeResponse answer = etcd.range(page, deadline);
        stored.addAll(answer.getKvsList());
        pinned = pinned.equals(Revision.ZERO) ? revision(answer) : pinned;
        more = answer.getMore() && answer.getKvsCount() > 0;
        if (more) {
          from = stored.getLast().getKey().concat(ByteString.copyFrom(new byte[] {0}));
        }
      }
    }
    return new Content(stored, pinned);
  }

  private static Revision revision(RangeResponse answer) {
    return new Revision(answer.getHeader().getRevision());
  }
}
