package io.kubekv.server.etcdv2;

import io.kubekv.Cause;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Counts what {@code /v2/stats/store} shows, since the start of this process. */
final class OperationCounts {
  /** An operation as etcd counts it. */
  enum Operation {
    GET("gets"),
    SET("sets"),
    DELETE("delete"),
    UPDATE("update"),
    CREATE("create"),
    COMPARE_AND_SWAP("compareAndSwap"),
    COMPARE_AND_DELETE("compareAndDelete");

    private final String field;

    Operation(String field) {
      this.field = field;
    }
  }

  /** A piece of work that may end in one of etcd's errors. */
  interface Work<T> {
    T call() throws EtcdError;
  }

  /** As {@link Work}, without a result. */
  interface Action {
    void run() throws EtcdError;
  }

  private final List<LongAdder> successes = adders();
  private final List<LongAdder> failures = adders();

  private static List<LongAdder> adders() {
    return Stream.generate(LongAdder::new).limit(Operation.values().length).toList();
  }

  void run(Operation operation, Action action) throws EtcdError {
    call(
        operation,
        () -> {
          action.run();
          return operation;
        });
  }

  <T> T call(Cause cause, Work<T> work) throws EtcdError {
    return call(operation(cause), work);
  }

  private <T> T call(Operation operation, Work<T> work) throws EtcdError {
    boolean done = false;
    try {
      T result = work.call();
      done = true;
      return result;
    } finally {
      (done ? successes : failures).get(operation.ordinal()).increment();
    }
  }

  private static Operation operation(Cause cause) {
    return switch (cause) {
      case SET, REFRESH, PARENT -> Operation.SET;
      case CREATE -> Operation.CREATE;
      case UPDATE -> Operation.UPDATE;
      case COMPARE_AND_SWAP -> Operation.COMPARE_AND_SWAP;
      case DELETE, EXPIRE -> Operation.DELETE;
      case COMPARE_AND_DELETE -> Operation.COMPARE_AND_DELETE;
    };
  }

  /** Writes {@code "getsSuccess":1,"getsFail":0,...}. */
  void write(Json json) {
    String separator = "\"";
    for (Operation operation : Operation.values()) {
      json.raw(separator).raw(operation.field).raw("Success\":");
      json.number(successes.get(operation.ordinal()).sum()).raw(",\"").raw(operation.field);
      json.raw("Fail\":").number(failures.get(operation.ordinal()).sum());
      separator = ",\"";
    }
  }
}
