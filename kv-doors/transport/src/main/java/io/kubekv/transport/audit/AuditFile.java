package io.kubekv.transport.audit;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.recovery.RecoveryListener;
import ch.qos.logback.core.recovery.ResilientOutputStreamBase;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.TriggeringPolicyBase;
import io.kubekv.Revision;
import io.kubekv.transport.access.Audit;
import io.kubekv.transport.access.User;
import io.kubekv.transport.access.Verb;
import io.kubekv.transport.requests.RequestIds;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The audit log: a line of JSON for each change and each refusal, in a file of at most 100 MiB, of
 * which ten are kept. Every line is with the system before the client is answered. Thread-safe.
 */
public final class AuditFile implements Audit, AutoCloseable {
  private static final long LARGEST = 100L << 20;
  private static final int KEPT = 10;

  /** Of a path or a user's name: no key of the usual limits is longer than it, nearly. */
  private static final int LONGEST = 4096;

  private final InstantSource clock;
  private final LoggerContext context;
  private final AtomicBoolean failing = new AtomicBoolean();
  private final RollingFileAppender<ILoggingEvent> appender = new Rolling(failing);
  private final ch.qos.logback.classic.Logger log;

  private AuditFile(Path file, InstantSource clock, long largest) {
    this.clock = clock;
    this.context = (LoggerContext) LoggerFactory.getILoggerFactory();
    this.log = context.getLogger("kubekv.audit " + file);
    log.setAdditive(false);
    log.setLevel(ch.qos.logback.classic.Level.INFO);
    appender.setContext(context);
    appender.setFile(file.toString());
    appender.setEncoder(encoder());
    roll(file, largest);
    appender.start();
    if (!appender.isStarted()) {
      throw new IllegalArgumentException("the audit log " + file + " cannot be written");
    }
    log.addAppender(appender);
  }

  /**
   * Opens the file, or goes on at its end.
   *
   * @throws IllegalArgumentException naming it when it cannot be written
   */
  public static AuditFile open(Path file, InstantSource clock) {
    return open(file, clock, LARGEST);
  }

  /**
   * As above.
   *
   * @param largest bytes of a file, after which another is begun; it has a line more at most
   */
  static AuditFile open(Path file, InstantSource clock, long largest) {
    return new AuditFile(file, clock, largest);
  }

  /** Looks at each line: Logback's own looks at most once in a minute. */
  private static final class AtSize extends TriggeringPolicyBase<ILoggingEvent> {
    private final long largest;

    AtSize(long largest) {
      this.largest = largest;
    }

    @Override
    public boolean isTriggeringEvent(File active, ILoggingEvent line) {
      return active.length() >= largest;
    }
  }

  /** Whether the last line that was tried could not be written: whatever was lost is in no file. */
  public boolean isFailing() {
    return failing.get();
  }

  /** Every file that it opens says when it cannot be written. */
  private static final class Rolling extends RollingFileAppender<ILoggingEvent> {
    private final AtomicBoolean failing;

    Rolling(AtomicBoolean failing) {
      this.failing = failing;
    }

    @Override
    public void openFile(String name) throws IOException {
      super.openFile(name);
      if (getOutputStream() instanceof ResilientOutputStreamBase stream) {
        stream.addRecoveryListener(
            new RecoveryListener() {
              @Override
              public void newFailure(IOException failure) {
                failing.set(true);
              }

              @Override
              public void recoveryOccured() {
                failing.set(false);
              }
            });
      }
    }
  }

  private PatternLayoutEncoder encoder() {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%msg%n");
    encoder.start();
    return encoder;
  }

  private void roll(Path file, long largest) {
    FixedWindowRollingPolicy names = new FixedWindowRollingPolicy();
    names.setContext(context);
    names.setParent(appender);
    names.setFileNamePattern(file + ".%i");
    names.setMaxIndex(KEPT);
    names.start();
    AtSize sizes = new AtSize(largest);
    sizes.setContext(context);
    sizes.start();
    appender.setRollingPolicy(names);
    appender.setTriggeringPolicy(sizes);
  }

  @Override
  public void write(
      User user, Verb verb, String what, Outcome outcome, Optional<Revision> revision) {
    ObjectNode line = JsonMapper.shared().createObjectNode();
    line.put("time", clock.instant().toString());
    line.put("user", cut(user.name()));
    line.put("verb", verb.toString());
    line.put("path", cut(what));
    if (what.length() > LONGEST) {
      line.put("pathLength", what.length());
    }
    line.put("outcome", outcome.name().toLowerCase(Locale.ROOT));
    revision.ifPresent(at -> line.put("revision", at.toString()));
    RequestIds.current().ifPresent(id -> line.put("request", id));
    log.info("{}", line);
  }

  private static String cut(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
  }

  @Override
  public void close() {
    log.detachAppender(appender);
    appender.stop();
  }
}
