package io.kubekv.zookeeper.connection;

import io.kubekv.LimitExceededException;
import io.kubekv.OverloadedException;
import io.kubekv.PermissionDeniedException;
import io.kubekv.UnauthenticatedException;
import io.kubekv.transport.limits.OverLimitException;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.ZkException;
import java.util.Optional;

/** The protocol's words for what fails. */
final class Failures {
  private Failures() {}

  /** What the client is told of a failure; empty when it is to come again. */
  static Optional<Code> code(Throwable failed) {
    return switch (failed) {
      case ZkException refused -> Optional.of(refused.code());
      case PermissionDeniedException denied -> Optional.of(Code.NO_AUTH);
      case UnauthenticatedException nobody -> Optional.of(Code.NO_AUTH);
      case LimitExceededException tooLarge -> Optional.of(Code.BAD_ARGUMENTS);
      case OverloadedException overloaded -> Optional.of(Code.CONNECTION_LOSS);
      case OverLimitException tooMuch -> Optional.of(Code.CONNECTION_LOSS);
      default -> Optional.empty();
    };
  }
}
