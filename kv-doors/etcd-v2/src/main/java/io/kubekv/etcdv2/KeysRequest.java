package io.kubekv.etcdv2;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Precondition;
import io.kubekv.Revision;
import io.kubekv.transport.http.HttpExchange;
import java.time.Duration;
import java.util.Optional;

/**
 * A request on {@code /v2/keys}, read in etcd's order of checks (etcd 3.4,
 * etcdserver/api/v2http/client.go, parseKeyRequest), so that of two mistakes the same one is named.
 * Names that etcd does not know are ignored, as etcd does.
 *
 * @param since {@code waitIndex}; zero: not given
 * @param compared {@code prevIndex} and {@code prevValue} as a precondition; {@link
 *     Precondition.None} when neither is given
 */
record KeysRequest(
    NodePath path,
    boolean recursive,
    boolean directory,
    boolean watch,
    boolean stream,
    Revision since,
    Precondition compared,
    Optional<Boolean> prevExist,
    Bytes value,
    Optional<Duration> timeToLive,
    boolean refresh,
    boolean noValueOnSuccess) {
  /** The longest time to live that etcd's own clock can add: about 292 years. */
  private static final long MAX_SECONDS = Long.MAX_VALUE / 1_000_000_000L;

  /**
   * Reads a request.
   *
   * @param path the decoded path below {@code /v2/keys}
   */
  static KeysRequest of(HttpExchange exchange, byte[] path) throws EtcdError {
    Form form = Form.of(exchange);
    long prevIndex = form.index("prevIndex");
    Revision since = new Revision(form.index("waitIndex"));
    boolean recursive = form.flag("recursive");
    form.flag("sorted"); // listings always are
    boolean wait = form.flag("wait");
    boolean directory = form.flag("dir");
    boolean quorum = form.flag("quorum");
    boolean stream = form.flag("stream");
    if (wait && !exchange.method().equals("GET")) {
      throw EtcdError.ofRequest(
          ErrorCode.INVALID_FIELD, "\"wait\" can only be used with GET requests");
    }
    Bytes prevValue = form.bytes("prevValue");
    if (form.has("prevValue") && prevValue.size() == 0) {
      throw EtcdError.ofRequest(ErrorCode.PREV_VALUE_REQUIRED, "\"prevValue\" cannot be empty");
    }
    boolean noValueOnSuccess = form.flag("noValueOnSuccess");
    Optional<Duration> timeToLive = timeToLive(form);
    Optional<Boolean> prevExist = form.optionalFlag("prevExist");
    boolean refresh = refresh(form, timeToLive);
    return new KeysRequest(
        NodePath.of(path),
        recursive,
        directory,
        wait && !quorum, // a quorum read is never a watch: etcd 3.4, etcdserver/v2_server.go
        stream,
        since,
        compared(prevIndex, prevValue),
        prevExist,
        form.bytes("value"),
        timeToLive,
        refresh,
        noValueOnSuccess);
  }

  private static Optional<Duration> timeToLive(Form form) throws EtcdError {
    Optional<Long> seconds = form.seconds("ttl");
    if (seconds.isPresent() && Long.compareUnsigned(seconds.get(), MAX_SECONDS) > 0) {
      throw EtcdError.ofRequest(
          ErrorCode.TTL_NOT_A_NUMBER, "\"ttl\" is over " + MAX_SECONDS + " seconds");
    }
    return seconds.map(Duration::ofSeconds);
  }

  private static boolean refresh(Form form, Optional<Duration> timeToLive) throws EtcdError {
    boolean refresh = form.optionalFlag("refresh").orElse(false);
    if (refresh && form.bytes("value").size() > 0) {
      throw EtcdError.ofRequest(ErrorCode.VALUE_ON_REFRESH, "A value was provided on a refresh");
    }
    if (refresh && timeToLive.isEmpty()) {
      throw EtcdError.ofRequest(ErrorCode.TTL_REQUIRED_ON_REFRESH, "No TTL value set");
    }
    return refresh;
  }

  private static Precondition compared(long prevIndex, Bytes prevValue) {
    boolean index = prevIndex != 0;
    if (prevValue.size() == 0) {
      return index ? new Precondition.RevisionIs(new Revision(prevIndex)) : Precondition.NONE;
    }
    return index
        ? new Precondition.RevisionAndValueAre(new Revision(prevIndex), prevValue)
        : new Precondition.ValueIs(prevValue);
  }

  boolean isCompared() {
    return !(compared instanceof Precondition.None);
  }

  /** Which change a DELETE asks for. */
  Cause deleteCause() {
    return isCompared() ? Cause.COMPARE_AND_DELETE : Cause.DELETE;
  }

  /** Which change a PUT asks for: set, create, update or compareAndSwap. */
  Cause putCause() {
    if (prevExist.isPresent() && !prevExist.get()) {
      return Cause.CREATE;
    }
    if (isCompared()) {
      return Cause.COMPARE_AND_SWAP;
    }
    return prevExist.isPresent() ? Cause.UPDATE : Cause.SET;
  }
}
