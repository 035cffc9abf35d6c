package io.kubekv.e2e.manners;

import io.kubekv.e2e.HttpAnswer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several clients that do the same thing again and again, each on its own. */
final class Crowd {
  /** One client of the crowd. */
  static final class Member {
    private final int number;
    private int turn;

    private Member(int number) {
      this.number = number;
    }

    /** Sets a key of this client's own at the etcd v2 door. */
    HttpAnswer etcdSet(Scene scene) throws IOException {
      try (Client client = scene.etcd()) {
        return client.set("crowd/m" + number, "turn " + turn++);
      }
    }
  }

  /** What a client does in each of its turns. */
  @FunctionalInterface
  interface Turn {
    void take(Member member) throws IOException;
  }

  private Crowd() {}

  /** Blocks until the time is over and each client has ended its turn. */
  static void run(int clients, Duration length, Turn turn) throws IOException {
    long end = System.nanoTime() + length.toNanos();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> ends = new ArrayList<>();
      for (int number = 0; number < clients; number++) {
        Member member = new Member(number);
        ends.add(
            threads.submit(
                () -> {
                  while (System.nanoTime() < end) {
                    turn.take(member);
                  }
                  return member;
                }));
      }
      for (Future<?> each : ends) {
        each.get();
      }
    } catch (ExecutionException failed) {
      throw new IOException("a client of the crowd failed", failed.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
