package io.kubekv.v1;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * {@code kubekv.v1} is a promise to clients that are out there: whatever was published stays as it
 * is. What was published is in {@code kubekv.v1.txt}, a line for each thing that a client relies
 * on.
 */
class CompatibleProtoTest {
  private static final String PUBLISHED = "kubekv.v1.txt";

  private static List<String> published() throws IOException {
    try (InputStream file = CompatibleProtoTest.class.getResourceAsStream(PUBLISHED)) {
      assertThat(file).as(PUBLISHED).isNotNull();
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  @Test
  void published_isStillThere() throws IOException {
    assertThat(current())
        .as(
            "Clients rely on what is missing here. Take the change back: a field, a number, a name or a"
                + " method that was published is never changed or removed within kubekv.v1; add another"
                + " beside it")
        .containsAll(published());
  }

  @Test
  void current_isPublished() throws IOException {
    assertThat(published())
        .as("Something was added, which is fine: append the missing lines to %s", PUBLISHED)
        .containsAll(current());
  }

  @Test
  void comparison_seesEveryKindOfChange() {
    assertThat(current())
        .contains(
            "field kubekv.v1.Entry 3 optional bytes value",
            "field kubekv.v1.LockState 4 optional uint64 fence, with presence",
            "field kubekv.v1.ListResponse 1 repeated kubekv.v1.Entry entries",
            "field kubekv.v1.WatchRequest 2 optional uint64 from_revision, one of start",
            "value kubekv.v1.Cause 12 CAUSE_EXPIRE",
            "method kubekv.v1.KeyValue.Put(kubekv.v1.PutRequest) kubekv.v1.PutResponse"
                + " IDEMPOTENCY_UNKNOWN",
            "method kubekv.v1.Locks.Lock(stream kubekv.v1.LockRequest) stream kubekv.v1.LockResponse"
                + " IDEMPOTENCY_UNKNOWN");
  }

  private static List<String> current() {
    List<String> lines = new ArrayList<>();
    FileDescriptorProto file = Kv.getDescriptor().toProto();
    lines.add("package " + file.getPackage() + ", " + file.getSyntax());
    Kv.getDescriptor().getMessageTypes().forEach(message -> add(message, lines));
    Kv.getDescriptor().getEnumTypes().forEach(type -> add(type, lines));
    Kv.getDescriptor().getServices().forEach(service -> add(service, lines));
    return lines;
  }

  private static void add(Descriptor message, List<String> lines) {
    lines.add("message " + message.getFullName());
    message.getFields().forEach(field -> lines.add(line(message, field)));
    message.getNestedTypes().forEach(nested -> add(nested, lines));
    message.getEnumTypes().forEach(type -> add(type, lines));
  }

  private static String line(Descriptor message, FieldDescriptor field) {
    String type =
        switch (field.getJavaType()) {
          case MESSAGE -> field.getMessageType().getFullName();
          case ENUM -> field.getEnumType().getFullName();
          default ->
              field.toProto().getType().name().substring(5).toLowerCase(java.util.Locale.ROOT);
        };
    String more = "";
    if (field.getRealContainingOneof() != null) {
      more = ", one of " + field.getRealContainingOneof().getName();
    } else if (field.toProto().getProto3Optional()) {
      more = ", with presence";
    }
    String label = field.isRepeated() ? "repeated" : "optional";
    return "field %s %d %s %s %s%s"
        .formatted(message.getFullName(), field.getNumber(), label, type, field.getName(), more);
  }

  private static void add(EnumDescriptor type, List<String> lines) {
    for (EnumValueDescriptor value : type.getValues()) {
      lines.add("value " + type.getFullName() + " " + value.getNumber() + " " + value.getName());
    }
  }

  private static void add(ServiceDescriptor service, List<String> lines) {
    for (MethodDescriptor method : service.getMethods()) {
      lines.add(
          "method %s(%s%s) %s%s %s"
              .formatted(
                  method.getFullName(),
                  method.isClientStreaming() ? "stream " : "",
                  method.getInputType().getFullName(),
                  method.isServerStreaming() ? "stream " : "",
                  method.getOutputType().getFullName(),
                  method.getOptions().getIdempotencyLevel()));
    }
  }
}
