package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Key;
import io.kubekv.transport.access.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random grants, random requests through every door: whatever is told of a value, present or past,
 * is covered by a grant, whatever is granted is done, and whatever is not is refused in the
 * dialect's form. {@code -Dkubekv.authorization.operations=100000} for longer runs, {@code
 * -Dkubekv.authorization.seed=N} for others.
 */
class AuthorizationTest {
  private static final int OPERATIONS = Integer.getInteger("kubekv.authorization.operations", 6000);
  private static final long SEED = Long.getLong("kubekv.authorization.seed", 1L);
  private static final int OPERATIONS_A_DEAL = 100;

  /** A store that leaks does many things that it must not, before it tells a value. */
  private static final int MOST_WRONG = 200;

  /** What was found, and how much of it the run tells apart. */
  private record Findings(List<String> wrong, int granted, int refused, int told) {}

  private static Findings run(AuthorizationRig.Leak leak, int operations) throws Exception {
    Random random = new Random(SEED);
    AuthorizationWorld world = new AuthorizationWorld(random);
    AuthorizationGrants grants = new AuthorizationGrants();
    try (AuthorizationRig rig = new AuthorizationRig(grants, leak);
        AuthorizationEtcd etcd = new AuthorizationEtcd(rig.etcdUrl(), world);
        AuthorizationConsul consul = new AuthorizationConsul(rig.consulUrl(), world);
        AuthorizationPage page = new AuthorizationPage(rig.pageUrl(), world);
        AuthorizationGrpc grpc = new AuthorizationGrpc(rig, world)) {
      Campaign campaign = new Campaign(rig, world, List.of(etcd, consul, grpc, page), random);
      for (int i = 0; i < operations && campaign.wrong.size() < MOST_WRONG; i++) {
        if (i % OPERATIONS_A_DEAL == 0) {
          campaign.deal();
        }
        campaign.step();
      }
      return new Findings(campaign.wrong, campaign.granted, campaign.refused, campaign.told);
    }
  }

  /** One run. */
  private static final class Campaign {
    private final AuthorizationRig rig;
    private final AuthorizationWorld world;
    private final List<AuthorizationRequests> doors;
    private final Random random;
    private final List<String> wrong = new ArrayList<>();
    private int granted;
    private int refused;
    private int told;

    Campaign(
        AuthorizationRig rig,
        AuthorizationWorld world,
        List<AuthorizationRequests> doors,
        Random random) {
      this.rig = rig;
      this.world = world;
      this.doors = doors;
      this.random = random;
    }

    /** Other grants, and keys to find. */
    void deal() {
      rig.grants().deal(random, AuthorizationWorld.USERS, world.keys());
      rig.forget();
      for (int i = 0; i < 20; i++) {
        Await.change(
            rig.store().put(world.put(random.nextInt(8) == 0 ? world.any() : world.leaf())));
      }
    }

    void step() throws Exception {
      String user = AuthorizationWorld.USERS.get(random.nextInt(AuthorizationWorld.USERS.size()));
      AuthorizationRequest request = doors.get(random.nextInt(doors.size())).next(random);
      boolean may = request.isGranted(rig.grants(), user);
      AuthorizationAnswer answer = request.call().as(user, may);
      for (Key key : world.told(answer.text())) {
        told++;
        if (!rig.grants().covers(user, Verb.GET, key)) {
          wrong.add(user + ": " + request.name() + " tells of " + key + ": " + answer.text());
        }
      }
      if (answer.refused() && may && !request.mayBeRefused()) {
        wrong.add(user + ": " + request.name() + " is granted and was refused");
      }
      if (!answer.refused() && !may) {
        wrong.add(user + ": " + request.name() + " is not granted: " + answer.text());
      }
      granted += may ? 1 : 0;
      refused += answer.refused() ? 1 : 0;
    }
  }

  @Test
  void everyByteThatLeaves_isCoveredByAGrant() throws Exception {
    Findings findings = run(AuthorizationRig.Leak.NOWHERE, OPERATIONS);

    System.out.printf(
        "authorization: %d operations (seed %d), %d granted, %d refused, %d values told, %d"
            + " wrong%n",
        OPERATIONS,
        SEED,
        findings.granted(),
        findings.refused(),
        findings.told(),
        findings.wrong().size());
    assertThat(findings.wrong()).isEmpty();
    assertThat(findings.granted()).isGreaterThan(OPERATIONS / 10);
    assertThat(findings.refused()).isGreaterThan(OPERATIONS / 10);
    assertThat(findings.told()).isGreaterThan(OPERATIONS / 20);
  }

  @ParameterizedTest
  @EnumSource(names = {"ETCD", "CONSUL", "GRPC", "PAGE"})
  void leak_isFound(AuthorizationRig.Leak leak) throws Exception {
    assertThat(run(leak, 2000).wrong()).anyMatch(found -> found.contains(" tells of "));
  }
}
