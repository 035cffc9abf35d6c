package io.kubekv.transport.access;

import io.kubekv.LimitExceededException;
import io.kubekv.Limits;
import io.kubekv.PermissionDeniedException;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/** What a user may, as decided path by path. */
final class UserAccess implements Access {
  private final User user;
  private final Paths paths;
  private final Limits limits;
  private final Authorizer authorizer;
  private final Decisions<Question, Boolean> decisions;
  private final Holds holds;
  private final LongAdder refusals;
  private final Audit audit;

  /** What is asked of an {@link Authorizer}. */
  record Question(User user, Verb verb, String path) {
    private static final int BESIDE_PATH = 256;

    /** The memory that it takes while it is remembered, about. */
    int bytes() {
      return BESIDE_PATH + 2 * path.length();
    }
  }

  UserAccess(
      User user,
      Paths paths,
      Limits limits,
      Authorizer authorizer,
      Decisions<Question, Boolean> decisions,
      Holds holds,
      LongAdder refusals,
      Audit audit) {
    this.user = user;
    this.paths = paths;
    this.limits = limits;
    this.authorizer = authorizer;
    this.decisions = decisions;
    this.holds = holds;
    this.refusals = refusals;
    this.audit = audit;
  }

  @Override
  public String user() {
    return user.name();
  }

  @Override
  public void require(Verb verb, Range range) {
    if (!decide(verb, range)) {
      audit.write(user, verb, paths.of(range), Audit.Outcome.DENIED, Optional.empty());
      throw denied(verb, shown(range));
    }
  }

  @Override
  public boolean allows(Verb verb, Range range) {
    try {
      return decide(verb, range);
    } catch (UnavailableException | LimitExceededException undecided) {
      return false;
    }
  }

  /** Each directory above a key is a question: so first there must be few of them. */
  private boolean decide(Verb verb, Range range) {
    limits.check(range);
    return covers(range, path -> isAllowed(verb, path));
  }

  private boolean isAllowed(Verb verb, String path) {
    return decisions.get(
        new Question(user, verb, path), () -> authorizer.isAllowed(user, verb, path));
  }

  @Override
  public boolean isKnown(Verb verb, Range range) {
    return isWithinLimits(range)
        && covers(range, path -> decisions.known(new Question(user, verb, path)).orElse(false));
  }

  private boolean isWithinLimits(Range range) {
    try {
      limits.check(range);
      return true;
    } catch (LimitExceededException beyond) {
      return false;
    }
  }

  /** A key that a range covers by itself, and what is below it, are granted each. */
  private boolean covers(Range range, Predicate<String> allowed) {
    return range.self().map(key -> paths.anyCovering(key, allowed)).orElse(true)
        && range.below().map(prefix -> paths.anyCovering(prefix, allowed)).orElse(true);
  }

  @Override
  public void requireSessions(Verb verb) {
    requirePath(verb, paths.sessions(), "the sessions");
  }

  @Override
  public boolean isKnownOfSessions(Verb verb) {
    return decisions.known(new Question(user, verb, paths.sessions())).orElse(false);
  }

  @Override
  public void requireReplica() {
    requirePath(Verb.PUT, paths.replicas(), "what is the replicas' own");
  }

  @Override
  public boolean isReplica() {
    try {
      return isAllowed(Verb.PUT, paths.replicas());
    } catch (UnavailableException undecided) {
      return false;
    }
  }

  @Override
  public boolean isKnownReplica() {
    return decisions.known(new Question(user, Verb.PUT, paths.replicas())).orElse(false);
  }

  private void requirePath(Verb verb, String path, String shown) {
    if (!isAllowed(verb, path)) {
      audit.write(user, verb, path, Audit.Outcome.DENIED, Optional.empty());
      throw denied(verb, shown);
    }
  }

  @Override
  public void done(Verb verb, Range range, Audit.Outcome outcome, Optional<Revision> revision) {
    audit.write(user, verb, paths.of(range), outcome, revision);
  }

  @Override
  public void compacted(Audit.Outcome outcome) {
    audit.write(user, Verb.DELETE, paths.history(), outcome, Optional.empty());
  }

  @Override
  public Access unrecorded() {
    return new UserAccess(
        user, paths, limits, authorizer, decisions, holds, new LongAdder(), Audit.NONE);
  }

  @Override
  public Hold hold(Verb verb, Range range, Runnable revoked) {
    return holds.add(() -> decide(verb, range) && decide(Verb.GET, range), revoked);
  }

  private PermissionDeniedException denied(Verb verb, String what) {
    refusals.increment();
    return new PermissionDeniedException(
        "user \"" + user.name() + "\" may not " + verb + " " + what + " in store " + paths.store());
  }

  private static String shown(Range range) {
    return switch (range) {
      case Range.Exact exact -> "key \"" + exact.key() + "\"";
      case Range.WithPrefix with -> "all keys \"" + with.prefix() + "*\"";
      case Range.Tree tree -> "\"" + tree.top() + "\" and all below it";
      case Range.Between between ->
          "all keys from \""
              + between.from()
              + "\" to "
              + between.to().map(to -> "before \"" + to + "\"").orElse("the last");
    };
  }
}
