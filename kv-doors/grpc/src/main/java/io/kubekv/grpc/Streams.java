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

/** The streams that are open; each has a thread of its own, which may block. */
final class Streams {
  private final Executor threads;
  private final Room room;
  private final Set<Outlet<?>> open = ConcurrentHashMap.newKeySet();

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

  /** Serves a stream on a thread of its own, and ends it. */
  <T> void serve(StreamObserver<T> client, Server<T> server) {
    Outlet<T> outlet = new Outlet<>((ServerCallStreamObserver<T>) client, room::isWaitedFor);
    open.add(outlet);
    Runnable serving = () -> serve(outlet, server);
    Optional<Use> use = Use.current();
    threads.execute(use.isEmpty() ? serving : () -> use.get().run(serving));
  }

  private <T> void serve(Outlet<T> outlet, Server<T> server) {
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
    }
  }

  int count() {
    return open.size();
  }

  /** Ends all: clients go on elsewhere, or when the server is back. */
  void end() {
    open.forEach(outlet -> outlet.fail(stopping()));
  }

  private static StatusRuntimeException stopping() {
    return Errors.toWire(new UnavailableException("the server stops"));
  }
}
