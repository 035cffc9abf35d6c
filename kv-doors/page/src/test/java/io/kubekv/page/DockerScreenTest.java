package io.kubekv.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.docker.Samples;
import io.kubekv.engine.EngineStore;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Docker's engines keep, as people are shown it. */
class DockerScreenTest {
  private static final String NETWORKS = "docker/network/v1.0/";

  private final EngineStore store = EngineStore.inMemory();
  private final PageUnderTest page = new PageUnderTest(store, false);

  @AfterEach
  void close() {
    page.close();
    store.close();
  }

  private String shown() throws Exception {
    return shown("");
  }

  private String shown(String query) throws Exception {
    HttpResponse<String> answer = page.get("/ui/docker" + query);
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  private void putEndpoint(String network, String id, String host) {
    page.put(
        NETWORKS + "endpoint/" + network + "/" + id,
        "{\"id\":\"%s\",\"name\":\"%s\"%s,\"ep_iface\":{\"addr\":\"10.0.0.2/24\"}}"
            .formatted(id, "c-" + id, host.isEmpty() ? "" : ",\"locator\":\"" + host + "\""));
  }

  private void putNetwork(String id, String name) {
    page.put(
        NETWORKS + "network/" + id,
        "{\"id\":\"%s\",\"name\":\"%s\",\"networkType\":\"bridge\"}".formatted(id, name));
  }

  @Test
  void storeWithoutDocker_saysSo() throws Exception {
    assertThat(shown())
        .contains("No engine of Docker keeps anything here")
        .doesNotContain("<table");
  }

  @Test
  void whatTwoEnginesWrote_showsWhichContainerIsWhere() throws Exception {
    Samples.all().forEach((key, value) -> page.put(key.text(), value));

    assertThat(shown())
        .contains("<bdi>ov</bdi></a> overlay", "10.201.0.0/24, gateway 10.201.0.1, VNI 256")
        .contains("10.212.0.0/24", "10.213.0.0/24", "fd00:1::/64")
        .containsPattern("(?s)<bdi>10\\.88\\.0\\.11</bdi>.*?<bdi>10\\.88\\.0\\.11:2376</bdi>")
        .containsPattern("<bdi>c1</bdi></a> <span class=\"cause\">10\\.201\\.0\\.2/24")
        .contains("endpoint%2F" + Samples.OV + "%2F" + Samples.C1)
        .doesNotContain("Not decoded", "no engine is registered");
  }

  @Test
  void storeWithAPath_isShownByItself_withOrWithoutTheLastSlash() throws Exception {
    Samples.all().forEach((key, value) -> page.put("some/path/" + key.text(), value));
    page.put("docker/nodes/10.0.0.8:2376", "10.0.0.8:2376");

    assertThat(shown()).contains("10.0.0.8:2376").doesNotContain("<bdi>ov</bdi>", "10.88.0.11");
    for (String query : new String[] {"?prefix=some%2Fpath", "?prefix=some%2Fpath%2F"}) {
      assertThat(shown(query))
          .contains("with the path <bdi>some/path/</bdi>", "<bdi>ov</bdi></a> overlay", "VNI 256")
          .contains("10.201.0.2/24", "key=some%2Fpath%2Fdocker%2Fnodes%2F10.88.0.11")
          .doesNotContain("10.0.0.8", "Not decoded");
    }
    assertThat(shown("?prefix=some")).contains("No engine of Docker keeps anything here");
  }

  @Test
  void recordsThatAreNone_areNamed_andNotGuessed() throws Exception {
    putNetwork("abc", "net");
    page.put(NETWORKS + "network/xyz", "[]");
    page.put(NETWORKS + "endpoint/abc/def", "{");
    page.put("docker/nodes/here", "there");
    page.put(
        NETWORKS + "network/own", "{\"id\":\"own\",\"name\":\"ov\",\"networkType\":\"overlay\"}");

    assertThat(shown())
        .contains("Not decoded", "the value is no JSON object", "the value is no valid JSON")
        .contains("the key's last element is no address with a port")
        .contains("the overlay driver's record of it is missing, so no VNI is known")
        .contains("<bdi>xyz</bdi>");
  }

  @Test
  void hosts_haveARow_whetherOrNotAnEngineIsRegistered() throws Exception {
    putNetwork("abc", "net");
    putEndpoint("abc", "e1", "10.0.0.9");
    putEndpoint("abc", "e2", "");
    page.put("docker/nodes/10.0.0.8:2376", "10.0.0.8:2376");

    assertThat(shown())
        .containsPattern(
            "(?s)no host.*c-e2.*10\\.0\\.0\\.8.*10\\.0\\.0\\.9.*no engine is registered.*c-e1");
  }

  @Test
  void whatIsTooMuch_isCutOff_andThePageSaysSo() throws Exception {
    putNetwork("abc", "net");
    for (int i = 0; i <= DockerScreen.ENDPOINTS; i++) {
      putEndpoint("abc", "e%04d".formatted(i), "10.0.0.9");
    }
    putNetwork("abd", "behind");
    putEndpoint("abd", "late", "10.0.0.9");

    assertThat(shown())
        .contains("There are more hosts", "c-e0999", "<bdi>behind</bdi>")
        .doesNotContain("c-e1000", "c-late");
  }

  @Test
  void recordsThatAreTooMuchTogether_areNotAllDecoded() throws Exception {
    String padding = " ".repeat(500_000);
    putNetwork("abc", "net");
    for (int i = 0; i <= DockerScreen.BYTES / padding.length(); i++) {
      page.put(NETWORKS + "endpoint/abc/big%04d".formatted(i), padding + "{");
    }

    assertThat(shown())
        .contains("There are more hosts", "abc/big0000", "<bdi>net</bdi>")
        .doesNotContain("abc/big%04d".formatted(DockerScreen.BYTES / padding.length()));
  }

  @Test
  void namesThatAreHostile_areText() throws Exception {
    putNetwork("abc", "<script>alert(1)</script>");
    page.put("docker/nodes/<b>\u202e", "x");

    assertThat(shown()).doesNotContain("<script>alert", "<b>", "\u202e").contains("U+202E");
  }
}
