package io.kubekv.transport.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Key;
import io.kubekv.LimitExceededException;
import io.kubekv.Limits;
import io.kubekv.PermissionDeniedException;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.UnauthenticatedException;
import io.kubekv.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final Duration TTL = Duration.ofSeconds(10);
  private static final User ALICE = new User("alice", List.of("dev"));

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ManualTicker ticker = new ManualTicker();
  private final Set<String> allowed = ConcurrentHashMap.newKeySet();
  private final List<String> asked = new ArrayList<>();
  private final List<String> audited = new ArrayList<>();
  private final AtomicInteger tokensAsked = new AtomicInteger();
  private volatile boolean down;
  private final Gate gate =
      new Gate(
          "kv",
          Limits.DEFAULT,
          new Identities(CertificateUsers.bySubject(), this::userOf, false),
          this::isAllowed,
          TTL,
          (user, verb, what, outcome, revision) -> audited.add(verb + " " + what + " " + outcome),
          ticker,
          threads);
  private final Access access = gate.access(ALICE);

  private Optional<User> userOf(String token) {
    tokensAsked.incrementAndGet();
    if (down) {
      throw new UnavailableException("nobody answers");
    }
    return token.equals("secret") ? Optional.of(ALICE) : Optional.empty();
  }

  private synchronized boolean isAllowed(User user, Verb verb, String path) {
    asked.add(verb + " " + path);
    if (down) {
      throw new UnavailableException("nobody answers");
    }
    return allowed.contains(verb + " " + path);
  }

  @AfterEach
  void stop() {
    gate.close();
    threads.close();
  }

  private static Credentials token(String token) {
    return new Credentials(Optional.empty(), Optional.of(token));
  }

  @Test
  void grantOfAPrefix_servesAllItsKeysWithOneQuestion() {
    allowed.add("get /kv/kv/a/*");

    access.require(Verb.GET, Key.of("a/1"));
    access.require(Verb.GET, Key.of("a/2"));
    access.require(Verb.GET, Key.of("a/b/3"));

    assertThat(asked).containsExactly("get /kv/kv/*", "get /kv/kv/a/*");
  }

  @Test
  void grantOfAKey_isNotOneOfARange() {
    allowed.add("get /kv/kv/a");

    access.require(Verb.GET, Key.of("a"));

    assertThatThrownBy(() -> access.require(Verb.GET, new Range.Tree(Key.of("a"))))
        .isInstanceOf(PermissionDeniedException.class)
        .hasMessage("user \"alice\" may not get \"a\" and all below it in store kv");
    assertThatThrownBy(() -> access.require(Verb.GET, new Range.WithPrefix(new Prefix("a"))))
        .isInstanceOf(PermissionDeniedException.class);
  }

  @Test
  void tree_needsItsTopAndWhatIsBelow() {
    Range tree = new Range.Tree(Key.of("a"));
    allowed.add("get /kv/kv/a/*");
    assertThatThrownBy(() -> access.require(Verb.GET, tree))
        .isInstanceOf(PermissionDeniedException.class);

    allowed.add("get /kv/kv/a");
    ticker.advance(TTL);

    access.require(Verb.GET, tree);
  }

  @Test
  void refusal_isWrittenDown() {
    assertThatThrownBy(() -> access.require(Verb.GET, new Range.Tree(Key.of("a"))))
        .isInstanceOf(PermissionDeniedException.class);
    assertThatThrownBy(() -> access.requireSessions(Verb.DELETE))
        .isInstanceOf(PermissionDeniedException.class);

    assertThat(audited).containsExactly("get /kv/kv/a/* DENIED", "delete /sessions/kv DENIED");
    assertThat(gate.refusals()).isEqualTo(2);
  }

  @Test
  void keyOverTheLimits_isRefusedBeforeAnybodyIsAsked() {
    Key deep = Key.of("a/".repeat(30_000) + "a");
    Key longest = Key.of("a".repeat(Limits.DEFAULT.maxKeyBytes() + 1));
    for (Range range :
        List.of(
            new Range.Exact(deep),
            new Range.Exact(longest),
            new Range.Tree(deep),
            new Range.WithPrefix(deep.below()),
            new Range.WithPrefix(longest.below()))) {
      assertThatThrownBy(() -> access.require(Verb.GET, range))
          .isInstanceOf(LimitExceededException.class);
      assertThat(access.allows(Verb.GET, range)).isFalse();
      assertThat(access.isKnown(Verb.GET, range)).isFalse();
    }

    assertThat(asked).isEmpty();
    assertThat(audited).isEmpty();
  }

  @Test
  void deepestKey_isAQuestionForEachOfItsElements_andIsForgottenWhenMemoryIsShort() {
    String below = "/a".repeat(Limits.DEFAULT.maxDepth() - 2) + "/";
    String name = "b".repeat(1000);

    for (int i = 0; i < 1000; i++) {
      Key key = Key.of((1000 + i) + below + name);
      assertThat(access.allows(Verb.GET, new Range.Exact(key))).isFalse();
    }

    assertThat(asked)
        .hasSizeBetween(
            1 + 1000 * Limits.DEFAULT.maxDepth(), 1000 * (1 + Limits.DEFAULT.maxDepth()));
    assertThat(gate.remembered()).isBetween(16L << 20, 32L << 20);
  }

  @Test
  void verb_isGrantedByItself() {
    allowed.add("get /kv/kv/*");

    access.require(Verb.GET, Key.of("a"));

    assertThatThrownBy(() -> access.require(Verb.PUT, Key.of("a")))
        .isInstanceOf(PermissionDeniedException.class);
  }

  @Test
  void refusal_isRememberedAsLongAsAGrant() {
    assertThatThrownBy(() -> access.require(Verb.GET, Key.of("a")))
        .isInstanceOf(PermissionDeniedException.class);
    allowed.add("get /kv/kv/a");
    assertThatThrownBy(() -> access.require(Verb.GET, Key.of("a")))
        .isInstanceOf(PermissionDeniedException.class);

    ticker.advance(TTL);

    access.require(Verb.GET, Key.of("a"));
  }

  @Test
  void failure_isNotRemembered() {
    for (int i = 0; i < 100; i++) {
      Key key = Key.of("a" + i);
      down = true;
      assertThatThrownBy(() -> access.require(Verb.GET, key))
          .isInstanceOf(UnavailableException.class)
          .hasMessage("nobody answers");
      down = false;
      allowed.add("get /kv/kv/" + key);

      access.require(Verb.GET, key);
      ticker.advance(TTL);
    }
    assertThat(gate.failures()).isEqualTo(100);
  }

  @Test
  void known_neverAsks() {
    allowed.add("get /kv/kv/*");
    assertThat(access.isKnown(Verb.GET, Key.of("a"))).isFalse();
    assertThat(asked).isEmpty();

    access.require(Verb.GET, Key.of("b"));

    assertThat(access.isKnown(Verb.GET, Key.of("a"))).isTrue();
    assertThat(access.isKnown(Verb.PUT, Key.of("a"))).isFalse();
    ticker.advance(TTL);
    assertThat(access.isKnown(Verb.GET, Key.of("a"))).isFalse();
  }

  @Test
  void manyAtOnce_askOnce() throws Exception {
    allowed.add("get /kv/kv/*");
    CountDownLatch go = new CountDownLatch(1);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Key key = Key.of("k" + i);
      all.add(
          threads.submit(
              () -> {
                go.await();
                access.require(Verb.GET, key);
                return true;
              }));
    }
    go.countDown();
    for (Future<?> each : all) {
      each.get();
    }

    assertThat(asked).containsExactly("get /kv/kv/*");
  }

  @Test
  void sessionsAndReplicas_haveGrantsOfTheirOwn() {
    allowed.add("put /kv/kv/*");
    assertThatThrownBy(() -> access.requireSessions(Verb.PUT))
        .isInstanceOf(PermissionDeniedException.class);
    assertThatThrownBy(access::requireReplica).isInstanceOf(PermissionDeniedException.class);
    allowed.add("put /sessions/kv");
    allowed.add("put /replicas/kv");
    ticker.advance(TTL);

    access.requireSessions(Verb.PUT);
    access.requireReplica();
  }

  @Test
  void hold_ofARightThatIsTakenAway_isToldOnce() {
    AtomicInteger revoked = new AtomicInteger();
    allowed.add("get /kv/kv/a");
    access.hold(Verb.GET, new Range.Exact(Key.of("a")), revoked::incrementAndGet);
    gate.look();
    assertThat(revoked).hasValue(0);

    allowed.clear();
    ticker.advance(TTL);
    gate.look();
    gate.look();

    assertThat(revoked).hasValue(1);
    assertThat(gate.held()).isZero();
  }

  @Test
  void hold_whatCannotBeDecided_stays() {
    AtomicInteger revoked = new AtomicInteger();
    access.hold(Verb.GET, new Range.Exact(Key.of("a")), revoked::incrementAndGet);
    down = true;

    gate.look();

    assertThat(revoked).hasValue(0);
    assertThat(gate.held()).isEqualTo(1);
  }

  @Test
  void hold_thatIsClosed_isNotLookedAt() {
    AtomicInteger revoked = new AtomicInteger();
    access.hold(Verb.GET, new Range.Exact(Key.of("a")), revoked::incrementAndGet).close();

    gate.look();

    assertThat(revoked).hasValue(0);
  }

  @Test
  void token_isAskedForOnce_andItsUserIsAuthenticated() {
    assertThat(gate.known(token("secret"))).isEmpty();

    User user = gate.user(token("secret"));

    assertThat(user).isEqualTo(new User("alice", List.of("dev", "system:authenticated")));
    assertThat(gate.known(token("secret"))).contains(user);
    gate.user(token("secret"));
    assertThat(tokensAsked).hasValue(1);
  }

  @Test
  void token_thatWasKnownAMomentAgo_needsNoWaiting() {
    gate.user(token("secret"));
    ticker.advance(TTL);
    assertThat(gate.known(token("secret"))).isEmpty();
    assertThat(gate.knownLately(token("secret"))).isPresent();

    ticker.advance(Duration.ofSeconds(1));
    assertThat(gate.knownLately(token("secret"))).isEmpty();
  }

  @Test
  void nobody_isToldWhatIsMissing() {
    assertThatThrownBy(() -> gate.user(token("other")))
        .isInstanceOf(UnauthenticatedException.class)
        .hasMessage("the token is nobody's, or no longer valid");
    assertThatThrownBy(() -> gate.user(new Credentials(Optional.empty(), Optional.empty())))
        .isInstanceOf(UnauthenticatedException.class)
        .hasMessage("credentials are needed: a client certificate or a bearer token");
  }

  @Test
  void token_thatCannotBeReviewed_isNotRemembered() {
    down = true;
    assertThatThrownBy(() -> gate.user(token("secret"))).isInstanceOf(UnavailableException.class);
    down = false;

    assertThat(gate.user(token("secret")).name()).isEqualTo("alice");
  }

  @Test
  void anonymous_onlyWhereItIsConfigured() {
    Identities open = new Identities(CertificateUsers.bySubject(), token -> Optional.empty(), true);
    try (Gate other =
        new Gate("kv", Limits.DEFAULT, open, this::isAllowed, TTL, Audit.NONE, ticker, threads)) {
      assertThat(other.user(new Credentials(Optional.empty(), Optional.empty())))
          .isEqualTo(User.ANONYMOUS);
      assertThatThrownBy(() -> other.user(token("other")))
          .isInstanceOf(UnauthenticatedException.class);
    }
  }
}
