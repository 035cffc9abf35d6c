package io.kubekv.embedded;

import static io.kubekv.embedded.TestTypes.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtobufBodyTest {
  /** What {@code kubectl create namespace foo} 1.37.2 sends. */
  private static final String NAMESPACE_FOO =
      "6b3873000a0f0a02763112094e616d657370616365121b0a130a03666f6f12001a0022002a003200380042001200"
          + "1a020a001a002200";

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  @Test
  void read_whatKubectlSends_isTheNamespace() {
    assertThat(ProtobufBody.read(bytes(NAMESPACE_FOO), TestTypes.namespaces()).root())
        .isEqualTo(json("{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'foo'}}"));
  }

  @Test
  void read_labelsAndTimes_areDecoded() {
    ProtoWriter entry = new ProtoWriter();
    entry.writeString(1, "a");
    entry.writeString(2, "b");
    ProtoWriter time = new ProtoWriter();
    time.writeInt64(1, 1_767_225_600);
    ProtoWriter meta = new ProtoWriter();
    meta.writeBytes(8, time.toBytes());
    meta.writeBytes(11, entry.toBytes());
    ProtoWriter namespace = new ProtoWriter();
    namespace.writeBytes(1, meta.toBytes());
    ProtoWriter unknown = new ProtoWriter();
    unknown.writeBytes(2, namespace.toBytes());

    byte[] body = bytes("6b387300" + HexFormat.of().formatHex(unknown.toBytes()));

    assertThat(ProtobufBody.read(body, TestTypes.namespaces()).root())
        .isEqualTo(
            json("{'metadata':{'creationTimestamp':'2026-01-01T00:00:00Z','labels':{'a':'b'}}}"));
  }

  @Test
  void read_anotherKind_isAnUnsupportedMediaType() {
    assertThatThrownBy(() -> ProtobufBody.read(bytes(NAMESPACE_FOO), TestTypes.keyValues()))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(415));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "6b38", "00000000", "6b387300ff", "6b3873000aff", "6b38730012050a030a7f66"})
  void read_malformed_isABadRequest(String hex) {
    assertThatThrownBy(() -> ProtobufBody.read(bytes(hex), TestTypes.namespaces()))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
  }

  @Test
  void read_cutOffAnywhere_isNeverAnotherFault() {
    byte[] whole = bytes(NAMESPACE_FOO);

    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      try {
        ProtobufBody.read(part, TestTypes.namespaces());
      } catch (ApiException e) {
        assertThat(e.code()).isEqualTo(400);
      }
    }
  }
}
