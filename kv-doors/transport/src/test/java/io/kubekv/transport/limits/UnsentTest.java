package io.kubekv.transport.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes that clients do not take. */
final class UnsentTest {
  private final Unsent unsent = new Unsent(100, 60);
  private final List<String> cut = new ArrayList<>();

  private Unsent.Line line(String client, String name) {
    return unsent.open(client, () -> cut.add(name));
  }

  @Test
  void overTheSum_theLargestIsCut() {
    line("a", "small").add(20);
    line("b", "large").add(50);
    Unsent.Line last = line("c", "last");

    last.add(30);
    assertThat(cut).isEmpty();
    last.add(10);

    assertThat(cut).containsExactly("large");
    assertThat(unsent.bytes()).isEqualTo(60);
  }

  @Test
  void overAClientsBound_itsOwnLargestIsCut_andNobodyElses() {
    line("b", "another's").add(40);
    line("a", "small").add(10);
    Unsent.Line large = line("a", "large");
    large.add(30);

    line("a", "last").add(25);

    assertThat(cut).containsExactly("large");
    large.add(1000);
    assertThat(unsent.bytes()).isEqualTo(75);
  }

  @Test
  void overHalfOfTheSum_orOfAClientsBound_piecesAreSmall() {
    Unsent.Line line = line("a", "a");

    line.add(30);
    assertThat(unsent.isTight("a")).isFalse();
    line.add(1);
    assertThat(unsent.isTight("a")).isTrue();
    assertThat(unsent.isTight("b")).isFalse();
    line("c", "c").add(20);

    assertThat(unsent.isTight("b")).isTrue();
    assertThat(cut).isEmpty();
  }

  @Test
  void whatIsTaken_countsNoMore() {
    Unsent.Line line = line("a", "a");
    for (int i = 0; i < 10; i++) {
      line.add(50);
      line.taken(50);
    }
    line.add(20);
    line.close();
    line.close();

    assertThat(unsent.bytes()).isZero();
    assertThat(cut).isEmpty();
  }

  @Test
  void sameBytes_forManyLines_countOnce_untilTheLastHasSentThem() {
    Unsent.Shared event = new Unsent.Shared(50);
    List<Unsent.Line> lines = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      Unsent.Line line = line("client " + i, "line " + i);
      line.add(event);
      lines.add(line);
    }
    assertThat(unsent.bytes()).isEqualTo(50);
    assertThat(cut).isEmpty();

    lines.forEach(Unsent.Line::takenShared);

    assertThat(unsent.bytes()).isZero();
  }

  @Test
  void lineThatIsCut_givesBackWhatOnlyItHad() {
    Unsent.Shared event = new Unsent.Shared(50);
    Unsent.Line slow = line("a", "slow");
    slow.add(event);
    slow.add(5);

    line("b", "other").add(50);

    assertThat(cut).containsExactly("slow");
    slow.takenShared();
    assertThat(unsent.bytes()).isEqualTo(50);
  }

  @Test
  void whatCannotBeCut_hasABoundOfItsOwn_andCutsNobodyElse() {
    Unsent.Line others = line("c", "another's");
    for (String client : List.of("a", "b")) {
      assertThat(unsent.open(client).tryAdd(25)).isTrue();
      assertThat(unsent.open(client).tryAdd(1)).isFalse();
      assertThat(unsent.isRoomForLasting(client)).isFalse();
    }

    assertThat(unsent.open("d").tryAdd(40)).isTrue();
    assertThat(unsent.open("e").tryAdd(11)).isFalse();
    others.add(50);
    assertThat(cut).isEmpty();

    assertThat(unsent.open("e").tryAdd(4)).isTrue();
    assertThat(unsent.open("e").tryAdd(2)).isTrue();
    assertThat(unsent.open("e").tryAdd(1)).isFalse();
    unsent.open("a").add(4);
    assertThat(unsent.open("g").tryAdd(1)).isFalse();
    assertThat(unsent.isRoomForLasting("g")).isTrue();
    unsent.open("g").add(1);
    assertThat(unsent.isRoomForLasting("g")).isTrue();
    line("f", "too much").add(51);
    assertThat(cut).containsExactly("too much");
  }

  @Test
  void sharedBytes_areNoLongerTheirFirstClients_onceItHasTakenThem() {
    Unsent.Line honest = line("a", "honest");
    Unsent.Line slow = line("b", "slow");
    for (int i = 0; i < 2; i++) {
      Unsent.Shared event = new Unsent.Shared(35);
      honest.add(event);
      slow.add(event);
      honest.takenShared();
    }
    assertThat(unsent.isTooMuch("a")).isFalse();
    assertThat(unsent.isTooMuch("b")).isTrue();

    honest.add(5);
    assertThat(cut).isEmpty();
    slow.add(1);

    assertThat(cut).containsExactly("slow");
    assertThat(unsent.bytes()).isEqualTo(5);
  }

  @Test
  void cutThatFreesNothingOfItsClient_isNotFollowedByMore() {
    Unsent.Shared event = new Unsent.Shared(50);
    for (int i = 0; i < 3; i++) {
      line("a", "of an event").add(event);
    }

    line("a", "another").add(11);

    assertThat(cut).containsExactly("of an event");
    assertThat(unsent.bytes()).isEqualTo(61);
  }
}
