package io.kubekv.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Which file it is: another one of the same name has another. Good while the file is open. */
record FileIdentity(Object key) {

  /**
   * Of the file that is there now.
   *
   * @throws IOException when there is none
   */
  static FileIdentity of(Path file) throws IOException {
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    return new FileIdentity(key == null ? file : key);
  }

  /** Whether this file is there. */
  boolean isAt(Path file) {
    try {
      return of(file).equals(this);
    } catch (IOException gone) {
      return false;
    }
  }
}
