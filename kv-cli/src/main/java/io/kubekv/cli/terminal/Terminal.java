package io.kubekv.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a command sees of the world around it. Text goes out as UTF-8 whatever the locale.
 *
 * @param environment the environment variables
 * @param in standard input
 * @param out standard output
 * @param err standard error
 * @param people the standard streams that a person looks at: digits of 0, 1 and 2
 */
public record Terminal(
    Map<String, String> environment,
    InputStream in,
    PrintStream out,
    PrintStream err,
    String people) {
  /** Set by the launcher, because the virtual machine cannot tell before version 22. */
  private static final String PEOPLE = "kubekv.terminals";

  /** The process's own, but for the environment. */
  public static Terminal system(Map<String, String> environment) {
    return new Terminal(
        environment,
        System.in,
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        System.getProperty(PEOPLE, ""));
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  public boolean inIsPerson() {
    return people.contains("0");
  }

  public boolean outIsPerson() {
    return people.contains("1");
  }

  public boolean errIsPerson() {
    return people.contains("2");
  }

  /**
   * All of standard input. A person who is to type it is told so, for nothing else would happen.
   */
  public byte[] read(String what) throws IOException {
    if (inIsPerson() && errIsPerson()) {
      say("type " + what + ", and Ctrl-D on a line of its own at its end");
    }
    return in.readAllBytes();
  }

  /** One line about what went wrong or what is going on, for a person. */
  public void say(String message) {
    err.println("kubekv: " + message);
  }
}
