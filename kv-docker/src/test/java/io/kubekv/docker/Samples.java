package io.kubekv.docker;

import io.kubekv.Bytes;
import io.kubekv.Key;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What two engines of version 20.10.24 had written into a store, all of it. */
public final class Samples {
  public static final String OV =
      "a904dd668c339fa229734dbcc286eea4e892647087d055a11451290ad57eb667";
  static final String TWO = "66965e4dc3333c7de2c5a9fa491264c2af07d5aabb4a0cea7923b1aac6e44e2d";
  static final String PLAIN = "950f81bab6f0a7f9bd28f7fa15a426f30c858ec0a661383e2bd8bf9cdb029796";
  static final String V6 = "b22d4c75ac4f9f39078b7b21326102298421064f1ac07112e0369803d2acca82";
  public static final String C1 =
      "ee5791ab53145b876460d3be2e1b216288e12c696dd51e460c6f15ee4bff5468";

  private Samples() {}

  /** Keys and values, in their order. */
  public static Map<Key, Bytes> all() {
    try (InputStream file =
        Objects.requireNonNull(Samples.class.getResourceAsStream("docker-20.10.24.json"))) {
      Map<Key, Bytes> all = new TreeMap<>();
      JsonMapper.shared()
          .readValue(file, new TypeReference<Map<String, String>>() {})
          .forEach((key, value) -> all.put(Key.of(key), Bytes.utf8(value)));
      return all;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Bytes value(DockerKey key) {
    return Objects.requireNonNull(all().get(key.key()), () -> "no sample of " + key);
  }
}
