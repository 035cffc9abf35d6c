package io.kubekv.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.contract.UserMessage;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the JDK says by a class and a path alone; root, who runs tests, would meet few of them. */
class FileProblemsTest {
  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new AccessDeniedException("/etc/k"), "no permission for /etc/k"),
        Arguments.of(
            new FileSystemException("/ro/k", null, "Read-only file system"),
            "/ro/k: Read-only file system"),
        Arguments.of(
            new FileSystemException("/k", null, "No space left on device"),
            "/k: No space left on device"),
        Arguments.of(new FileSystemException("/k"), "/k: it cannot be used"),
        Arguments.of(new NoSuchFileException("/nowhere"), "there is no file /nowhere"),
        Arguments.of(
            new NoSuchFileException("/nowhere/at/all"),
            "there is no folder /nowhere/at (of /nowhere/at/all)"),
        Arguments.of(new FileAlreadyExistsException("/tmp"), "/tmp is there already"),
        Arguments.of(
            new FileAlreadyExistsException("/etc/passwd"),
            "/etc/passwd is there, and is no folder"),
        Arguments.of(new NotDirectoryException("/etc/passwd"), "/etc/passwd is no folder"),
        Arguments.of(new DirectoryNotEmptyException("/tmp"), "/tmp is a folder that is not empty"),
        Arguments.of(new ConnectException(), "nothing listens there (connection refused)"),
        Arguments.of(new UnknownHostException("x"), "no address of its host is known"),
        Arguments.of(new HttpTimeoutException("x"), "no answer came in time"),
        Arguments.of(new MalformedInputException(1), "it is not UTF-8 text"),
        Arguments.of(new EOFException(), "it ends too early"),
        Arguments.of(new IOException("the cable is out"), "the cable is out"),
        Arguments.of(new IOException(), "it cannot be read or written"),
        Arguments.of(
            new IOException(new AccessDeniedException("/etc/k")), "no permission for /etc/k"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void explain_isForPeople(IOException failure, String said) {
    assertThat(FileProblems.explain(failure)).isEqualTo(said);
    UserMessage.requireForPeople("kubekv: " + FileProblems.explain(failure));
  }
}
