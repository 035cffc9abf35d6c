package io.kubekv.e2e.attacks;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Random;

/** One thing that a disk, or who restores a backup, may do to a file. The seed says all of it. */
final class Damage {
  private static final int PAGE = 4096;

  private final Random random;
  private final int kind;

  private Damage(int seed) {
    random = new Random(seed);
    kind = seed % 5;
  }

  static Damage of(int seed) {
    return new Damage(seed);
  }

  /** What was done, in words. */
  String doTo(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      long at = (long) (random.nextDouble() * file.length());
      long page = at / PAGE * PAGE;
      String where = " of " + path.getFileName() + " (" + file.length() + " bytes)";
      switch (kind) {
        case 0 -> {
          file.seek(at);
          int old = file.read();
          file.seek(at);
          file.write(old ^ (1 << random.nextInt(8)));
          return "one bit at " + at + where;
        }
        case 1 -> {
          write(file, at, new byte[512]);
          return "512 zeros at " + at + where;
        }
        case 2 -> {
          byte[] bytes = new byte[PAGE];
          random.nextBytes(bytes);
          write(file, page, bytes);
          return "a page of chance at " + page + where;
        }
        case 3 -> {
          file.setLength(Math.max(1, page));
          return "cut off at " + page + where;
        }
        default -> {
          byte[] other = new byte[PAGE];
          file.seek(random.nextLong(Math.max(1, file.length() / PAGE)) * PAGE);
          file.readFully(other);
          write(file, page, other);
          return "another page at " + page + where;
        }
      }
    }
  }

  private static void write(RandomAccessFile file, long at, byte[] bytes) throws IOException {
    long end = file.length();
    file.seek(at);
    file.write(bytes, 0, (int) Math.min(bytes.length, end - at));
  }
}
