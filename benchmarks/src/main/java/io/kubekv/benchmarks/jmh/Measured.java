package io.kubekv.benchmarks.jmh;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * What one benchmark showed with one choice of parameters.
 *
 * @param name class, method and parameters
 * @param micros of one operation; the mean, or the median where single ones were timed
 * @param tail the 99th percentile in microseconds; not a number where only the mean is known
 * @param allocated bytes of one operation, by all threads
 * @param processorMicros of one operation, of other threads than the caller; 0 where not measured
 */
@SuppressWarnings("rawtypes") // as JMH gives them
record Measured(String name, double micros, double tail, double allocated, double processorMicros) {

  static Measured of(RunResult run) {
    Result<?> primary = run.getPrimaryResult();
    boolean sampled = primary.getStatistics().getN() > 1000;
    Map<String, Result> others = run.getSecondaryResults();
    return new Measured(
        name(run),
        sampled ? primary.getStatistics().getPercentile(50) : primary.getScore(),
        sampled ? primary.getStatistics().getPercentile(99) : Double.NaN,
        score(others, "gc.alloc.rate.norm"),
        processorMicros(run));
  }

  private static String name(RunResult run) {
    String path = run.getParams().getBenchmark();
    String method = path.substring(path.lastIndexOf('.', path.lastIndexOf('.') - 1) + 1);
    String parameters =
        run.getParams().getParamsKeys().stream()
            .map(key -> key + "=" + run.getParams().getParam(key))
            .collect(Collectors.joining(" "));
    return method.replace("Benchmark", "") + " " + parameters;
  }

  private static double score(Map<String, Result> results, String name) {
    Result<?> found = results.get(name);
    return found == null ? 0 : found.getScore();
  }

  /** The counters hold sums over all iterations, and so does the number of operations. */
  private static double processorMicros(RunResult run) {
    double nanos = score(run.getSecondaryResults(), "othersNanos");
    double operations =
        run.getBenchmarkResults().stream()
            .flatMap(result -> result.getIterationResults().stream())
            .mapToLong(iteration -> iteration.getMetadata().getMeasuredOps())
            .sum();
    return operations == 0 ? 0 : nanos / operations / 1000;
  }

  boolean isOfADoor() {
    return name.startsWith("Door");
  }

  @Override
  public String toString() {
    String time = String.format(Locale.ROOT, "%-44s %12.3f us", name, micros);
    String more = Double.isNaN(tail) ? "" : String.format(Locale.ROOT, " p99 %10.1f us", tail);
    String cpu =
        processorMicros == 0 ? "" : String.format(Locale.ROOT, " CPU %8.1f us", processorMicros);
    return time + more + String.format(Locale.ROOT, " %12.0f B", allocated) + cpu;
  }
}
