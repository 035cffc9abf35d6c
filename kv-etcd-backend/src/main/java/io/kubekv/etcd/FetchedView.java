package io.kubekv.etcd;

import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.ResponseOp;
import io.kubekv.Key;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What one transaction has read, at its one revision: at most the first key of each span. */
final class FetchedView implements View {
  private final EtcdKeys keys;
  private final Revision revision;
  private final Map<Span, Optional<KeyValue>> found = new HashMap<>();

  /** The answers stand in the order of {@code spans}. */
  FetchedView(EtcdKeys keys, Set<Span> spans, List<ResponseOp> answers, Revision revision) {
    this.keys = keys;
    this.revision = revision;
    Iterator<ResponseOp> next = answers.iterator();
    for (Span span : spans) {
      found.put(span, next.next().getResponseRange().getKvsList().stream().findFirst());
    }
  }

  /** Reads the first key of a span; of more than one key, only whether there is one. */
  static RequestOp reading(Span span) {
    return RequestOp.newBuilder()
        .setRequestRange(
            RangeRequest.newBuilder()
                .setKey(span.from())
                .setRangeEnd(span.end())
                .setLimit(1)
                .setKeysOnly(!span.isOneKey()))
        .build();
  }

  @Override
  public Revision revision() {
    return revision;
  }

  @Override
  public Optional<EntryRecord> entry(Key key) {
    return first(Span.of(keys.entry(key))).map(stored -> EntryRecord.decode(key, stored));
  }

  @Override
  public boolean hasBelow(Key key) {
    return first(keys.entriesBelow(key.below())).isPresent();
  }

  @Override
  public Optional<SessionRecord> session(SessionId id) {
    return first(Span.of(keys.session(id))).flatMap(stored -> SessionRecord.decode(id, stored));
  }

  @Override
  public Optional<DelayRecord> delay(Key key) {
    return first(Span.of(keys.delay(key))).map(DelayRecord::decode);
  }

  @Override
  public boolean covers(Span span) {
    return found.containsKey(span);
  }

  private Optional<KeyValue> first(Span span) {
    return found.getOrDefault(span, Optional.empty());
  }
}
