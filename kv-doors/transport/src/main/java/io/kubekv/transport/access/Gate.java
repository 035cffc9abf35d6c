package io.kubekv.transport.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.kubekv.Limits;
import io.kubekv.UnauthenticatedException;
import io.kubekv.UnavailableException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;

/** Knows who asks, and what each may. Thread-safe. */
public final class Gate implements AutoCloseable {
  private static final int MOST_USERS = 10_000;

  /** What a token's user takes while it is remembered, about. */
  private static final int TOKEN_BYTES = 1024;

  private final CertificateUsers certificates;
  private final Optional<User> anonymous;
  private final TokenAuthenticator source;
  private final Decisions<String, Optional<User>> tokens;
  private final Authorizer authorizer;
  private final Decisions<UserAccess.Question, Boolean> decisions;
  private final Paths paths;
  private final Limits limits;
  private final Audit audit;
  private final Holds holds;
  private final LongAdder refusals = new LongAdder();
  private final Cache<User, UserAccess> users =
      Caffeine.newBuilder().maximumSize(MOST_USERS).build();

  /**
   * Opens a gate; whoever decides stays the caller's.
   *
   * @param store the store's name, as it stands in paths
   * @param limits of the store's keys: about what is beyond them nobody is asked
   * @param timeToLive for how long a decision is remembered. What is open for long is looked at
   *     every half of it: a right that is taken away ends within one and a half times this
   * @param audit where changes and refusals are written down; stays the caller's
   * @param threads virtual ones; not taken over
   */
  public Gate(
      String store,
      Limits limits,
      Identities identities,
      Authorizer authorizer,
      Duration timeToLive,
      Audit audit,
      Executor threads) {
    this(store, limits, identities, authorizer, timeToLive, audit, Ticker.systemTicker(), threads);
    holds.every(timeToLive.dividedBy(2));
  }

  /** One whose clock is the caller's, and which looks at what is open only when it is told to. */
  public Gate(
      String store,
      Limits limits,
      Identities identities,
      Authorizer authorizer,
      Duration timeToLive,
      Audit audit,
      Ticker ticker,
      Executor threads) {
    this.certificates = identities.certificates();
    this.anonymous = identities.anonymous() ? Optional.of(User.ANONYMOUS) : Optional.empty();
    this.paths = new Paths(store);
    this.limits = limits;
    this.audit = audit;
    this.holds = new Holds(threads);
    this.source = identities.tokens();
    this.authorizer = authorizer;
    this.tokens = new Decisions<>(timeToLive, ticker, hash -> TOKEN_BYTES);
    this.decisions = new Decisions<>(timeToLive, ticker, UserAccess.Question::bytes);
  }

  /** Who that is, if it is known. Never blocks. */
  public Optional<User> known(Credentials shown) {
    return shown.token().isPresent()
        ? tokens.known(sha256(shown.token().get())).flatMap(user -> user)
        : withoutToken(shown);
  }

  /**
   * Who that is, if it is known or was up to a second ago: for whoever was told that it is, and
   * must not block now. Never blocks.
   */
  public Optional<User> knownLately(Credentials shown) {
    return shown.token().isPresent()
        ? tokens.knownLately(sha256(shown.token().get())).flatMap(user -> user)
        : withoutToken(shown);
  }

  private Optional<User> withoutToken(Credentials shown) {
    return shown.certificate().flatMap(certificates::user).or(() -> anonymous);
  }

  /** Tokens themselves are not kept. */
  private static String sha256(String token) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  /**
   * Who that is: by token if one is shown, for it is the request's own, otherwise by certificate,
   * which is the connection's. May block.
   *
   * @throws UnauthenticatedException when nobody knows
   * @throws UnavailableException when that cannot be found out now
   */
  public User user(Credentials shown) {
    return known(shown)
        .or(() -> shown.token().flatMap(this::userOf))
        .orElseThrow(
            () ->
                shown.token().isPresent()
                    ? new UnauthenticatedException("the token is nobody's, or no longer valid")
                    : UnauthenticatedException.nothingShown(
                        "credentials are needed: a client certificate or a bearer token"));
  }

  private Optional<User> userOf(String token) {
    return tokens.get(sha256(token), () -> source.user(token).map(User::authenticated));
  }

  /** What a user may. */
  public Access access(User user) {
    return users.get(
        user,
        one -> new UserAccess(one, paths, limits, authorizer, decisions, holds, refusals, audit));
  }

  /** The bytes that what is remembered takes, about. */
  long remembered() {
    return tokens.bytes() + decisions.bytes();
  }

  /** How often whoever decides was asked. */
  public long reviews() {
    return tokens.asked() + decisions.asked();
  }

  /** How often that had no answer. */
  public long failures() {
    return tokens.failed() + decisions.failed();
  }

  /** How often a user was told that it may not. */
  public long refusals() {
    return refusals.sum();
  }

  /** Rights that are in use by what is open for long. */
  public int held() {
    return holds.count();
  }

  /** Ends the use of rights that no longer stand. Blocks until all have been looked at. */
  public void look() {
    holds.look();
  }

  @Override
  public void close() {
    holds.close();
  }
}
