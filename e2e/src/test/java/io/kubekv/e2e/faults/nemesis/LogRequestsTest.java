package io.kubekv.e2e.faults.nemesis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.e2e.api.ApiCall;
import io.kubekv.e2e.api.ApiRequest;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class LogRequestsTest {
  private static final String BASE = "/apis/kubekv.io/v1/namespaces/n/";

  private static ApiRequest request(String method, String path, String query, String body) {
    return new ApiRequest(ApiCall.of(method, path, query), path, body.getBytes(UTF_8));
  }

  private static ApiRequest entry(String method, String text) {
    String entry = Base64.getEncoder().encodeToString(("\u0012" + text).getBytes(UTF_8));
    return request(
        method, BASE + "storelogs/log-00007", "", "{\"spec\":{\"entry\":\"" + entry + "\"}}");
  }

  @Test
  void entry_isTheReplacementOfASlot() {
    assertThat(LogRequests.isEntry(entry("PUT", "x"))).isTrue();
    assertThat(LogRequests.isEntry(entry("GET", ""))).isFalse();
    assertThat(LogRequests.isEntry(request("POST", BASE + "storelogs", "", "{}"))).isFalse();
    assertThat(LogRequests.isEntry(request("PUT", BASE + "keyvalues/k1", "", "{}"))).isFalse();
  }

  @Test
  void text_isFoundInWhatAnEntrySays() {
    assertThat(LogRequests.entryWith("a/key").test(entry("PUT", "some a/key, and more"))).isTrue();
    assertThat(LogRequests.entryWith("other").test(entry("PUT", "some a/key"))).isFalse();
    assertThat(LogRequests.entryWith("a/key").test(entry("DELETE", "a/key"))).isFalse();
  }

  @Test
  void whatIsNoEntry_hasNoText() {
    for (String body : new String[] {"a/key", "{\"spec\":{\"entry\":\"a/key!\"}}", "{}", ""}) {
      ApiRequest request = request("PUT", BASE + "storelogs/log-00007", "", body);
      assertThat(LogRequests.entryWith("a/key").test(request)).as(body).isFalse();
    }
  }

  @Test
  void snapshot_isAChangeOfItsPartsOrTheirList() {
    assertThat(LogRequests.isSnapshot(request("POST", BASE + "storechunks", "", "{}"))).isTrue();
    assertThat(LogRequests.isSnapshot(request("DELETE", BASE + "storechunks/c", "", ""))).isTrue();
    assertThat(LogRequests.isSnapshot(request("PUT", BASE + "storemanifests/snapshot", "", "{}")))
        .isTrue();
    assertThat(LogRequests.isSnapshot(request("GET", BASE + "storechunks/c", "", ""))).isFalse();
    assertThat(LogRequests.isSnapshot(entry("PUT", "x"))).isFalse();
  }

  @Test
  void following_isAListOrAWatchOfTheSlots() {
    assertThat(LogRequests.isFollowing(request("GET", BASE + "storelogs", "limit=32", "")))
        .isTrue();
    assertThat(LogRequests.isFollowing(request("GET", BASE + "storelogs", "watch=true", "")))
        .isTrue();
    assertThat(LogRequests.isFollowing(request("GET", BASE + "stores", "watch=true", "")))
        .isFalse();
    assertThat(LogRequests.isFollowing(entry("PUT", "x"))).isFalse();
  }

  @Test
  void lease_isAnyRequestAboutIt() {
    String path = "/apis/coordination.k8s.io/v1/namespaces/n/leases/kubekv";
    assertThat(LogRequests.isLease(request("GET", path, "", ""))).isTrue();
    assertThat(LogRequests.isLease(request("PUT", path, "", "{}"))).isTrue();
    assertThat(LogRequests.isLease(entry("PUT", "x"))).isFalse();
  }
}
