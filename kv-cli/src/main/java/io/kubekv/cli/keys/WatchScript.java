package io.kubekv.cli.keys;

import io.kubekv.Bytes;
import io.kubekv.WatchEvent;
import io.kubekv.cli.terminal.FileProblems;
import io.kubekv.cli.terminal.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/** Runs a command for each change. One that fails is said so, and the next change runs it again. */
final class WatchScript {
  private static final String SHELL = "/bin/sh";

  private final String command;
  private final Terminal terminal;

  WatchScript(String command, Terminal terminal) {
    this.command = command;
    this.terminal = terminal;
  }

  /** Waits for the end of the command. Whether it was a change. */
  boolean run(WatchEvent event) throws InterruptedException {
    switch (event) {
      case WatchEvent.Put put -> run("put", put.entry().key().text(), put, put.entry().value());
      case WatchEvent.Delete delete ->
          run("delete", delete.previous().key().text(), delete, Bytes.EMPTY);
      case WatchEvent.Progress nothing -> {
        return false;
      }
      case WatchEvent.HistoryGone nothing -> {
        return false;
      }
    }
    return true;
  }

  private void run(String what, String key, WatchEvent event, Bytes value)
      throws InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(SHELL, "-c", command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder
        .environment()
        .putAll(
            Map.of(
                "KUBEKV_WATCH_EVENT", what,
                "KUBEKV_WATCH_KEY", key,
                "KUBEKV_WATCH_REVISION", event.revision().toString()));
    try {
      Process process = builder.start();
      Thread feeding = Thread.ofVirtual().start(() -> feed(process, value));
      try (InputStream printed = process.getInputStream()) {
        printed.transferTo(terminal.out());
      }
      int code = process.waitFor();
      feeding.join();
      if (code != 0) {
        terminal.say("the command for revision " + event.revision() + " ended with " + code);
      }
    } catch (IOException failure) {
      terminal.say("the command cannot be run: " + FileProblems.explain(failure));
    }
  }

  /** A command that does not read its input ends all the same. */
  private static void feed(Process process, Bytes value) {
    try (OutputStream in = process.getOutputStream()) {
      in.write(value.toArray());
    } catch (IOException notRead) {
      System.getLogger(WatchScript.class.getName())
          .log(System.Logger.Level.DEBUG, "the command read no value", notRead);
    }
  }
}
