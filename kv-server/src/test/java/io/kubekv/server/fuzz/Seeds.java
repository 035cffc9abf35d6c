package io.kubekv.server.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Inputs that make sense, and how they are spoilt. */
public final class Seeds {
  private static final int MOST_EDITS = 8;
  private static final String ODD = "\0\n\r\"%&'/:;<=>?[\\]{|}\u007f\u00e9\u00ff";

  private Seeds() {}

  public static List<byte[]> of(String... texts) {
    return Arrays.stream(texts).map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }

  /** One of the seeds with a few bytes changed, taken out, put in or said twice. */
  static byte[] spoilt(List<byte[]> seeds, Random random) {
    byte[] input = seeds.get(random.nextInt(seeds.size())).clone();
    for (int edits = random.nextInt(MOST_EDITS); edits > 0; edits--) {
      input = edited(input, random);
    }
    return input;
  }

  private static byte[] edited(byte[] input, Random random) {
    int at = random.nextInt(input.length + 1);
    int to = at + random.nextInt(Math.min(16, input.length - at + 1));
    return switch (random.nextInt(4)) {
      case 0 -> joined(input, 0, at, odd(random), input, at, input.length);
      case 1 -> joined(input, 0, at, new byte[0], input, to, input.length);
      case 2 -> joined(input, 0, to, new byte[0], input, at, input.length);
      default ->
          joined(input, 0, at, odd(random), input, Math.min(at + 1, input.length), input.length);
    };
  }

  private static byte[] odd(Random random) {
    return random.nextBoolean()
        ? new byte[] {(byte) random.nextInt(256)}
        : new byte[] {(byte) ODD.charAt(random.nextInt(ODD.length()))};
  }

  private static byte[] joined(
      byte[] a, int aFrom, int aTo, byte[] between, byte[] b, int bFrom, int bTo) {
    byte[] joined = new byte[aTo - aFrom + between.length + bTo - bFrom];
    System.arraycopy(a, aFrom, joined, 0, aTo - aFrom);
    System.arraycopy(between, 0, joined, aTo - aFrom, between.length);
    System.arraycopy(b, bFrom, joined, aTo - aFrom + between.length, bTo - bFrom);
    return joined;
  }
}
