package io.kubekv.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The holder switches on what every replica knows, once nobody comes or goes any more. */
class FeatureSwitchTest {
  private static final Member SELF = member("self", "a", "b");

  private final AtomicLong nanos = new AtomicLong();
  private final Membership membership = new Membership(SELF);
  private final Local local = new Local();
  private final FeatureSwitch features = new FeatureSwitch(local, membership, nanos::get);

  private static Member member(String identity, String... features) {
    return new Member(identity, identity, List.of(), "").with(Set.of(features));
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    features.look();
  }

  @Test
  void alone_whatItKnowsIsSwitchedOn_afterAWhile() {
    features.look();
    pass(FeatureSwitch.QUIET.minusMillis(1));
    assertThat(local.switchedOn).isEmpty();

    pass(Duration.ofMillis(1));

    assertThat(local.switchedOn).containsExactly(Set.of("a", "b"));
  }

  @Test
  void replicaThatKnowsLess_keepsItOff_untilItHasGone() {
    Member older = member("older", "a");
    features.look();
    membership.joined(older);
    features.look();
    pass(FeatureSwitch.QUIET);
    assertThat(local.switchedOn).containsExactly(Set.of("a"));

    membership.left(older);
    features.look();
    pass(FeatureSwitch.QUIET);

    assertThat(local.switchedOn).containsExactly(Set.of("a"), Set.of("a", "b"));
  }

  @Test
  void replicaThatComes_isWaitedFor() {
    features.look();
    pass(FeatureSwitch.QUIET.minusMillis(1));
    membership.joined(member("other", "a", "b", "c"));
    pass(Duration.ofMillis(1));
    assertThat(local.switchedOn).isEmpty();

    pass(FeatureSwitch.QUIET);

    assertThat(local.switchedOn).containsExactly(Set.of("a", "b"));
  }

  @Test
  void withoutTheLease_nothingIsSwitchedOn_andTheWhileBeginsWithIt() {
    local.active = false;
    pass(FeatureSwitch.QUIET.multipliedBy(3));
    local.active = true;
    pass(FeatureSwitch.QUIET.minusMillis(1));
    assertThat(local.switchedOn).isEmpty();

    pass(Duration.ofMillis(1));

    assertThat(local.switchedOn).hasSize(1);
  }

  private static final class Local extends QuietReplica {
    private final List<Set<String>> switchedOn = new ArrayList<>();
    private boolean active = true;

    @Override
    public void switchOn(Set<String> features) {
      switchedOn.add(features);
    }

    @Override
    public boolean isActive() {
      return active;
    }
  }
}
