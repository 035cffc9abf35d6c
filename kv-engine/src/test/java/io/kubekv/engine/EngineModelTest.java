package io.kubekv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.contract.Tlc;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The way of a write through the log, as TLC sees it: every run of a small store, step by step. */
class EngineModelTest {
  @TempDir Path folder;

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void protocol_asItIs_isRight(String name, Map<String, String> bounds) {
    Tlc.Result found = Tlc.check("Engine", bounds, folder);

    print(name, found);
    assertThat(found.holdsEverywhere()).as("%s", found.output()).isTrue();
  }

  static Stream<Arguments> protocol_asItIs_isRight() {
    return Stream.of(
        Arguments.of("two writes, a take-over, somebody else writes", Map.of()),
        Arguments.of(
            "a write that a snapshot passes over",
            Map.of("Writes", "{w1}", "MaxEntries", "4", "MaxForged", "0")),
        Arguments.of(
            "a write in two parts, with take-overs and snapshots between them", inParts()));
  }

  private static Map<String, String> inParts() {
    return Map.of("Writes", "{w1}", "Large", "{w1}", "MaxEntries", "4", "MaxForged", "0");
  }

  private static Arguments inPartsWithout(String rule, String invariant, String constant) {
    Map<String, String> changes = new HashMap<>(inParts());
    changes.put(constant, "FALSE");
    return Arguments.of(rule, invariant, changes);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void protocol_withoutOneOfItsRules_isWrong(
      String name, String invariant, Map<String, String> without) {
    Tlc.Result found = Tlc.check("Engine", without, folder);

    print("without: " + name, found);
    assertThat(found.violated()).as("%s", found.output()).contains(invariant);
  }

  static Stream<Arguments> protocol_withoutOneOfItsRules_isWrong() {
    return Stream.of(
        without("waiting for the own event", "Linearizable", "OwnEvent"),
        Arguments.of("the chain", "Agreement", Map.of("Chain", "FALSE")),
        without("the same position", "Once", "SamePosition"),
        without("reading what is applied", "NoGhost", "Applied"),
        without("followers that show what its writer has applied", "Linearizable", "Announced"),
        inPartsWithout("waiting for the last part", "AckedSurvives", "LastPart"),
        inPartsWithout("beginning an interrupted write anew", "AckedSurvives", "Anew"),
        inPartsWithout("snapshots of what is whole", "Wholes", "WholeBase"),
        Arguments.of(
            "saying that an outcome is unknown",
            "Once",
            Map.of("Unknown", "FALSE", "Writes", "{w1}", "MaxEntries", "4", "MaxForged", "0")));
  }

  private static Arguments without(String rule, String invariant, String constant) {
    return Arguments.of(rule, invariant, Map.of(constant, "FALSE", "MaxForged", "0"));
  }

  private static void print(String name, Tlc.Result found) {
    System.out.printf(
        "model of the engine, %s: %d states%s%n",
        name,
        found.distinct(),
        found.violated().map(which -> ", not " + which).orElse(", all of them right"));
  }
}
