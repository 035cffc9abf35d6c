package io.kubekv.benchmarks.load;

/**
 * The keys that a load works on: numbered, so many to a directory, all values alike.
 *
 * @param root the directory above all
 * @param perDirectory how many keys a directory holds
 * @param value what each is put to
 */
public record Keys(String root, int count, int perDirectory, String value) {
  /** Values of so many bytes, in directories of a hundred. */
  public static Keys of(String root, int count, int bytes) {
    return new Keys(
        root, count, Math.min(100, count), "0123456789".repeat(bytes / 10 + 1).substring(0, bytes));
  }

  public String name(int key) {
    return directory(key / perDirectory) + "/k" + key;
  }

  public String directory(int number) {
    return root + "/d" + number;
  }

  public int directories() {
    return (count + perDirectory - 1) / perDirectory;
  }
}
