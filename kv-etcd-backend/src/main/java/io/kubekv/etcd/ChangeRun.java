package io.kubekv.etcd;

import io.kubekv.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

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
  private final Supplier<Writes.LeaseOnce> newLease;
  private final List<Writes.LeaseOnce> leases = new ArrayList<>();
  private final Deadline deadline;

  /** All that any decision has looked at: read again whenever something differed. */
  private final Set<Span> wanted = new LinkedHashSet<>();

  private View view;

  ChangeRun(
      Change<T> change,
      Index index,
      EtcdKeys keys,
      Transactions transactions,
      Supplier<Writes.LeaseOnce> newLease,
      Deadline deadline) {
    this.change = change;
    this.index = index;
    this.keys = keys;
    this.transactions = transactions;
    this.newLease = newLease;
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
    Round round = transactions.send(first.operations(), List.of(), facts, wanted, deadline);
    view = round instanceof Round.Again again ? again.view() : index;
    return Optional.empty();
  }

  private Optional<T> send(Decision.Write<T> write, Facts facts) {
    Round round =
        transactions.send(write.operations(), numbers(write.lives()), facts, wanted, deadline);
    return switch (round) {
      case Round.Again again -> {
        view = again.view();
        yield Optional.empty();
      }
      case Round.LeaseEnded ended -> {
        leases.forEach(Writes.LeaseOnce::giveBack);
        leases.clear();
        yield Optional.empty();
      }
      case Round.Done done -> {
        leases.forEach(Writes.LeaseOnce::acknowledge);
        yield Optional.of(write.outcome().apply(done.seen()));
      }
    };
  }

  /** A lease for each of these lengths, in this order; which of them ended, etcd does not say. */
  private List<Long> numbers(List<Duration> lives) {
    List<Long> numbers = new ArrayList<>();
    for (Duration life : lives) {
      if (leases.size() == numbers.size()) {
        leases.add(newLease.get());
      }
      numbers.add(leases.get(numbers.size()).of(life));
    }
    return numbers;
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
    leases.forEach(Writes.LeaseOnce::giveBack);
  }
}
