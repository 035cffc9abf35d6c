package io.kubekv.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KeyValue;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.SessionId;
import java.util.Optional;

/** One event of etcd, read as what it does to the store. */
sealed interface Mutation {
  /**
   * An entry was put.
   *
   * @param previous the entry before, when the event carried it
   */
  record EntryPut(Key key, EntryRecord put, Optional<Entry> previous) implements Mutation {}

  /**
   * An entry was deleted.
   *
   * @param previous the entry before, when the event carried it
   */
  record EntryGone(Key key, Optional<Entry> previous) implements Mutation {}

  /** An entry's time to live has begun anew. */
  record Alive(Key key) implements Mutation {}

  /** An entry's time to live has passed, or it has none any more. */
  record NotAlive(Key key) implements Mutation {}

  record SessionBegun(SessionRecord session) implements Mutation {}

  record SessionGone(SessionId id) implements Mutation {}

  record DelayBegun(Key key, DelayRecord delay) implements Mutation {}

  record DelayGone(Key key) implements Mutation {}

  record CauseGiven(CauseRecord cause) implements Mutation {}

  /** Nothing that this store knows of. */
  record Nothing() implements Mutation {}

  static Mutation of(Event event, EtcdKeys keys) {
    boolean put = event.getType() == Event.EventType.PUT;
    Optional<KeyValue> previous =
        event.hasPrevKv() ? Optional.of(event.getPrevKv()) : Optional.empty();
    return put ? put(event.getKv(), previous, keys) : gone(event.getKv().getKey(), previous, keys);
  }

  static Mutation put(KeyValue now, Optional<KeyValue> previous, EtcdKeys keys) {
    return switch (keys.place(now.getKey())) {
      case EtcdKeys.EntryOf entry ->
          new EntryPut(
              entry.key(), EntryRecord.decode(entry.key(), now), entry(entry.key(), previous));
      case EtcdKeys.ExpiryOf expiry -> new Alive(expiry.key());
      case EtcdKeys.DelayOf delay -> new DelayBegun(delay.key(), DelayRecord.decode(now));
      case EtcdKeys.SessionOf session ->
          SessionRecord.decode(session.id(), now)
              .<Mutation>map(SessionBegun::new)
              .orElseGet(() -> new SessionGone(session.id()));
      case EtcdKeys.TheCause cause ->
          CauseRecord.decode(now.getValue()).<Mutation>map(CauseGiven::new).orElseGet(Nothing::new);
      case EtcdKeys.Other other -> new Nothing();
    };
  }

  private static Mutation gone(ByteString key, Optional<KeyValue> previous, EtcdKeys keys) {
    return switch (keys.place(key)) {
      case EtcdKeys.EntryOf entry -> new EntryGone(entry.key(), entry(entry.key(), previous));
      case EtcdKeys.ExpiryOf expiry -> new NotAlive(expiry.key());
      case EtcdKeys.DelayOf delay -> new DelayGone(delay.key());
      case EtcdKeys.SessionOf session -> new SessionGone(session.id());
      case EtcdKeys.TheCause cause -> new Nothing();
      case EtcdKeys.Other other -> new Nothing();
    };
  }

  private static Optional<Entry> entry(Key key, Optional<KeyValue> previous) {
    return previous.map(stored -> EntryRecord.decode(key, stored).entry());
  }
}
