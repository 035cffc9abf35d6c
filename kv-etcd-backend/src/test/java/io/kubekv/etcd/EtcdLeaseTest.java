package io.kubekv.etcd;

import static io.kubekv.etcd.EtcdRig.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.kubekv.engine.log.Lease;
import io.kubekv.engine.log.SharedLease.Holder;
import io.kubekv.engine.log.SharedLease.Sighting;
import io.kubekv.etcd.lease.EtcdLease;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Who may append to a log on etcd, and for how long that is sure. */
class EtcdLeaseTest {
  private static final Duration SHORT = Duration.ofSeconds(2);
  private static final Duration LONG = Duration.ofHours(1);

  /** What the holder of a lease hears. */
  private static final class Heard implements Lease.Listener {
    private final List<Lease.Term> terms = new CopyOnWriteArrayList<>();
    private final List<String> lost = new CopyOnWriteArrayList<>();

    @Override
    public void taken(Lease.Term term) {
      terms.add(term);
    }

    @Override
    public void lost(String reason) {
      lost.add(reason);
    }

    Lease.Term last() {
      return terms.getLast();
    }

    private boolean has() {
      return !terms.isEmpty() && last().isValid();
    }
  }

  private static Heard compete(Lease lease) {
    Heard heard = new Heard();
    lease.compete(heard);
    return heard;
  }

  @Test
  void oneHasIt_andTheNextAsSoonAsItIsGivenUp() {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6);
        Lease first = rig.lease(LONG);
        Lease second = rig.lease(LONG)) {
      Heard one = compete(first);
      eventually("the first has it", one::has);
      Heard two = compete(second);
      assertThat(two.terms).isEmpty();

      first.close();

      eventually("the second has it", two::has);
      assertThat(one.has()).isFalse();
    }
  }

  @Test
  void keyDeletedByHand_theHolderHearsIt_andCompetesAgain() {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6);
        Lease lease = rig.lease(LONG)) {
      Heard heard = compete(lease);
      eventually("it is had", heard::has);
      Lease.Term before = heard.last();

      rig.delete(rig.keys().lease());

      eventually("told", () -> !heard.lost.isEmpty());
      assertThat(heard.lost.getFirst()).contains("deleted");
      assertThat(before.isValid()).isFalse();
      eventually("it is had again", heard::has);
    }
  }

  @Test
  void etcdStandsStill_theTermEndsByItself_andIsNotHadAgainByTheSame() {
    try (EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_6);
        LogRig rig = new LogRig(etcd);
        Lease lease = rig.lease(SHORT)) {
      Heard heard = compete(lease);
      eventually("it is had", heard::has);
      etcd.signal("STOP");
      try {
        eventually("the time is over", () -> !heard.has());
        eventually("told", () -> !heard.lost.isEmpty());
      } finally {
        etcd.signal("CONT");
      }
      Lease.Term before = heard.terms.getFirst();

      eventually("it is had again", heard::has);
      assertThat(before.isValid()).isFalse();
    }
  }

  @Test
  void others_seeWhoHasIt_whereHeIs_andForHowLong() {
    Holder self = new Holder("one-17", "10.0.0.1:2390", "a-secret");
    try (LogRig rig = new LogRig(EtcdVersion.V3_6);
        EtcdLease first = rig.lease(self, LONG);
        EtcdLease second = rig.lease(new Holder("two-18", "10.0.0.2:2390", ""), LONG)) {
      assertThat(second.seen()).isEmpty();
      Heard one = compete(first);
      eventually("the first has it", one::has);
      Heard two = compete(second);
      eventually("the second sees it", () -> second.seen().isPresent());

      Sighting seen = second.seen().orElseThrow();
      assertThat(seen.holder()).isEqualTo(self);
      assertThat(seen.ours()).isFalse();
      assertThat(seen.duration()).isEqualTo(LONG);
      assertThat(first.seen().orElseThrow().ours()).isTrue();
      assertThat(two.lost).containsExactly("one-17 has the lease");
    }
  }

  @Test
  void keyWrittenByHand_isSomebodyElses_andTellsNoAddress() {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6);
        EtcdLease lease = rig.lease(LONG)) {
      rig.put(rig.keys().lease(), ByteString.copyFromUtf8("holder=\naddress=a b\n\u0000"));
      Heard heard = compete(lease);

      eventually("told", () -> !heard.lost.isEmpty());

      assertThat(heard.lost).containsExactly("somebody-else has the lease");
      assertThat(lease.seen().orElseThrow().holder().address()).isEmpty();
    }
  }
}
