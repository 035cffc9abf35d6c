package io.kubekv.etcd;

import io.kubekv.UnavailableException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * One change on its way: decided, sent, decided again. Not thread-safe.
 *
 * @param <T> the outcome
 */
final class ChangeRun<T> implements AutoCloseable {
  private final Change<T> change;
  private final Index index;
  private final EtcdKeys keys;
  private final Transactions transactions;
  private final Writes.LeaseOnce lease;
  private final Deadline deadline;

  /** All that any decision has looked at: read again whenever something differed. */
  private final Set<Span> wanted = new LinkedHashSet<>();

  private View view;

  ChangeRun(
      Change<T> change,
      Index index,
      EtcdKeys keys,
      Transactions transactions,
      Writes.LeaseOnce lease,
      Deadline deadline) {
    this.change = change;
    this.index = index;
    this.keys = keys;
    this.transactions = transactions;
    this.lease = lease;
    this.deadline = deadline;
    this.view = index;
  }

  T toItsEnd() {
    while (true) {
      requireTime();
      Optional<T> outcome = round();
      if (outcome.isPresent()) {
        return outcome.get();
      }
    }
  }

  /** Decides on the view and acts on it; empty when it has to be decided again. */
  private Optional<T> round() {
    Facts facts = new Facts(view, keys);
    Decision<T> decision = change.decide(facts);
    wanted.addAll(facts.spans());
    if (!facts.complete()) {
      return lookAgain();
    }
    return switch (decision) {
      case Decision.Answer<T> answer -> isGuess() ? lookAgain() : Optional.of(answer.outcome());
      case Decision.First<T> first -> isGuess() ? lookAgain() : send(first, facts);
      case Decision.Write<T> write -> send(write, facts);
    };
  }

  private boolean isGuess() {
    return view == index;
  }

  private Optional<T> lookAgain() {
    view = transactions.read(wanted, deadline);
    return Optional.empty();
  }

  private Optional<T> send(Decision.First<T> first, Facts facts) {
    Round round = transactions.send(first.operations(), 0, facts, wanted, deadline);
    view = round instanceof Round.Again again ? again.view() : index;
    return Optional.empty();
  }

  private Optional<T> send(Decision.Write<T> write, Facts facts) {
    long number = write.life().map(lease::of).orElse(0L);
    Round round = transactions.send(write.operations(), number, facts, wanted, deadline);
    return switch (round) {
      case Round.Again again -> {
        view = again.view();
        yield Optional.empty();
      }
      case Round.LeaseEnded ended -> {
        lease.ended();
        yield Optional.empty();
      }
      case Round.Done done -> {
        lease.acknowledge();
        yield Optional.of(write.outcome().apply(done.seen()));
      }
    };
  }

  private void requireTime() {
    if (Thread.currentThread().isInterrupted()) {
      throw new UnavailableException("interrupted before the change was sent");
    }
    if (index.isClosed()) {
      throw new UnavailableException("the store is closed");
    }
    if (deadline.passed()) {
      throw new UnavailableException("others changed the same all the time");
    }
  }

  @Override
  public void close() {
    lease.giveBack();
  }
}
