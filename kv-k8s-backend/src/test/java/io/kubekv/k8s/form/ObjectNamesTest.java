package io.kubekv.k8s.form;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Key;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class ObjectNamesTest {
  /** Made with coreutils: {@code k$(printf a/b | sha256sum | xxd -r -p | basenc --base32hex)}. */
  @Test
  void of_knownKey_isWhatOtherToolsCompute() {
    assertThat(ObjectNames.of(Key.of("a/b")))
        .isEqualTo("ko56drg1jup5prqk0t9jlpsk0k0aucsihc28aaoj7g4ajrhkft88g");
  }

  @Test
  void of_keysThatDifferByCase_differs() {
    assertThat(ObjectNames.of(Key.of("a"))).isNotEqualTo(ObjectNames.of(Key.of("A")));
  }

  @Property(tries = 200)
  void of_anyKey_isADnsLabelOfFixedLength(@ForAll @NotEmpty String text) {
    String key = text.replaceAll("[\0\\p{Cs}]", "-");

    assertThat(ObjectNames.of(Key.of(key))).matches("k[0-9a-v]{52}");
  }
}
