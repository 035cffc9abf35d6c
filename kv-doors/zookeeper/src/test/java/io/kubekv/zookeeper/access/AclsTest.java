package io.kubekv.zookeeper.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.ZkException;
import java.util.Collections;
import java.util.List;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of access control lists. */
class AclsTest {
  private static List<ACL> of(String address) {
    return List.of(new ACL(Acls.READ, new Id("ip", address)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.2.3.4.5",
        "1.2.3",
        "1.2.3.256",
        "1.2.3.0004",
        "1.2.3.4.",
        "1..3.4",
        "+1.2.3.4",
        "\u0661.2.3.4",
        "1.2.3.4/33",
        "1.2.3.4/-1",
        "1.2.3.4/x",
        "1.2.3.4/8/8",
        ".1:2",
        "a.b",
        "localhost",
        "::1/129",
        "1:2",
        ":::",
        "",
        "fe80::1%lo"
      })
  void address_thatIsNone_isInvalid_withoutAskingForAName(String address) {
    assertThatThrownBy(() -> Acls.fixed(of(address), List.of())).isInstanceOf(ZkException.class);
  }

  @Test
  void entryWithoutASchemeOrAnId_isInvalid() {
    List<ACL> none =
        List.of(
            new ACL(1, null),
            new ACL(1, new Id()),
            new ACL(1, new Id("ip", null)),
            new ACL(1, new Id(null, "x")));
    for (ACL each : none) {
      assertThatThrownBy(() -> Acls.fixed(List.of(each), List.of()))
          .isInstanceOfSatisfying(
              ZkException.class, why -> assertThat(why.code()).isEqualTo(Code.INVALID_ACL));
    }
  }

  @Test
  void list_thatIsLongerThanAnyThatIsKept_isRefused_beforeItIsLookedAt() {
    ACL untouched =
        new ACL(1, new Id("x", "y")) {
          @Override
          public Id getId() {
            throw new AssertionError("it was looked at");
          }

          @Override
          public int hashCode() {
            throw new AssertionError("it was compared");
          }
        };

    assertThatThrownBy(() -> Acls.fixed(Collections.nCopies(45_000, untouched), List.of()))
        .isInstanceOfSatisfying(
            ZkException.class, why -> assertThat(why.code()).isEqualTo(Code.BAD_ARGUMENTS));
  }

  @Test
  void entry_thatIsThereTwice_isKeptOnce_inItsPlace() {
    ACL first = new ACL(Acls.READ, new Id("ip", "1.2.3.4"));
    ACL second = new ACL(Acls.WRITE, new Id("ip", "1.2.3.4"));

    assertThat(Acls.fixed(List.of(second, first, second), List.of()))
        .containsExactly(second, first);
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3, 10.1.2.3, true",
    "10.1.2.3, 10.1.2.4, false",
    "10.1.0.0/16, 10.1.2.4, true",
    "10.1.0.0/16, 10.2.2.4, false",
    "0.0.0.0/0, 255.255.255.255, true",
    "0.0.0.0/0, ::1, false",
    "::1, 0:0:0:0:0:0:0:1, true",
    "fd00::/8, fd12:3456::1, true",
    "fd00::/8, fe80::1, false"
  })
  void range_holdsItsAddresses(String range, String address, boolean holds) {
    List<ACL> fixed = Acls.fixed(of(range), List.of());

    assertThat(Acls.allows(fixed, Acls.READ, List.of(new Id("ip", address)))).isEqualTo(holds);
  }
}
