package io.kubekv.etcdv3.probes;

import com.google.protobuf.Message;
import io.kubekv.transport.probes.ProgramPair;
import io.kubekv.transport.probes.ProgramPair.Difference;
import java.io.IOException;
import java.util.Optional;

/** The real etcd and the candidate; of what is open at the end, watches are told. */
public record ProbePair(Probed etcd, Probed candidate) {
  private static final int LENGTH = 40;
  private static final int LEASES = 3;

  /** Runs the program of a seed; the shortest part of it that still differs. */
  public Optional<Difference<Message>> differs(long seed) throws IOException {
    ProgramPair<Message> pair =
        new ProgramPair<>("etcd", on(etcd), on(candidate), (program, at, one, other) -> false);
    return pair.differs(seed, new Programs(seed, prefix(seed), lease(seed)).program(LENGTH));
  }

  private static String prefix(long seed) {
    return "probe-" + seed + "/";
  }

  private static long lease(long seed) {
    return 1000 + seed * LEASES;
  }

  private static ProgramPair.Side<Message> on(Probed server) {
    return (seed, program) -> server.run(program, prefix(seed), lease(seed), LEASES);
  }
}
