package io.kubekv.e2e.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.e2e.HttpAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is taken for a right value, for damage and for its name. */
class EvidenceTest {
  @TempDir Path folder;

  @Test
  void aValue_isRightWhenItIsExactlyTheOneThatWasPut() {
    assertThat(shows(200, "v1-xx")).isTrue();
    assertThat(shows(200, "v1-xxx")).isFalse();
    assertThat(shows(200, "v1-x")).isFalse();
    assertThat(shows(404, "v1-xx")).isFalse();
  }

  private static boolean shows(int status, String value) {
    String body = "{\"action\":\"get\",\"node\":{\"key\":\"/k\",\"value\":\"" + value + "\"}}";
    return Memorised.shows(new HttpAnswer(status, Map.of(), body), "v1-xx");
  }

  @Test
  void values_areOfTheSizeAsked_andNoTwoAlike() {
    assertThat(Seed.value(7, 1_000)).hasSize(1_000).isNotEqualTo(Seed.value(8, 1_000));
  }

  @Test
  void damage_isDone_andTheSameForTheSameSeed() throws IOException {
    for (int seed = 0; seed < 50; seed++) {
      byte[] sound = new byte[64 * 4096];
      for (int i = 0; i < sound.length; i++) {
        sound[i] = (byte) (i / 4096 + i % 251 + 1);
      }
      byte[] first = damaged(seed, sound);
      assertThat(Arrays.equals(first, sound) && seed % 5 != 4).as("seed %d", seed).isFalse();
      assertThat(damaged(seed, sound)).as("seed %d", seed).isEqualTo(first);
    }
  }

  private byte[] damaged(int seed, byte[] sound) throws IOException {
    Path file = Files.write(folder.resolve("data.db"), sound);
    Damage.of(seed).doTo(file);
    return Files.readAllBytes(file);
  }

  @Test
  void damage_isNamed_onlyByItsFileAndByWhatItIs() {
    assertThat(Damages.names("/data/kubekv.db is damaged in table 3")).isTrue();
    assertThat(Damages.names("something is damaged")).isFalse();
    assertThat(Damages.names("opened /data/kubekv.db")).isFalse();
  }
}
