package io.kubekv.transport.threads;

import io.grpc.Context;
import io.kubekv.transport.limits.Use;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Where that part of a request is done for which its caller cannot wait: on virtual threads that
 * work for the same request as the thread that asks for them, so that the budget, the words in the
 * log and the context of the gRPC call are the request's.
 */
public final class RequestThreads {
  private RequestThreads() {}

  /** Does something that may wait. */
  public static <T> CompletableFuture<T> call(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, executor());
  }

  /** Does something that may wait, and then makes a call. */
  public static <T> CompletableFuture<T> after(Runnable work, Supplier<CompletableFuture<T>> call) {
    return CompletableFuture.runAsync(work, executor()).thenCompose(done -> call.get());
  }

  /** A thread for each task, for the request that the calling thread works on now. */
  public static Executor executor() {
    Context context = Context.current();
    Optional<Use> use = Use.current();
    Map<String, String> named = MDC.getCopyOfContextMap();
    return task ->
        Thread.startVirtualThread(
            context.wrap(
                () -> {
                  name(named);
                  use.ifPresentOrElse(request -> request.run(task), task);
                }));
  }

  private static void name(@Nullable Map<String, String> named) {
    if (named != null) {
      MDC.setContextMap(named);
    }
  }

  /**
   * Where that goes on which follows an answer of the store: where the request itself does if that
   * is an event loop, which changes no thread once more than the answer does; else on a thread.
   */
  public static Executor following() {
    return Thread.currentThread().isVirtual()
        ? executor()
        : Use.current().flatMap(Use::loop).orElseGet(RequestThreads::executor);
  }
}
