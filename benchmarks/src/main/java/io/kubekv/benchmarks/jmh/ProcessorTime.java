package io.kubekv.benchmarks.jmh;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The processor time of an iteration: of the thread that calls, and of the rest of the process, the
 * compiler and the garbage collector among it. For benchmarks with one calling thread.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class ProcessorTime {
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Nanoseconds of the calling thread. */
  public long callerNanos;

  /** Nanoseconds of all others. */
  public long othersNanos;

  private long process;
  private long thread;

  @Setup(Level.Iteration)
  public void begin() {
    process = PROCESS.getProcessCpuTime();
    thread = THREADS.getCurrentThreadCpuTime();
  }

  @TearDown(Level.Iteration)
  public void end() {
    callerNanos = THREADS.getCurrentThreadCpuTime() - thread;
    othersNanos = PROCESS.getProcessCpuTime() - process - callerNanos;
  }
}
