package io.kubekv.consul;

import io.kubekv.server.fuzz.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Whatever a client of Consul's API may send: it is read, or refused in Consul's words. */
public final class BodiesFuzz {
  private BodiesFuzz() {}

  public static List<byte[]> seeds() {
    return Seeds.of(
        "[{\"KV\":{\"Verb\":\"cas\",\"Key\":\"a/b\",\"Value\":\"aGVsbG8=\",\"Index\":7,\"Flags\":42}}]",
        "[{\"KV\":{\"Verb\":\"lock\",\"Key\":\"a\",\"Session\":\"adf4238a-882b-9ddc-4a9d-5b6758e4159e\"}}]",
        "{\"LockDelay\":\"15s\",\"Name\":\"n\",\"Node\":\"kubekv\",\"Checks\":[\"a\"],\"Behavior\":\"delete\",\"TTL\":\"10s\"}",
        "recurse&keys&separator=/&index=12&wait=5m30s&consistent",
        "cas=0&flags=18446744073709551615&acquire=adf4238a-882b-9ddc-4a9d-5b6758e4159e");
  }

  public static void fuzzerTestOneInput(byte[] input) {
    refusing(() -> TxnBody.read(input));
    refusing(() -> SessionBody.of(input));
    Query query = Query.of(new String(input, StandardCharsets.ISO_8859_1));
    refusing(() -> ReadOptions.of(query));
  }

  private interface Reading {
    void read() throws ConsulError;
  }

  private static void refusing(Reading reading) {
    try {
      reading.read();
    } catch (ConsulError expected) {
      // as it should be
    }
  }
}
