package io.kubekv.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ObjectJsonTest {
  private static final String METADATA =
      "{\"resourceVersion\":\"7\",\"name\":\"one\",\"labels\":{\"a\":\"b\"}}";

  private static ObjectNode head(String json) {
    return ObjectJson.parseHead(new Version(7, json.getBytes(StandardCharsets.UTF_8), false, null));
  }

  @Test
  void headIsWhoAnObjectIs() {
    ObjectNode head =
        head("{\"apiVersion\":\"v1\",\"kind\":\"One\",\"metadata\":" + METADATA + ",\"spec\":{}}");

    assertThat(head.toString())
        .isEqualTo("{\"apiVersion\":\"v1\",\"kind\":\"One\",\"metadata\":" + METADATA + "}");
  }

  @Test
  void headIsFoundWhereItStandsLast() {
    ObjectNode head =
        head(
            "{\"spec\":{\"metadata\":{\"name\":\"no\"},\"list\":[{}]},\"status\":1,\"metadata\":"
                + METADATA
                + ",\"kind\":\"One\",\"apiVersion\":\"v1\"}");

    assertThat(head.at("/metadata/name").asString()).isEqualTo("one");
    assertThat(head.path("kind").asString()).isEqualTo("One");
    assertThat(head.has("spec")).isFalse();
  }

  @Test
  void whatComesAfterTheHeadIsNotRead() {
    ObjectNode head =
        head("{\"apiVersion\":\"v1\",\"kind\":\"One\",\"metadata\":" + METADATA + ",\"spec\":!");

    assertThat(head.at("/metadata/name").asString()).isEqualTo("one");
  }

  @Test
  void anObjectWithoutMetadataHasTheRest() {
    assertThat(head("{\"kind\":\"One\"}").toString()).isEqualTo("{\"kind\":\"One\"}");
  }
}
