package io.kubekv.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.kubekv.UnavailableException;
import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogAuthor;
import io.kubekv.etcd.api.EtcdClient;
import io.kubekv.etcd.log.PrefixCheck;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may stand below the prefix of a log before it is opened. */
class PrefixCheckTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static void check(LogRig rig) {
    try (EtcdClient client = rig.client()) {
      PrefixCheck.require(client, rig.keys(), PATIENCE);
    }
  }

  private static void put(LogRig rig, String name) {
    rig.put(ByteString.copyFromUtf8(rig.keys().prefix() + name), ByteString.copyFromUtf8("x"));
  }

  @Test
  void nothing_isLeftForALog() {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6)) {
      assertThatCode(() -> check(rig)).doesNotThrowAnyException();
    }
  }

  @Test
  void leaseOfOneThatHasJustBegun_isNobodyElses() {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6)) {
      put(rig, "lease");

      assertThatCode(() -> check(rig)).doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "key/a",
        "guard/1",
        "cause",
        "lease2",
        "log/",
        "log/trimmed2",
        "log0",
        "snapshot/",
        "snapshot/chunk0",
        "snapshot/n",
        "snapshot/q",
        "zoo"
      })
  void keyOfSomebodyElse_isRefusedByName(String name) {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6)) {
      put(rig, name);
      put(rig, "lease");

      assertThatThrownBy(() -> check(rig))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("etcd has the key " + rig.keys().prefix() + name + ",")
          .hasMessageContaining("Nothing was written");
    }
  }

  @Test
  void keyThatIsNoText_isShownAsOneLine() {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6)) {
      put(rig, "a\nb" + "c".repeat(1000));

      assertThatThrownBy(() -> check(rig))
          .hasMessageContaining("a?bccc")
          .hasMessageContaining("ccc...,")
          .message()
          .doesNotContain("\n")
          .hasSizeLessThan(700);
    }
  }

  @Test
  void keyBesideALog_doesNotStopIt() throws Exception {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6);
        Log log = rig.log()) {
      assertThat(log.append(LogAuthor.begin().next("a")).get())
          .isInstanceOf(Log.Appended.Ours.class);
      put(rig, "stray");

      assertThatCode(() -> check(rig)).doesNotThrowAnyException();
    }
  }

  @Test
  void etcdThatDoesNotAnswer_isWaitedForAndThenNamed() {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6);
        EtcdClient client = rig.client()) {
      rig.cable().unplug();

      assertThatThrownBy(() -> PrefixCheck.require(client, rig.keys(), Duration.ofMillis(300)))
          .isInstanceOf(UnavailableException.class)
          .hasMessageStartingWith("etcd does not answer: ");
    }
  }
}
