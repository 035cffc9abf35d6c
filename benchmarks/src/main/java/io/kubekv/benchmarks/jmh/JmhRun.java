package io.kubekv.benchmarks.jmh;

import io.kubekv.e2e.Check;
import io.kubekv.e2e.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs JMH benchmarks, each in a process of its own, and keeps the results as JSON. */
final class JmhRun {
  private JmhRun() {}

  /** What all runs have in common: the time, the processes, what is allocated. */
  static ChainedOptionsBuilder options(boolean quick) {
    TimeValue slice = TimeValue.milliseconds(quick ? 500 : 2000);
    return new OptionsBuilder()
        .mode(Mode.AverageTime)
        .timeUnit(TimeUnit.MICROSECONDS)
        .forks(quick ? 1 : 3)
        .warmupIterations(quick ? 3 : 5)
        .warmupTime(slice)
        .measurementIterations(quick ? 3 : 5)
        .measurementTime(slice)
        .shouldFailOnError(true)
        .addProfiler(GCProfiler.class)
        .jvmArgsAppend(
            "-Xmx2g",
            "--enable-native-access=ALL-UNNAMED",
            "-Dkubekv.repository=" + Repository.root());
  }

  /**
   * Runs them; the whole results go to {@code benchmarks/target/jmh}, with what JMH prints beside
   * them. Blocks.
   *
   * @param name of the files
   */
  static Collection<RunResult> run(ChainedOptionsBuilder options, String name) throws IOException {
    Path folder = Repository.root().resolve("benchmarks/target/jmh");
    Files.createDirectories(folder);
    Path json = folder.resolve(name + ".json");
    Path log = folder.resolve(name + ".log");
    Check.say("results in %s, progress in %s", json, log);
    options.resultFormat(ResultFormatType.JSON).result(json.toString()).output(log.toString());
    try {
      return new Runner(options.build()).run();
    } catch (RunnerException failed) {
      throw new IOException("a benchmark failed; see " + log, failed);
    }
  }
}
