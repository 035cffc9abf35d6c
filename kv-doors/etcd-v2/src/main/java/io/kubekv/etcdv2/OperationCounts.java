package io.kubekv.etcdv2;

import io.kubekv.Cause;
import io.kubekv.StoreException;
import io.kubekv.golang.Json;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

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

  private final Map<Operation, LongAdder> successes = new ConcurrentHashMap<>();
  private final Map<Operation, LongAdder> failures = new ConcurrentHashMap<>();

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
    try {
      T result = work.call();
      count(successes, operation).increment();
      return result;
    } catch (EtcdError | StoreException failed) {
      count(failures, operation).increment();
      throw failed;
    }
  }

  private static LongAdder count(Map<Operation, LongAdder> counts, Operation operation) {
    return counts.computeIfAbsent(operation, first -> new LongAdder());
  }

  private static Operation operation(Cause cause) {
    return switch (cause) {
      case SET, REFRESH, PARENT, ACQUIRE, RELEASE -> Operation.SET;
      case CREATE -> Operation.CREATE;
      case UPDATE -> Operation.UPDATE;
      case COMPARE_AND_SWAP -> Operation.COMPARE_AND_SWAP;
      case DELETE, EXPIRE, SESSION_END -> Operation.DELETE;
      case COMPARE_AND_DELETE -> Operation.COMPARE_AND_DELETE;
    };
  }

  /** Writes {@code "getsSuccess":1,"getsFail":0,...}. */
  void write(Json json) {
    String separator = "\"";
    for (Operation operation : Operation.values()) {
      json.raw(separator).raw(operation.field).raw("Success\":");
      json.number(count(successes, operation).sum()).raw(",\"").raw(operation.field);
      json.raw("Fail\":").number(count(failures, operation).sum());
      separator = ",\"";
    }
  }
}
