package io.kubekv.etcdv2;

import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Precondition;
import io.kubekv.Refused;
import io.kubekv.Revision;
import java.util.ArrayList;
import java.util.List;

/** Refused changes in etcd's words. */
final class Refusals {
  private final Absence absence;

  Refusals(Absence absence) {
    this.absence = absence;
  }

  EtcdError of(Refused refused, Key key, Precondition compared) {
    String node = NodePath.shown(refused.entry().map(Entry::key).orElse(key));
    Revision at = refused.revision();
    return switch (refused.reason()) {
      case EXISTS -> new EtcdError(ErrorCode.KEY_EXISTS, node, at);
      case MISSING -> missing(key, at);
      case CHANGED -> new EtcdError(ErrorCode.COMPARE_FAILED, difference(refused, compared), at);
      case IS_DIRECTORY -> new EtcdError(ErrorCode.NOT_A_FILE, node, at);
      case NOT_A_DIRECTORY -> new EtcdError(ErrorCode.NOT_A_DIRECTORY, node, at);
      case NOT_EMPTY -> new EtcdError(ErrorCode.DIRECTORY_NOT_EMPTY, node, at);
      case HELD, LOCK_DELAYED, NOT_HELD, NO_SESSION, FENCED, NO_PARENT, EPHEMERAL_PARENT ->
          throw new IllegalStateException(
              "a put without a lock or a fence, and not of a node, was refused: " + refused);
    };
  }

  /** As above; a directory without an entry of its own is refused as a directory. */
  EtcdError of(Refused refused, DeleteRequest request) {
    Key key = request.key();
    if (refused.reason() == Refused.Reason.MISSING && absence.hasKeysBelow(key)) {
      ErrorCode code = request.directory() ? ErrorCode.DIRECTORY_NOT_EMPTY : ErrorCode.NOT_A_FILE;
      return new EtcdError(code, NodePath.shown(key), refused.revision());
    }
    return of(refused, key, request.precondition());
  }

  EtcdError missing(Key key, Revision at) {
    return absence.explain(key, at);
  }

  /** What differs, as {@code [given != actual]}, the value before the index. */
  private static String difference(Refused refused, Precondition compared) {
    List<String> parts = new ArrayList<>();
    for (Entry actual : refused.entry().stream().toList()) {
      switch (compared) {
        case Precondition.RevisionIs is -> parts.add(part(is.revision(), actual));
        case Precondition.ValueIs is -> parts.add(part(is.value().toText(), actual));
        case Precondition.RevisionAndValueAre are -> {
          if (!are.value().equals(actual.value())) {
            parts.add(part(are.value().toText(), actual));
          }
          if (!are.revision().equals(actual.modifyRevision())) {
            parts.add(part(are.revision(), actual));
          }
        }
        case Precondition.VersionIs is -> {}
        case Precondition.None none -> {}
        case Precondition.Absent absent -> {}
        case Precondition.Present present -> {}
      }
    }
    return String.join(" ", parts);
  }

  private static String part(Revision given, Entry actual) {
    return "[" + given + " != " + actual.modifyRevision() + "]";
  }

  private static String part(String given, Entry actual) {
    return "[" + given + " != " + actual.value().toText() + "]";
  }
}
