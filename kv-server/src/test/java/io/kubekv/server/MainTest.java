package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;

class MainTest {
  private static final String SCRIPT = "/usr/bin/kubekv";

  @Test
  void argumentsOfTheImagesLauncher_areThoseBehindItsName() {
    Properties image = new Properties();
    image.setProperty("kubekv.script", SCRIPT);

    assertThat(Main.arguments(new String[] {SCRIPT, "get", "x"}, image))
        .containsExactly("get", "x");
    assertThat(Main.arguments(new String[] {SCRIPT}, image)).isEmpty();
    assertThat(Main.arguments(new String[] {"get", SCRIPT}, image)).containsExactly("get", SCRIPT);
    assertThat(Main.arguments(new String[] {}, image)).isEmpty();
  }

  @Test
  void argumentsElsewhere_stayAsTheyAre() {
    assertThat(Main.arguments(new String[] {SCRIPT, "x"}, new Properties()))
        .containsExactly(SCRIPT, "x");
  }
}
