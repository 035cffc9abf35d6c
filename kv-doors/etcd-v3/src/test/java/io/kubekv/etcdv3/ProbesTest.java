package io.kubekv.etcdv3;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.kubekv.etcdv3.wire.DeleteRangeRequest;
import io.kubekv.etcdv3.wire.Event;
import io.kubekv.etcdv3.wire.LeaseGrantRequest;
import io.kubekv.etcdv3.wire.LeaseGrantResponse;
import io.kubekv.etcdv3.wire.LeaseRevokeRequest;
import io.kubekv.etcdv3.wire.LeaseRevokeResponse;
import io.kubekv.etcdv3.wire.LeaseTimeToLiveRequest;
import io.kubekv.etcdv3.wire.LeaseTimeToLiveResponse;
import io.kubekv.etcdv3.wire.PutRequest;
import io.kubekv.etcdv3.wire.RangeRequest;
import io.kubekv.etcdv3.wire.TxnRequest;
import io.kubekv.etcdv3.wire.WatchCreateRequest;
import io.kubekv.etcdv3.wire.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random programs on the real etcd and here: every answer and every event is the same. */
final class ProbesTest {
  private static final int PROGRAMS = Integer.getInteger("kubekv.probes", 150);
  private static final int LENGTH = 40;
  private static final long LEASES = 10;

  private static Served etcd;
  private static Served kubekv;

  @BeforeAll
  static void start() {
    etcd = Served.etcd();
    kubekv = Served.kubekv();
  }

  @AfterAll
  static void stop() throws Exception {
    if (kubekv != null) {
      kubekv.close();
      etcd.close();
    }
  }

  static LongStream seeds() {
    long first = Long.getLong("kubekv.probes.seed", 1);
    return LongStream.range(first, first + PROGRAMS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void program_onBoth_hasTheSameAnswersAndEvents(long seed) throws Exception {
    String prefix = "probe-" + seed + "/";
    List<Message> program = new Programs(seed, prefix, seed * LEASES).program(LENGTH);

    List<String> expected = run(etcd, program, prefix);
    List<String> actual = run(kubekv, program, prefix);

    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i))
          .as("seed %s, step %s: %s", seed, i, i < program.size() ? program.get(i) : "events")
          .isEqualTo(expected.get(i));
    }
  }

  private static List<String> run(Served server, List<Message> program, String prefix)
      throws InterruptedException {
    ByteString any = ByteString.copyFromUtf8(prefix);
    Revisions revisions = new Revisions(revision(server, any));
    List<String> answers = new ArrayList<>();
    for (Message step : program) {
      Message request = Answered.moved(step, revisions::on);
      answers.add(Answered.by(revisions, () -> send(server, request, revisions)));
    }
    answers.addAll(events(server, any, revisions));
    return answers;
  }

  private static long revision(Served server, ByteString any) {
    RangeRequest range = RangeRequest.newBuilder().setKey(any).build();
    return server.kv().range(range).getHeader().getRevision();
  }

  private static Message send(Served server, Message request, Revisions revisions) {
    return switch (request) {
      case PutRequest put -> server.kv().put(put);
      case RangeRequest range -> server.kv().range(range);
      case DeleteRangeRequest delete -> server.kv().deleteRange(delete);
      case TxnRequest txn -> server.kv().txn(txn);
      case LeaseGrantRequest grant -> grant(server, grant, revisions);
      case LeaseRevokeRequest revoke -> revoke(server, revoke, revisions);
      case LeaseTimeToLiveRequest ttl -> timeToLive(server, ttl);
      default -> throw new IllegalArgumentException(request.toString());
    };
  }

  /** etcd tells keys in any order. */
  private static Message timeToLive(Served server, LeaseTimeToLiveRequest request) {
    LeaseTimeToLiveResponse answer = server.lease().leaseTimeToLive(request);
    return answer.toBuilder()
        .clearTTL()
        .clearKeys()
        .addAllKeys(
            answer.getKeysList().stream()
                .sorted(ByteString.unsignedLexicographicalComparator())
                .toList())
        .build();
  }

  private static Message grant(Served server, LeaseGrantRequest grant, Revisions revisions) {
    LeaseGrantResponse granted = server.lease().leaseGrant(grant);
    if (server == kubekv) {
      revisions.leave(granted.getHeader().getRevision());
    }
    return granted;
  }

  private static Message revoke(Served server, LeaseRevokeRequest revoke, Revisions revisions) {
    boolean holds =
        server
                .lease()
                .leaseTimeToLive(
                    LeaseTimeToLiveRequest.newBuilder().setID(revoke.getID()).setKeys(true).build())
                .getKeysCount()
            > 0;
    LeaseRevokeResponse revoked = server.lease().leaseRevoke(revoke);
    if (server == kubekv && !holds) {
      revisions.leave(revoked.getHeader().getRevision());
    }
    return revoked;
  }

  /** All events since the program began, up to a last one that is made here. */
  private static List<String> events(Served server, ByteString prefix, Revisions revisions)
      throws InterruptedException {
    ByteString last = prefix.concat(ByteString.copyFromUtf8("last"));
    var unused = server.kv().put(PutRequest.newBuilder().setKey(last).build());
    List<String> events = new ArrayList<>();
    try (Watching watching = server.watching()) {
      watching.create(
          WatchCreateRequest.newBuilder()
              .setKey(prefix)
              .setRangeEnd(ByteString.copyFromUtf8(prefix.toStringUtf8().replace('/', '0')))
              .setStartRevision(revisions.on(0) + 1)
              .setPrevKv(true));
      while (true) {
        WatchResponse response = watching.next();
        for (Event event : response.getEventsList()) {
          events.add(Answered.text(revisions, event));
          if (event.getKv().getKey().equals(last)) {
            return events;
          }
        }
      }
    }
  }
}
