package io.kubekv.etcd.log;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.ResponseOp;
import io.etcd.jetcd.api.TxnRequest;
import io.kubekv.UnavailableException;
import io.kubekv.etcd.EtcdFailure;
import io.kubekv.etcd.api.Answers;
import io.kubekv.etcd.api.EtcdClient;
import io.kubekv.etcd.api.LogKeys;
import io.kubekv.etcd.api.Ops;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at what stands below a log's prefix before anything is written there. */
public final class PrefixCheck {
  private static final Logger LOG = LoggerFactory.getLogger(PrefixCheck.class);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final int SHOWN = 200;

  private PrefixCheck() {}

  /**
   * Requires that a log stands there, or nothing at all. Beside a log, a key that is none of its
   * own is warned of. Blocks until etcd has answered.
   *
   * @throws UnavailableException when it has not within {@code patience}
   * @throws IllegalStateException naming a key of somebody else, and saying what to do
   */
  public static void require(EtcdClient client, LogKeys keys, Duration patience) {
    long begun = System.nanoTime();
    while (true) {
      try {
        check(Answers.await(client.txn(question(keys))).getResponsesList(), keys);
        return;
      } catch (EtcdFailure failed) {
        if (System.nanoTime() - begun > patience.toNanos()) {
          throw new UnavailableException(why(failed, keys));
        }
        pause(client);
      } catch (InterruptedException interrupted) {
        throw interrupted(interrupted);
      }
    }
  }

  private static String why(EtcdFailure failed, LogKeys keys) {
    String said = String.valueOf(failed.getMessage()).lines().findFirst().orElse("");
    return failed.kind() == EtcdFailure.Kind.REFUSED
        ? "etcd does not let us in: %s; see --etcd-user and --etcd-password-file, and grant that user: readwrite --prefix=true %s"
            .formatted(said, keys.prefix())
        : "etcd does not answer: " + said;
  }

  private static void pause(EtcdClient client) {
    client.reconnect();
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
  }

  private static UnavailableException interrupted(InterruptedException why) {
    Thread.currentThread().interrupt();
    return new UnavailableException("interrupted while etcd was asked", why);
  }

  private static TxnRequest question(LogKeys keys) {
    TxnRequest.Builder all = TxnRequest.newBuilder();
    all.addSuccess(Ops.range(first(keys.entry(0), keys.entriesEnd())));
    all.addSuccess(Ops.range(first(keys.manifest(), ByteString.EMPTY)));
    keys.strange().forEach((from, end) -> all.addSuccess(Ops.range(first(from, end))));
    return all.build();
  }

  private static RangeRequest.Builder first(ByteString from, ByteString end) {
    return RangeRequest.newBuilder().setKey(from).setRangeEnd(end).setLimit(1).setKeysOnly(true);
  }

  private static void check(List<ResponseOp> answers, LogKeys keys) {
    boolean isLog = answers.stream().limit(2).anyMatch(answer -> Ops.found(answer).isPresent());
    Optional<String> strange =
        answers.stream()
            .skip(2)
            .flatMap(answer -> Ops.found(answer).stream())
            .map(PrefixCheck::name)
            .findFirst();
    if (strange.isPresent() && !isLog) {
      throw new IllegalStateException(
          "etcd has the key %s, and no log of kubekv below %s: what stands there is another program's, or an earlier version's. Nothing was written. Choose another --namespace, or delete what is there: etcdctl del --prefix %s"
              .formatted(strange.get(), keys.prefix(), keys.prefix()));
    }
    strange.ifPresent(key -> LOG.warn("etcd has the key {}, which is none of the log's", key));
  }

  /** As text of one line, whatever it is. */
  private static String name(KeyValue key) {
    String text = key.getKey().toStringUtf8().replaceAll("[^!-~]", "?");
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
  }
}
