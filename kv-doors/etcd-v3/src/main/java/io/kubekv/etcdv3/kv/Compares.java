package io.kubekv.etcdv3.kv;

import io.kubekv.Bytes;
import io.kubekv.Comparison;
import io.kubekv.Revision;
import io.kubekv.etcdv3.keys.KeyValues;
import io.kubekv.etcdv3.keys.LeaseIds;
import io.kubekv.etcdv3.keys.Ranges;
import io.kubekv.etcdv3.wire.Compare;

/** etcd's comparisons as the port's. */
final class Compares {
  private Compares() {}

  static Comparison of(Compare compare) {
    return new Comparison(
        Ranges.of(compare.getKey(), compare.getRangeEnd()), subject(compare), relation(compare));
  }

  /** What is compared is what the target says; a number that is given for another counts as 0. */
  private static Comparison.Subject subject(Compare compare) {
    return switch (compare.getTarget()) {
      case VERSION -> new Comparison.Version(compare.hasVersion() ? compare.getVersion() : 0);
      case CREATE ->
          new Comparison.CreateRevision(
              new Revision(compare.hasCreateRevision() ? compare.getCreateRevision() : 0));
      case MOD ->
          new Comparison.ModifyRevision(
              new Revision(compare.hasModRevision() ? compare.getModRevision() : 0));
      case VALUE ->
          new Comparison.Value(
              compare.hasValue() ? KeyValues.value(compare.getValue()) : Bytes.EMPTY);
      case LEASE ->
          new Comparison.AttachedTo(
              LeaseIds.session(compare.hasLease() ? compare.getLease() : 0), LeaseIds.session(0));
      case UNRECOGNIZED ->
          throw io.grpc.Status.INVALID_ARGUMENT
              .withDescription("kubekv: compare has an unknown target")
              .asRuntimeException();
    };
  }

  private static Comparison.Relation relation(Compare compare) {
    return switch (compare.getResult()) {
      case EQUAL -> Comparison.Relation.EQUAL;
      case NOT_EQUAL -> Comparison.Relation.NOT_EQUAL;
      case GREATER -> Comparison.Relation.GREATER;
      case LESS -> Comparison.Relation.LESS;
      case UNRECOGNIZED ->
          throw io.grpc.Status.INVALID_ARGUMENT
              .withDescription("kubekv: compare has an unknown result")
              .asRuntimeException();
    };
  }
}
