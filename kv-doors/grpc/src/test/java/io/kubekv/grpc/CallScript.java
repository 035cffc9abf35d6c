package io.kubekv.grpc;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kubekv.StoreException;
import io.kubekv.wire.Errors;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts calls, and refuses or ignores the next of a method before the service sees them. */
final class CallScript implements ServerInterceptor {
  private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
  private final Map<String, ConcurrentLinkedQueue<Optional<StoreException>>> next =
      new ConcurrentHashMap<>();

  /** How often a method was called. */
  int count(MethodDescriptor<?, ?> method) {
    return counts.computeIfAbsent(method.getFullMethodName(), name -> new AtomicInteger()).get();
  }

  void refuseNext(MethodDescriptor<?, ?> method, int times, StoreException failure) {
    for (int i = 0; i < times; i++) {
      next(method).add(Optional.of(failure));
    }
  }

  /** The next call gets no answer. */
  void ignoreNext(MethodDescriptor<?, ?> method) {
    next(method).add(Optional.empty());
  }

  private ConcurrentLinkedQueue<Optional<StoreException>> next(MethodDescriptor<?, ?> method) {
    return next.computeIfAbsent(method.getFullMethodName(), name -> new ConcurrentLinkedQueue<>());
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> service) {
    MethodDescriptor<Q, R> method = call.getMethodDescriptor();
    counts
        .computeIfAbsent(method.getFullMethodName(), name -> new AtomicInteger())
        .incrementAndGet();
    Optional<StoreException> fate = next(method).poll();
    if (fate == null) {
      return service.startCall(call, headers);
    }
    fate.map(Errors::toWire).ifPresent(refusal -> close(call, refusal));
    return new ServerCall.Listener<>() {};
  }

  private static void close(ServerCall<?, ?> call, StatusRuntimeException refusal) {
    Metadata details = Objects.requireNonNullElseGet(refusal.getTrailers(), Metadata::new);
    Status status = refusal.getStatus();
    call.close(status, details);
  }
}
