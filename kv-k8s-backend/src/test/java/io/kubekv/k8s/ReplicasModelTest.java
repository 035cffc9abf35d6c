package io.kubekv.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.contract.Tlc;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The protocol of several replicas, as TLC sees it: every run of a small store, step by step. */
class ReplicasModelTest {
  @TempDir Path folder;

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void protocol_asItIs_isLinearizable(String name, Map<String, String> bounds) {
    Tlc.Result found = Tlc.check("Replicas", bounds, folder);

    print(name, found);
    assertThat(found.holdsEverywhere()).as("%s", found.output()).isTrue();
  }

  static Stream<Arguments> protocol_asItIs_isLinearizable() {
    return Stream.of(
        Arguments.of("three writes, a take-over, a crash", Map.of()),
        Arguments.of(
            "two writes, the lease goes and comes back",
            Map.of("Writes", "{w1, w2}", "MaxTerms", "3", "MaxCrashes", "0")),
        Arguments.of(
            "an index that takes only what was checked or announced",
            Map.of("Feed", "\"checked\"", "MaxCrashes", "0")),
        Arguments.of(
            "which makes the checks behind it redundant",
            Map.of(
                "Feed", "\"checked\"",
                "Writes", "{w1, w2}",
                "CheckAfterEvent", "FALSE",
                "CheckAfterSnapshot", "FALSE")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void protocol_withoutOneOfItsRules_tellsSomebodyWrong(String name, Map<String, String> without) {
    Tlc.Result found = Tlc.check("Replicas", without, folder);

    print("without: " + name, found);
    assertThat(found.violated()).as("%s", found.output()).contains("Linearizable");
  }

  static Stream<Arguments> protocol_withoutOneOfItsRules_tellsSomebodyWrong() {
    return Stream.of(
        without("the lease checked after the event", "CheckAfterEvent", "FALSE"),
        without("the barrier", "Barrier", "FALSE"),
        without("the snapshot before the check", "CheckAfterSnapshot", "FALSE"),
        without("a reason for a 409", "AwaitReason", "FALSE"),
        without("announcements", "Announced", "FALSE"),
        without("a look at the clock for each event that passes the gate", "Feed", "\"open\""));
  }

  /** Only what clients are told counts here, not why they are told right. */
  private static Arguments without(String rule, String constant, String value) {
    return Arguments.of(rule, Map.of(constant, value, "Reason", "FALSE"));
  }

  private static void print(String name, Tlc.Result found) {
    System.out.printf(
        "model of the replicas, %s: %d states%s%n",
        name,
        found.distinct(),
        found.violated().map(which -> ", not " + which).orElse(", all of them right"));
  }
}
