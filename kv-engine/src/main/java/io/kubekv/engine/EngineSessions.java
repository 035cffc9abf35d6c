package io.kubekv.engine;

import io.kubekv.Freshness;
import io.kubekv.Limits;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionListing;
import io.kubekv.SessionLookup;
import io.kubekv.SessionSpec;
import io.kubekv.Sessions;
import io.kubekv.engine.state.Request;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The sessions of a store over a log. */
final class EngineSessions implements Sessions {
  private final Pipeline pipeline;
  private final Reads reads;
  private final Limits limits;

  EngineSessions(Pipeline pipeline, Reads reads, Limits limits) {
    this.pipeline = pipeline;
    this.reads = reads;
    this.limits = limits;
  }

  @Override
  public Session create(SessionSpec spec) {
    limits.check(spec);
    return Waits.forChange(pipeline.change(new Request.BeginSession(spec)));
  }

  @Override
  public Optional<Session> renew(SessionId id) {
    return Waits.forChange(pipeline.change(new Request.RenewSession(id)));
  }

  @Override
  public boolean destroy(SessionId id) {
    return Waits.forChange(pipeline.change(new Request.EndSession(id)));
  }

  @Override
  public SessionLookup get(SessionId id, Freshness freshness) {
    return reads.read(
        freshness, state -> new SessionLookup(state.locks().session(id), state.locks().changed()));
  }

  @Override
  public SessionListing list(Freshness freshness) {
    return reads.read(
        freshness, state -> new SessionListing(state.locks().all(), state.locks().changed()));
  }

  @Override
  public boolean awaitChange(Revision changed, Duration atMost) throws InterruptedException {
    CompletableFuture<Boolean> later =
        pipeline.replica().sessionsReached().reached(changed.next(), atMost);
    try {
      return later.get() && !(pipeline.phase() instanceof Phase.Stopped);
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    } finally {
      later.cancel(false);
    }
  }
}
