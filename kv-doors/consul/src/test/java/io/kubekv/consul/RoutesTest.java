package io.kubekv.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.consul.Routes.Route;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which of the routes a path takes. */
class RoutesTest {
  private final Routes routes =
      new Routes()
          .add("GET", "/v1/kv/", exchange -> {})
          .add("PUT", "/v1/kv/own/", exchange -> {})
          .add("GET", "/v1/status/leader", exchange -> {});

  @Test
  void aPath_takesTheLongestRouteThatItBeginsWith() {
    assertThat(found("/v1/kv/")).contains("/v1/kv/");
    assertThat(found("/v1/kv/a")).contains("/v1/kv/");
    assertThat(found("/v1/kv/a/b/")).contains("/v1/kv/");
    assertThat(found("/v1/kv/own/")).contains("/v1/kv/own/");
    assertThat(found("/v1/kv/own/a/b/c/d/e/f/g/h")).contains("/v1/kv/own/");
    assertThat(found("/v1/kv/own")).contains("/v1/kv/");
    assertThat(found("/v1/status/leader")).contains("/v1/status/leader");
  }

  @Test
  void aPath_thatBeginsWithNone_takesNone() {
    assertThat(found("/v1/kv")).isEmpty();
    assertThat(found("/v1/status/leader/")).isEmpty();
    assertThat(found("/v2/keys/a/b/c/d/e/f/g/h/i/j/k/l/m/n")).isEmpty();
  }

  /** Each slash once cost a copy of all before it: hours for this one. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aPathOfMillionsOfSlashes_isNotLookedAtSlashBySlash() {
    assertThat(found("/v1/kv/" + "a/".repeat(5_000_000))).contains("/v1/kv/");
  }

  private Optional<String> found(String path) {
    return routes.find(path).map(Route::path);
  }
}
