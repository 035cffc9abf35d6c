package io.kubekv.etcdv3.gateway;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.kubekv.etcdv3.gateway.UnaryCall.Outcome;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.requests.RequestIds;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Has a service answer a request of the gateway. */
final class Calls {
  /** What a client says of a call beside its question, which etcd's gateway passes on. */
  private static final String GIVEN = "Grpc-Metadata-";

  private static final String LEADER = "hasleader";
  private static final Status CUT_SHORT =
      Status.UNAVAILABLE.withDescription("etcdserver: request timed out");

  /** A body that counts nothing: it takes no more than the stream itself. */
  private static final int SMALL_BODY = 4 << 10;

  /** Of bodies that are kept while the clients of their streams do not read. */
  private static final long MOST_UNREAD = Math.max(4 << 20, Runtime.getRuntime().maxMemory() / 32);

  private static final Status UNREAD =
      Status.RESOURCE_EXHAUSTED.withDescription(
          "kubekv: too much that was asked for in streams waits until their clients read");

  private final Set<DirectCall<?, ?>> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong unread = new AtomicLong();

  /** Answers a request on the calling thread, which may wait, or later. */
  void answer(HttpExchange exchange, byte[] body, ServerMethodDefinition<?, ?> method) {
    MethodType type = method.getMethodDescriptor().getType();
    try {
      Optional<Duration> timeout = timeout(exchange);
      Questions questions = new Questions(body, method.getMethodDescriptor());
      Duration passed = Duration.ofNanos(System.nanoTime() - exchange.begun());
      if (timeout.filter(limit -> limit.compareTo(passed) <= 0).isPresent()) {
        Answers.error(exchange, DirectCall.LATE);
      } else if (type == MethodType.UNARY) {
        unary(exchange, method, timeout, questions.first());
      } else if (type == MethodType.SERVER_STREAMING) {
        stream(exchange, method, timeout, Questions.only(questions.first()), open::remove);
      } else if (body.length <= SMALL_BODY) {
        stream(exchange, method, timeout, questions, open::remove);
      } else {
        kept(exchange, method, timeout, questions, body.length);
      }
    } catch (BadJson bad) {
      Answers.error(exchange, Status.INVALID_ARGUMENT.withDescription(bad.getMessage()));
    }
  }

  private static Optional<Duration> timeout(HttpExchange exchange) throws BadJson {
    Optional<String> header = exchange.header(Timeout.HEADER).filter(text -> !text.isEmpty());
    return header.isPresent() ? Timeout.of(header.get()) : Optional.empty();
  }

  private static Metadata headers(HttpExchange exchange) {
    Metadata headers = new Metadata();
    put(headers, "authorization", exchange.header("Authorization"));
    put(headers, LEADER, exchange.header(GIVEN + LEADER));
    put(headers, RequestIds.HEADER, exchange.header(RequestIds.HEADER));
    put(headers, RequestIds.TRACE, exchange.header(RequestIds.TRACE));
    return headers;
  }

  private static void put(Metadata headers, String name, Optional<String> value) {
    value
        .filter(text -> text.chars().allMatch(c -> c >= ' ' && c <= '~'))
        .ifPresent(
            text -> headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), text));
  }

  private <Q, W> void unary(
      HttpExchange exchange,
      ServerMethodDefinition<Q, W> method,
      Optional<Duration> timeout,
      Message question) {
    UnaryCall<Q, W> call = new UnaryCall<>(method, Optional.of(exchange));
    if (Routes.waits(method)) {
      later(exchange, call, timeout, question);
      return;
    }
    timeout.ifPresent(call::endAfter);
    call.begin(headers(exchange), question);
    tell(exchange, await(call));
  }

  /** Answers without a thread that waits. */
  private void later(
      HttpExchange exchange, UnaryCall<?, ?> call, Optional<Duration> timeout, Message question) {
    exchange.park(call::cancel);
    open.add(call);
    timeout.ifPresent(call::endAfter);
    call.begin(headers(exchange), question);
    var unused =
        call.outcome()
            .thenAccept(
                outcome -> {
                  open.remove(call);
                  exchange.onThread(() -> tell(exchange, outcome));
                });
  }

  /** A stream whose body is kept until all of it is asked, or nobody waits for more. */
  private void kept(
      HttpExchange exchange,
      ServerMethodDefinition<?, ?> method,
      Optional<Duration> timeout,
      Questions questions,
      int bytes) {
    if (unread.addAndGet(bytes) > MOST_UNREAD) {
      unread.addAndGet(-bytes);
      Answers.error(exchange, UNREAD);
      return;
    }
    AtomicBoolean counted = new AtomicBoolean(true);
    Runnable read =
        () -> {
          if (counted.getAndSet(false)) {
            unread.addAndGet(-bytes);
          }
        };
    questions.whenRead(read);
    stream(
        exchange,
        method,
        timeout,
        questions,
        call -> {
          open.remove(call);
          read.run();
        });
  }

  private <Q, W> void stream(
      HttpExchange exchange,
      ServerMethodDefinition<Q, W> method,
      Optional<Duration> timeout,
      QuestionSource questions,
      Consumer<DirectCall<?, ?>> whenOver) {
    StreamCall<Q, W> call = new StreamCall<>(method, exchange, questions, whenOver);
    open.add(call);
    try {
      call.begin(headers(exchange));
    } catch (RuntimeException refused) {
      whenOver.accept(call);
      throw refused;
    }
    timeout.ifPresent(call::endAfter);
  }

  private static void tell(HttpExchange exchange, Outcome outcome) {
    if (outcome.message().isPresent()) {
      Answers.success(exchange, outcome.message().get());
    } else {
      Answers.error(exchange, outcome.status());
    }
  }

  /** Asks something by itself, and waits for the answer. */
  static <Q, W> Outcome ask(ServerMethodDefinition<Q, W> method, Message question) {
    UnaryCall<Q, W> call = new UnaryCall<>(method, Optional.empty());
    call.begin(new Metadata(), question);
    return await(call);
  }

  private static Outcome await(UnaryCall<?, ?> call) {
    try {
      return call.outcome().get();
    } catch (InterruptedException tooLong) {
      Thread.currentThread().interrupt();
      call.cancel();
      return new Outcome(CUT_SHORT, Optional.empty());
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Ends those whose clients still wait. */
  void close() {
    open.forEach(DirectCall::cancel);
  }
}
