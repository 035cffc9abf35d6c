package io.kubekv.benchmarks;

import io.kubekv.e2e.process.ProcessorTime;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A contestant whose processor time is counted while it is its turn: that of these processes, by
 * each answer that they gave.
 */
final class Accounted implements SideBySide.Contestant {
  private final SideBySide.Contestant of;
  private final List<Long> processes;
  private double seconds;
  private long answers;

  Accounted(SideBySide.Contestant of, List<Long> processes) {
    this.of = of;
    this.processes = processes;
  }

  @Override
  public String name() {
    return of.name();
  }

  @Override
  public ClosedLoop.Result slice(int clients, Duration time) throws IOException {
    double before = spent();
    ClosedLoop.Result result = of.slice(clients, time);
    seconds += spent() - before;
    answers += result.times().getTotalCount();
    return result;
  }

  private double spent() throws IOException {
    double sum = 0;
    for (long process : processes) {
      sum += ProcessorTime.seconds(process);
    }
    return sum;
  }

  /** Forgets what was counted. */
  void restart() {
    seconds = 0;
    answers = 0;
  }

  /** Microseconds of processor time by each answer since then; NaN when no process is known. */
  double microsEach() {
    return answers == 0 || processes.isEmpty() ? Double.NaN : seconds * 1e6 / answers;
  }
}
