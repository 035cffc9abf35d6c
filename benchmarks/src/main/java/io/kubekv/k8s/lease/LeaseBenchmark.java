package io.kubekv.k8s.lease;

import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a linearizable read pays for being one. */
@State(Scope.Benchmark)
public class LeaseBenchmark {
  private final Term term =
      new Term(1, Clocks.system(), Term.Sent.now(Clocks.system()), Duration.ofHours(1));

  @Benchmark
  public boolean check() {
    return term.isValid();
  }
}
