package io.kubekv.e2e.process;

import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The memory that a process holds, as Linux accounts for it ({@code VmRSS} in {@code
 * /proc/PID/status}).
 */
public final class ResidentMemory {
  private ResidentMemory() {}

  public static double mebibytes(StoreProcess store) throws IOException {
    return mebibytes(store.server().pid());
  }

  /** Of the process of this number. */
  public static double mebibytes(long process) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    throw new IOException("the system does not state the resident memory of process " + process);
  }
}
