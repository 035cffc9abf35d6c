package io.kubekv.etcdv3;

import io.kubekv.etcdv3.wire.Event;
import io.kubekv.etcdv3.wire.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Splits what is too large for one message, where the client asked for that (etcd 3.6,
 * server/etcdserver/api/v3rpc/watch.go: sendFragments).
 */
final class Fragments {
  /** etcd's --max-request-bytes and 512 KiB more. */
  private static final long MAX_BYTES = 4 << 19;

  private Fragments() {}

  static void send(WatchResponse whole, boolean mayBeSplit, Consumer<WatchResponse> to) {
    if (!mayBeSplit || whole.getEventsCount() < 2 || whole.getSerializedSize() < MAX_BYTES) {
      to.accept(whole);
      return;
    }
    WatchResponse empty = whole.toBuilder().clearEvents().setFragment(true).build();
    List<Event> part = new ArrayList<>();
    long bytes = empty.getSerializedSize();
    for (Event event : whole.getEventsList()) {
      long more = event.getSerializedSize() + 8L;
      if (!part.isEmpty() && bytes + more >= MAX_BYTES) {
        to.accept(empty.toBuilder().addAllEvents(part).build());
        part.clear();
        bytes = empty.getSerializedSize();
      }
      part.add(event);
      bytes += more;
    }
    to.accept(empty.toBuilder().addAllEvents(part).setFragment(false).build());
  }
}
