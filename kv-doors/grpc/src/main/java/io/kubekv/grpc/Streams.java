package io.kubekv.grpc;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.kubekv.UnavailableException;
import io.kubekv.transport.limits.Room;
import io.kubekv.transport.limits.Use;
import io.kubekv.wire.Errors;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * The streams that are open; each has a thread of its own, which may block. Those that last end
 * when the server stops. An answer that comes in several messages does not: like any other call, it
 * has as long as the listener gives it, for what it has asked of the store may have been done.
 */
final class Streams {
  private final Executor threads;
  private final Room room;
  private final Set<Outlet<?>> open = ConcurrentHashMap.newKeySet();
  private final Set<Outlet<?>> lasting = ConcurrentHashMap.newKeySet();

  /**
   * @param room for what streams keep in memory until they are read
   */
  Streams(Executor threads, Room room) {
    this.threads = threads;
    this.room = room;
  }

  /** What serves a stream. */
  interface Server<T> {
    /**
     * Writes until the stream ends; a failure is told to the client. Its thread is interrupted when
     * the stream is over, unless it says otherwise ({@link Outlet#whenOver}).
     */
    void serve(Outlet<T> outlet) throws InterruptedException;
  }

  /** Serves a stream that lasts on a thread of its own, until somebody ends it. */
  <T> void last(StreamObserver<T> client, Server<T> server) {
    Outlet<T> outlet = outlet(client);
    lasting.add(outlet);
    serve(outlet, server);
  }

  /** Answers in several messages, on a thread of its own. */
  <T> void answer(StreamObserver<T> client, Server<T> server) {
    serve(outlet(client), server);
  }

  private <T> Outlet<T> outlet(StreamObserver<T> client) {
    return new Outlet<>((ServerCallStreamObserver<T>) client, room::isWaitedFor);
  }

  private <T> void serve(Outlet<T> outlet, Server<T> server) {
    open.add(outlet);
    Runnable serving = () -> write(outlet, server);
    Optional<Use> use = Use.current();
    threads.execute(use.isEmpty() ? serving : () -> use.get().run(serving));
  }

  private <T> void write(Outlet<T> outlet, Server<T> server) {
    outlet.whenOver(Thread.currentThread()::interrupt);
    try {
      server.serve(outlet);
      outlet.complete();
    } catch (RuntimeException failure) {
      outlet.fail(Answers.status(failure));
    } catch (InterruptedException stopped) {
      outlet.fail(stopping());
    } catch (Error mistake) {
      outlet.fail(Answers.ownFailure(mistake));
      throw mistake;
    } finally {
      open.remove(outlet);
      lasting.remove(outlet);
    }
  }

  int count() {
    return open.size();
  }

  /** Ends those that last: clients go on elsewhere, or when the server is back. */
  void end() {
    lasting.forEach(outlet -> outlet.fail(stopping()));
  }

  private static StatusRuntimeException stopping() {
    return Errors.toWire(new UnavailableException("the server stops"));
  }
}
