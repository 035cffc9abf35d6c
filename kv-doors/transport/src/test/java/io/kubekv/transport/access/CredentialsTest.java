package io.kubekv.transport.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CredentialsTest {
  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void bearer_isTheToken() {
    assertThat(Credentials.token("Bearer abc")).contains("abc");
    assertThat(Credentials.token("bearer  abc ")).contains("abc");
  }

  @Test
  void basic_thePasswordIsTheToken() {
    assertThat(Credentials.token(basic("root:abc"))).contains("abc");
    assertThat(Credentials.token(basic("root:a:b"))).contains("a:b");
  }

  @Test
  void anythingElse_isNone() {
    for (String header :
        new String[] {"", "Bearer ", "Basic !", basic("root"), basic("root:"), "Digest x"}) {
      assertThat(Credentials.token(header)).as(header).isEmpty();
    }
  }

  @Test
  void text_doesNotShowTheToken() {
    assertThat(new Credentials(Optional.empty(), Optional.of("secret")).toString())
        .doesNotContain("secret");
  }
}
