package io.kubekv.e2e.process;

import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The processor time that a process has used, as Linux accounts for it ({@code utime} and {@code
 * stime} in {@code /proc/PID/stat}, in hundredths of a second).
 */
public final class ProcessorTime {
  private static final int USER = 11;
  private static final int SYSTEM = 12;

  private ProcessorTime() {}

  public static double seconds(StoreProcess store) throws IOException {
    return seconds(store.server().pid());
  }

  /** Of the process of this number. */
  public static double seconds(long process) throws IOException {
    String line = Files.readString(Path.of("/proc/" + process + "/stat"));
    // the name before these fields may hold anything, spaces too
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM])) / 100.0;
  }
}
