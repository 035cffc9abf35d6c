package io.kubekv.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ProbeFileTest {
  private static final Pattern USED = Pattern.compile("\\{([a-z][a-z0-9]*)(?:[+-]\\d+)?}");

  private static Probe only(String... lines) {
    List<Probe> probes = ProbeFile.parse(List.of(lines));
    assertThat(probes).hasSize(1);
    return probes.getFirst();
  }

  @Test
  void parse_requestWithBody_takesItAsItStands() {
    Probe probe = only("# a comment", "", "put PUT /v1/kv/a?cas=0 <- a <- b ");

    assertThat(probe.id()).isEqualTo("put");
    assertThat(probe.request()).isEqualTo(new ProbeRequest("PUT", "/v1/kv/a?cas=0", "a <- b "));
  }

  @Test
  void parse_details_belongToTheRequestAbove() {
    Probe probe =
        only(
            "p GET /v1/kv/a?index={i}&wait=2s",
            "    keep i X-Consul-Index",
            "    within 2000..2500",
            "    meanwhile PUT /v1/kv/b <- 2",
            "    header Content-Type: text/plain",
            "    slow");

    assertThat(probe.keeps()).containsExactly(new Probe.Keep("i", "X-Consul-Index"));
    assertThat(probe.window())
        .contains(new Probe.Window(Duration.ofSeconds(2), Duration.ofMillis(2500)));
    assertThat(probe.meanwhile()).contains(new ProbeRequest("PUT", "/v1/kv/b", "2"));
    assertThat(probe.headers()).containsExactly(List.of("Content-Type", "text/plain"));
    assertThat(probe.slow()).isTrue();
  }

  @Test
  void parse_list_repeatsTheBodyWithItsNumber() {
    assertThat(only("p PUT /v1/txn <- {\"k\":#}", "    list 3").request().body())
        .isEqualTo("[{\"k\":0}, {\"k\":1}, {\"k\":2}]");
  }

  @Test
  void parse_whatIsNoProbe_isRefusedWithItsLine() {
    assertThatThrownBy(() -> ProbeFile.parse(List.of("a GET /", "b get /")))
        .hasMessageContaining("line 2")
        .hasMessageContaining("get /");
    assertThatThrownBy(() -> ProbeFile.parse(List.of("a GET /", "a GET /x")))
        .hasMessageContaining("two probes a");
    assertThatThrownBy(() -> ProbeFile.parse(List.of("    slow")))
        .hasMessageContaining("no request");
    assertThatThrownBy(() -> ProbeFile.parse(List.of("a GET /", "    hurry")))
        .hasMessageContaining("no detail 'hurry'");
    assertThatThrownBy(() -> ProbeFile.parse(List.of("a GET /", "    within 3")))
        .hasMessageContaining("two parts");
  }

  @Test
  void expand_namesAndRepetitions() {
    ProbeNames names = new ProbeNames();
    names.keep("c1", "23");

    assertThat(names.expand("?cas={c1}&x={c1+1},{c1-1},{c1+100000}"))
        .isEqualTo("?cas=23&x=24,22,100023");
    assertThat(names.expand("{\"KV\":{\"V\":\"{A*4}==\"}}"))
        .isEqualTo("{\"KV\":{\"V\":\"AAAA==\"}}");
    assertThat(names.expand("{bytes}")).hasSize(256).startsWith("\0\1").endsWith("\u00ff");
    assertThat(names.expand("{missing+1}")).isEqualTo("no-missing");
  }

  @Test
  void consulProbes_useOnlyWhatWasKeptBefore() throws IOException {
    List<Probe> probes = ProbeFile.read(Path.of("data/consul/probes.txt"));
    Set<String> kept = new HashSet<>(Set.of("node", "bytes"));

    for (Probe probe : probes) {
      Matcher used =
          USED.matcher(probe.request() + " " + probe.meanwhile().map(Object::toString).orElse(""));
      while (used.find()) {
        assertThat(kept).as(probe.id()).contains(used.group(1));
      }
      probe.keeps().forEach(keep -> kept.add(keep.name()));
    }
    assertThat(probes).hasSizeGreaterThan(500);
  }

  @Test
  void consulProbes_thatAreKnownToDifferExist() throws IOException {
    List<Probe> probes = ProbeFile.read(Path.of("data/consul/probes.txt"));

    Set<String> outdated =
        KnownDifferences.read(Path.of("data/consul/differences.txt"))
            .outdated(List.of(), withTheirSeconds(probes));

    assertThat(outdated).as("differences of probes that do not exist").isEmpty();
  }

  @Test
  void knownDifferences_giveTheirReasonsInTheCompatibilityPage() throws IOException {
    String page = Files.readString(Path.of("../kv-server/COMPATIBILITY.md"));

    assertThat(KnownDifferences.read(Path.of("data/consul/differences.txt")).reasons())
        .allSatisfy(reason -> assertThat(page).contains(reason));
  }

  private static Set<String> withTheirSeconds(List<Probe> probes) {
    Set<String> ids = new HashSet<>();
    for (Probe probe : probes) {
      ids.add(probe.id());
      probe.meanwhile().ifPresent(other -> ids.add(probe.id() + ".meanwhile"));
    }
    return ids;
  }
}
