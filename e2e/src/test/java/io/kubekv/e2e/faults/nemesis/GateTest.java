package io.kubekv.e2e.faults.nemesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.e2e.api.ApiCall;
import io.kubekv.e2e.api.ApiRequest;
import io.kubekv.e2e.api.Treatment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final String OBJECT = "/apis/kubekv.io/v1/namespaces/n/storelogs/log-00000";
  private static final String LEASE = "/apis/coordination.k8s.io/v1/namespaces/n/leases/kubekv";

  private static ApiRequest request(String method, String path, String body) {
    return new ApiRequest(
        ApiCall.of(method, path, ""), path, body.getBytes(StandardCharsets.UTF_8));
  }

  private static String entry(String text) {
    byte[] bytes = ("\u0001\u0007" + text).getBytes(StandardCharsets.UTF_8);
    return "{\"spec\":{\"entry\":\"" + Base64.getEncoder().encodeToString(bytes) + "\"}}";
  }

  @Test
  void firstRequestOfItsKind_isHeldBack_untilTheGateOpens() throws IOException {
    Gate gate = new Gate(LogRequests.entryWith("late"));
    assertThat(gate.apply(request("PUT", OBJECT, entry("early")))).isEqualTo(Treatment.PASS);
    Treatment held = gate.apply(request("PUT", OBJECT, entry("late")));
    gate.awaitArrival(Duration.ofSeconds(30));
    assertThat(gate.apply(request("PUT", OBJECT, entry("late too")))).isEqualTo(Treatment.PASS);
    assertThat(held)
        .isInstanceOfSatisfying(
            Treatment.Hold.class, hold -> assertThat(hold.until().getCount()).isOne());
    gate.open();
    assertThat(held)
        .isInstanceOfSatisfying(
            Treatment.Hold.class, hold -> assertThat(hold.until().getCount()).isZero());
  }

  @Test
  void requestThatDoesNotCome_isAnError() {
    Gate gate = new Gate(LogRequests.entryWith("late"));
    assertThatThrownBy(() -> gate.awaitArrival(Duration.ZERO)).isInstanceOf(IOException.class);
  }

  @Test
  void renewal_isCut_andTheLeaseCanBeSeen() {
    Gate gate = new Gate(request -> false);
    gate.cutLease();
    assertThat(gate.apply(request("PUT", LEASE, ""))).isInstanceOf(Treatment.Cut.class);
    assertThat(gate.apply(request("GET", LEASE, ""))).isEqualTo(Treatment.PASS);
    assertThat(gate.apply(request("PUT", OBJECT, ""))).isEqualTo(Treatment.PASS);
  }
}
