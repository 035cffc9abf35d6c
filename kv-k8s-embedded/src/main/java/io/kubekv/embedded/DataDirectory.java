package io.kubekv.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The directory that holds an embedded server's data, locked for as long as this is open. The lock
 * is the operating system's and ends with the process, however it ends.
 */
final class DataDirectory implements AutoCloseable {
  private static final String FILE = "kubekv.db";

  /** What other stores keep in theirs, and whose it is. */
  private static final Map<String, String> OTHERS =
      Map.of("member", "etcd", "version-2", "ZooKeeper", "raft", "Consul", "serf", "Consul");

  private final Path path;
  private final FileChannel lockFile;

  private DataDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /**
   * Makes the directory if it is missing (readable by its owner only) and locks it.
   *
   * @throws IOException when another process uses it, it is another store's, or it cannot be made
   */
  static DataDirectory lock(Path path) throws IOException {
    requireOwn(path);
    if (!Files.isDirectory(path)) {
      Path parent = path.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.createDirectory(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    FileChannel channel =
        FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (tryLock(channel) == null) {
        throw new IOException(
            "data directory "
                + path
                + " is in use by another process: stop that one, or name another directory");
      }
      return new DataDirectory(path, channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** One in which ours are already stays ours, whoever came later. */
  private static void requireOwn(Path path) throws IOException {
    if (Files.exists(path.resolve(FILE))) {
      return;
    }
    for (String name : new TreeSet<>(OTHERS.keySet())) {
      if (Files.isDirectory(path.resolve(name))) {
        throw new IOException(
            "data directory %s is that of %s: it has a folder %s; name one of its own for kubekv"
                .formatted(path, OTHERS.get(name), name));
      }
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  Path database() {
    return path.resolve(FILE);
  }

  Path kubeconfig() {
    return path.resolve("kubeconfig");
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
