package io.kubekv.consul;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Locking;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.golang.Quoted;
import java.util.Optional;

/** PUT and DELETE on keys (Consul 1.5, agent/kvs_endpoint.go, agent/consul/state/kvs.go). */
final class KvWrites {
  /** Of a value: Consul's {@code maxKVSize}. */
  static final int MAX_VALUE_BYTES = 512 * 1024;

  private final KeyValueStore store;
  private final ConsulSettings settings;

  KvWrites(KeyValueStore store, ConsulSettings settings) {
    this.store = store;
    this.settings = settings;
  }

  boolean put(Call call) throws ConsulError {
    Query query = call.query();
    Key key = KvHandler.key(call);
    query.requireOneOf("cas", "acquire", "release");
    PutRequest request = PutRequest.of(key, Bytes.copyOf(call.body()));
    if (query.has("flags")) {
      request = request.withFlags(Numbers.require(query.text("flags")));
    }
    if (query.has("cas")) {
      request = request.withPrecondition(compared(Numbers.require(query.text("cas"))));
    }
    if (call.body().length > MAX_VALUE_BYTES) {
      throw tooLarge();
    }
    call.requireDatacenter(settings.datacenter());
    if (query.has("release")) {
      Optional<SessionId> holder = session(query.text("release"));
      return holder.isPresent() && isStored(request.withLocking(new Locking.Release(holder.get())));
    }
    return query.has("acquire")
        ? isStored(request.withLocking(acquisition(query.text("acquire"))))
        : isStored(request);
  }

  static ConsulError tooLarge() {
    return ConsulError.unread(413, "Value exceeds " + MAX_VALUE_BYTES + " byte limit");
  }

  /** Index 0 is that of a key that is not there. */
  private static Precondition compared(long index) {
    return index == 0 ? Precondition.ABSENT : new Precondition.RevisionIs(new Revision(index));
  }

  private static Optional<SessionId> session(String id) throws ConsulError {
    if (id.isEmpty()) {
      throw new ConsulError(500, "missing session");
    }
    return SessionId.parse(id);
  }

  private static Locking acquisition(String id) throws ConsulError {
    SessionId session = session(id).orElseThrow(() -> SessionsHandler.notAnId(id));
    return new Locking.Acquire(session);
  }

  private boolean isStored(PutRequest request) throws ConsulError {
    return switch (Await.change(store.put(request))) {
      case PutOutcome.Stored stored -> true;
      case Refused refused -> {
        if (refused.reason() == Refused.Reason.NO_SESSION
            && request.locking() instanceof Locking.Acquire acquire) {
          String id = acquire.session().toString();
          throw new ConsulError(500, "invalid session " + Quoted.of(id));
        }
        yield false;
      }
    };
  }

  boolean delete(Call call) throws ConsulError {
    Query query = call.query();
    query.requireOneOf("recurse", "cas");
    if (query.has("recurse")) {
      Range range = new Range.WithPrefix(new Prefix(call.below()));
      call.requireDatacenter(settings.datacenter());
      Await.change(store.deleteRange(range));
      return true;
    }
    DeleteRequest request = DeleteRequest.of(KvHandler.key(call));
    if (query.has("cas")) {
      Revision index = new Revision(Numbers.require(query.text("cas")));
      request = request.withPrecondition(new Precondition.RevisionIs(index));
    }
    call.requireDatacenter(settings.datacenter());
    return switch (Await.change(store.delete(request))) {
      case DeleteOutcome.Deleted deleted -> true;
      case Refused refused -> refused.reason() == Refused.Reason.MISSING;
    };
  }
}
