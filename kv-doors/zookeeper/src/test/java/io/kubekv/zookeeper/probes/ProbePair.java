package io.kubekv.zookeeper.probes;

import io.kubekv.transport.probes.ProgramPair;
import io.kubekv.transport.probes.ProgramPair.Difference;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.Op;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The real ZooKeeper and the candidate; of what is open at the end, sessions are told. */
public record ProbePair(Probed zookeeper, Probed candidate) {
  private static final int LENGTH = 40;
  private static final int SESSIONS = 3;

  /** Runs the program of a seed; the shortest part of it that still differs. */
  public Optional<Difference<Step>> differs(long seed) throws IOException {
    ProgramPair<Step> pair =
        new ProgramPair<>("ZooKeeper", on(zookeeper), on(candidate), ProbePair::isExplained);
    return pair.differs(seed, new Programs(seed, SESSIONS).program(LENGTH));
  }

  private static ProgramPair.Side<Step> on(Probed server) {
    return (seed, program) -> server.run(program, SESSIONS);
  }

  private static boolean isExplained(List<Step> program, int at, String expected, String found) {
    return at < program.size()
        && program.get(at) instanceof Step.Ask ask
        && ask.part().number() == Op.EXISTS.number()
        && isExplained(expected, found);
  }

  /**
   * {@code exists} needs the right to read since 3.8.4, and earlier servers tell everybody: there
   * the read after it is refused all the same. All else that is told must be the same.
   */
  static boolean isExplained(String expected, String found) {
    String shut = "err " + Code.NO_AUTH.number() + " ";
    String end = Probed.READ_AFTER + shut;
    if (!expected.endsWith(end) || !found.endsWith(shut + end)) {
      return false;
    }
    String events = found.substring(0, found.length() - (shut + end).length());
    return expected.startsWith(events + "err 0 ");
  }
}
