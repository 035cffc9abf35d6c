package io.kubekv.cli.terminal;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** What is wrong with a file or a connection, in words: the JDK says some by a class alone. */
public final class FileProblems {
  private FileProblems() {}

  /** One line. */
  public static String explain(IOException failure) {
    return switch (failure) {
      case NoSuchFileException missing -> missing(missing.getFile());
      case AccessDeniedException denied -> "no permission for " + denied.getFile();
      case FileAlreadyExistsException there ->
          there.getFile()
              + (Files.isDirectory(Path.of(there.getFile()))
                  ? " is there already"
                  : " is there, and is no folder");
      case NotDirectoryException file -> file.getFile() + " is no folder";
      case DirectoryNotEmptyException full -> full.getFile() + " is a folder that is not empty";
      case FileSystemException other ->
          other.getFile()
              + ": "
              + (other.getReason() == null ? "it cannot be used" : other.getReason());
      case ConnectException refused -> "nothing listens there (connection refused)";
      case UnknownHostException unknown -> "no address of its host is known";
      case HttpTimeoutException late -> "no answer came in time";
      case CharacterCodingException garbled -> "it is not UTF-8 text";
      case EOFException early -> "it ends too early";
      default -> ofMessage(failure);
    };
  }

  private static String missing(String file) {
    Path folder = Path.of(file).toAbsolutePath().getParent();
    return folder == null || Files.isDirectory(folder)
        ? "there is no file " + file
        : "there is no folder " + folder + " (of " + file + ")";
  }

  /** A cause that says more wins: some clients wrap one in another without words. */
  private static String ofMessage(IOException failure) {
    String said = failure.getMessage();
    if (failure.getCause() instanceof IOException cause
        && (said == null || said.equals(cause.toString()))) {
      return explain(cause);
    }
    return said == null ? "it cannot be read or written" : said;
  }
}
