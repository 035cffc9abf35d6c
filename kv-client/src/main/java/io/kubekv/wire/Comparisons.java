package io.kubekv.wire;

import io.kubekv.Comparison;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.v1.Kv;

/** What a choice compares; as in {@link Requests}, nonsense is said to be nonsense. */
final class Comparisons {
  private static final EnumPairs<Comparison.Relation, Kv.TransactRequest.Relation> RELATIONS =
      new EnumPairs<>(Comparison.Relation.class, Kv.TransactRequest.Relation.class, "RELATION_");

  private Comparisons() {}

  static Kv.TransactRequest.Comparison toWire(Comparison comparison) {
    Kv.TransactRequest.Comparison.Builder wire =
        Kv.TransactRequest.Comparison.newBuilder()
            .setRange(Requests.toWire(comparison.range()))
            .setRelation(RELATIONS.toWire(comparison.relation()));
    switch (comparison.subject()) {
      case Comparison.Value value -> wire.setValue(Values.toWire(value.value()));
      case Comparison.Version version -> wire.setVersion(version.version());
      case Comparison.CreateRevision created -> wire.setCreateRevision(created.revision().value());
      case Comparison.ModifyRevision modified ->
          wire.setModifyRevision(modified.revision().value());
      case Comparison.AttachedTo to ->
          wire.setAttachedTo(
              Kv.TransactRequest.AttachedTo.newBuilder()
                  .setSession(to.session().toString())
                  .setNone(to.none().toString()));
    }
    return wire.build();
  }

  static Comparison toPort(Kv.TransactRequest.Comparison wire) {
    return new Comparison(
        Requests.toPort(wire.getRange()), subject(wire), RELATIONS.toPort(wire.getRelation()));
  }

  private static Comparison.Subject subject(Kv.TransactRequest.Comparison wire) {
    return switch (wire.getSubjectCase()) {
      case VALUE -> new Comparison.Value(Values.toPort(wire.getValue()));
      case VERSION -> new Comparison.Version(wire.getVersion());
      case CREATE_REVISION -> new Comparison.CreateRevision(new Revision(wire.getCreateRevision()));
      case MODIFY_REVISION -> new Comparison.ModifyRevision(new Revision(wire.getModifyRevision()));
      case ATTACHED_TO ->
          new Comparison.AttachedTo(
              session(wire.getAttachedTo().getSession()), session(wire.getAttachedTo().getNone()));
      case SUBJECT_NOT_SET ->
          throw new IllegalArgumentException(
              "a comparison of the transaction compares nothing, or what is not known here");
    };
  }

  private static SessionId session(String id) {
    return id.isEmpty() ? SessionId.ZEROS : Values.session(id);
  }
}
