package io.kubekv.wire;

import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionBehavior;
import io.kubekv.SessionId;
import io.kubekv.SessionLookup;
import io.kubekv.SessionSpan;
import io.kubekv.SessionSpec;
import io.kubekv.v1.Kv;
import java.time.Duration;
import java.util.Optional;

/** Sessions and what is said of them. */
public final class SessionValues {
  private static final EnumPairs<SessionBehavior, Kv.SessionBehavior> BEHAVIORS =
      new EnumPairs<>(SessionBehavior.class, Kv.SessionBehavior.class, "SESSION_BEHAVIOR_");

  private static final EnumPairs<SessionSpan, Kv.SessionSpan> SPANS =
      new EnumPairs<>(SessionSpan.class, Kv.SessionSpan.class, "SESSION_SPAN_");

  private SessionValues() {}

  public static Kv.SessionSpec toWire(SessionSpec spec) {
    Kv.SessionSpec.Builder wire =
        Kv.SessionSpec.newBuilder()
            .setId(spec.id().toString())
            .setName(spec.name())
            .setBehavior(BEHAVIORS.toWire(spec.behavior()))
            .setLockDelay(Values.toWire(spec.lockDelay()))
            .setNote(spec.note())
            .setSpan(SPANS.toWire(spec.span()));
    spec.timeToLive().ifPresent(time -> wire.setTimeToLive(Values.toWire(time)));
    return wire.build();
  }

  /** What was said; a session without an id gets a random one. */
  public static SessionSpec toPort(Kv.SessionSpec wire) {
    return new SessionSpec(
        wire.getId().isEmpty() ? SessionId.random() : Values.session(wire.getId()),
        wire.getName(),
        wire.hasTimeToLive() ? Optional.of(Values.toPort(wire.getTimeToLive())) : Optional.empty(),
        BEHAVIORS.toPort(wire.getBehavior(), SessionBehavior.RELEASE),
        wire.hasLockDelay() ? Values.toPort(wire.getLockDelay()) : Duration.ZERO,
        wire.getNote(),
        SPANS.toPort(wire.getSpan(), SessionSpan.TWICE));
  }

  public static Kv.Session toWire(Session session) {
    return Kv.Session.newBuilder()
        .setSpec(toWire(session.spec()))
        .setCreateRevision(session.createRevision().value())
        .setModifyRevision(session.modifyRevision().value())
        .build();
  }

  public static Session toPort(Kv.Session wire) {
    return new Session(
        toPort(wire.getSpec()),
        new Revision(wire.getCreateRevision()),
        new Revision(wire.getModifyRevision()));
  }

  public static Kv.GetSessionResponse toWire(SessionLookup lookup) {
    Kv.GetSessionResponse.Builder wire =
        Kv.GetSessionResponse.newBuilder().setChanged(lookup.changed().value());
    lookup.session().ifPresent(session -> wire.setSession(toWire(session)));
    return wire.build();
  }

  public static SessionLookup toPort(Kv.GetSessionResponse wire) {
    return new SessionLookup(
        wire.hasSession() ? Optional.of(toPort(wire.getSession())) : Optional.empty(),
        new Revision(wire.getChanged()));
  }
}
