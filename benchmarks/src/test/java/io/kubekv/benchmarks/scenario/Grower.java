package io.kubekv.benchmarks.scenario;

import java.io.IOException;
import java.lang.ref.Reference;

/** A Java program that grows, forgets all of it, and later keeps 16 MiB. */
final class Grower {
  static final int MEBIBYTES = 16;

  private Grower() {}

  @SuppressWarnings("ReachabilityFenceUsage") // nothing is thrown between
  public static void main(String[] arguments) throws IOException {
    Reference.reachabilityFence(new byte[4 * MEBIBYTES][1 << 20]);
    System.out.println("has grown");
    int told = System.in.read();
    byte[][] kept = new byte[MEBIBYTES][1 << 20];
    System.out.println("keeps " + told);
    int unused = System.in.read();
    Reference.reachabilityFence(kept);
  }
}
