package io.kubekv.engine;

import io.kubekv.Freshness;
import io.kubekv.Limits;
import io.kubekv.Promise;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionKeys;
import io.kubekv.SessionListing;
import io.kubekv.SessionLookup;
import io.kubekv.SessionSpec;
import io.kubekv.Sessions;
import io.kubekv.engine.state.Request;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

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
  public CompletableFuture<Session> create(SessionSpec spec) {
    return Promise.of(
        () -> {
          limits.check(spec);
          return pipeline.change(new Request.BeginSession(spec));
        });
  }

  @Override
  public CompletableFuture<Optional<Session>> renew(SessionId id) {
    return Promise.of(() -> pipeline.change(new Request.RenewSession(id)));
  }

  @Override
  public CompletableFuture<Optional<Session>> takeUp(SessionId id) {
    return Promise.of(() -> pipeline.change(new Request.TakeUpSession(id)));
  }

  @Override
  public CompletableFuture<Boolean> destroy(SessionId id) {
    return Promise.of(() -> pipeline.change(new Request.EndSession(id)));
  }

  @Override
  public CompletableFuture<SessionLookup> get(SessionId id, Freshness freshness) {
    return Promise.of(
        () ->
            reads.read(
                freshness,
                state -> new SessionLookup(state.locks().session(id), state.locks().changed())));
  }

  @Override
  public CompletableFuture<SessionKeys> keys(SessionId id, Freshness freshness) {
    return Promise.of(
        () ->
            reads.read(
                freshness,
                state ->
                    new SessionKeys(
                        state.locks().session(id),
                        state.locks().attachedTo(id),
                        state.revision())));
  }

  @Override
  public CompletableFuture<SessionListing> list(Freshness freshness) {
    return Promise.of(
        () ->
            reads.read(
                freshness,
                state -> new SessionListing(state.locks().all(), state.locks().changed())));
  }

  @Override
  public CompletableFuture<Boolean> awaitChange(Revision changed, Duration atMost) {
    CompletableFuture<Boolean> come =
        pipeline.replica().sessionsReached().reached(changed.next(), atMost);
    CompletableFuture<Boolean> answer =
        come.thenApply(reached -> reached && !(pipeline.phase() instanceof Phase.Stopped));
    var unused = answer.whenComplete((known, cancelled) -> come.cancel(false));
    return answer;
  }
}
