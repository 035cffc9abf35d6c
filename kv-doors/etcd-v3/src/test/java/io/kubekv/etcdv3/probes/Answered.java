package io.kubekv.etcdv3.probes;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers as text, without what rightly differs from server to server. */
final class Answered {
  private static final Set<String> REVISIONS =
      Set.of(
          "revision",
          "mod_revision",
          "create_revision",
          "min_mod_revision",
          "max_mod_revision",
          "min_create_revision",
          "max_create_revision",
          "start_revision",
          "compact_revision",
          "rev");
  private static final Set<String> DIFFERENT = Set.of("cluster_id", "member_id", "raft_term");

  private Answered() {}

  /** The answer, or the status; revisions as the program counts them. */
  static String by(Revisions revisions, Supplier<? extends Message> call) {
    try {
      return text(revisions, call.get());
    } catch (StatusRuntimeException failure) {
      Status status = failure.getStatus();
      return status.getCode() + ": " + status.getDescription();
    }
  }

  static String text(Revisions revisions, Message answer) {
    return TextFormat.printer().printToString(moved(answer, revisions::counted));
  }

  /** The same message with its revisions moved. */
  @SuppressWarnings("unchecked")
  static <M extends Message> M moved(M message, LongUnaryOperator by) {
    Message.Builder moved = message.toBuilder();
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      FieldDescriptor of = field.getKey();
      if (DIFFERENT.contains(of.getName())) {
        moved.clearField(of);
      } else if (REVISIONS.contains(of.getName())) {
        moved.setField(of, movedNumber((Long) field.getValue(), by));
      } else if (of.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        moved.setField(of, movedField(field.getValue(), by));
      }
    }
    return (M) moved.build();
  }

  private static Object movedField(Object value, LongUnaryOperator by) {
    return value instanceof List<?> list
        ? list.stream().map(each -> moved((Message) each, by)).toList()
        : moved((Message) value, by);
  }

  private static @Nullable Object movedNumber(Long revision, LongUnaryOperator by) {
    return revision <= 0 ? revision : Long.valueOf(by.applyAsLong(revision));
  }
}
