package io.kubekv.e2e.zookeeper;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;

/** What the parts share: comparing, telling answers in few words, and time. */
final class Checks {
  private static final int PATIENCE_SECONDS = 20;

  private final String client;
  private final boolean kubekv;

  Checks(String client, boolean kubekv) {
    this.client = client;
    this.kubekv = kubekv;
  }

  /** A call of a client. */
  interface Call {
    Object make() throws Exception;
  }

  void check(String name, Object found, Object expected) {
    if (Objects.equals(found, expected)) {
      System.out.println("ok " + client + " " + name);
    } else {
      System.out.println(
          "not ok " + client + " " + name + "\n    expected " + expected + "\n    found    " + found);
    }
  }

  /** The same of what a call comes to, in words. */
  void check(String name, Call call, Object expected) throws Exception {
    check(name, outcome(call), expected);
  }

  /** Where kubekv is known to answer otherwise. */
  void differ(String name, Call call, Object expected, Object ofKubekv, String reason)
      throws Exception {
    Object found = outcome(call);
    if (kubekv && Objects.equals(found, ofKubekv)) {
      System.out.println("differs " + client + " " + name + ": " + reason);
    } else {
      check(name, found, kubekv ? ofKubekv : expected);
    }
  }

  /** The answer, or the code of the refusal. */
  private static String outcome(Call call) throws Exception {
    try {
      return tell(call.make());
    } catch (KeeperException refused) {
      return refused.getResults() == null
          ? refused.code().toString()
          : refused.code() + " " + tell(refused.getResults());
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String tell(Object value) {
    return switch (value) {
      case null -> "nothing";
      case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8);
      case Stat stat -> tell(stat);
      case ACL acl -> acl.getPerms() + " " + acl.getId().getScheme() + " " + acl.getId().getId();
      case List<?> list -> list.stream().map(Checks::tell).toList().toString();
      case OpResult result -> tell(result);
      default -> value.toString();
    };
  }

  private static String tell(OpResult result) {
    return switch (result) {
      case OpResult.ErrorResult error -> "error " + error.getErr();
      case OpResult.CreateResult made -> "made " + made.getPath();
      case OpResult.SetDataResult set -> "set " + tell(set.getStat());
      case OpResult.GetDataResult got -> tell(got.getData());
      case OpResult.GetChildrenResult got ->
          got.getChildren().stream().sorted().toList().toString();
      default -> result.getClass().getSimpleName();
    };
  }

  /** What is not of one server only. */
  static String tell(Stat stat) {
    return "version %d children version %d list version %d length %d children %d"
        .formatted(
            stat.getVersion(),
            stat.getCversion(),
            stat.getAversion(),
            stat.getDataLength(),
            stat.getNumChildren());
  }

  /** The next that a watcher was told. */
  static String next(BlockingQueue<WatchedEvent> events) throws InterruptedException {
    WatchedEvent event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return event == null ? "nothing" : event.getType() + " " + event.getPath();
  }
}
