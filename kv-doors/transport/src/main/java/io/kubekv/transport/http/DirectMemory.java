package io.kubekv.transport.http;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/**
 * The memory outside the heap that connections may have. Netty refuses what is beyond its bound at
 * once, and one connection ends; beyond the virtual machine's, threads wait for collections of the
 * heap, the event loop's among them.
 */
public final class DirectMemory {
  private static final String NETTYS = "io.netty.maxDirectMemory";
  private static final long LEAST = 96 << 20;

  private DirectMemory() {}

  /** Bounds it, unless somebody has. To be called before a class of Netty is used. */
  public static void bound() {
    if (System.getProperty(NETTYS) == null) {
      System.setProperty(NETTYS, Long.toString(share(Runtime.getRuntime().maxMemory(), most())));
    }
  }

  /**
   * A quarter of the heap, and never all that there may be.
   *
   * @param heap that the process may have, in bytes
   * @param most that may be outside it
   */
  static long share(long heap, long most) {
    return Math.min(Math.max(LEAST, heap / 4), most / 8 * 7);
  }

  private static long most() {
    String said =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
            .getVMOption("MaxDirectMemorySize")
            .getValue();
    long most = Long.parseLong(said);
    return most > 0 ? most : Runtime.getRuntime().maxMemory();
  }
}
