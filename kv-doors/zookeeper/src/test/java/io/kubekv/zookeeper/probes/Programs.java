package io.kubekv.zookeeper.probes;

import io.kubekv.zookeeper.wire.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Random programs: the same for the same seed. */
final class Programs {
  /** What all nodes of programs are below. */
  static final String ROOT = "/r";

  /** Where programs are shown. */
  static final Step.Place SHOWN =
      new Step.Place() {
        @Override
        public String path(String path) {
          return path;
        }

        @Override
        public long seen() {
          return -1;
        }
      };

  private static final int LONGEST = 5;

  private final RandomGenerator random;
  private final int sessions;
  private final Requests requests;

  Programs(long seed, int sessions) {
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    this.sessions = sessions;
    this.requests = new Requests(random);
  }

  List<Step> program(int length) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      steps.add(step());
    }
    return steps;
  }

  private Step step() {
    int session = random.nextInt(sessions);
    return switch (random.nextInt(40)) {
      case 0 -> new Step.Attach(session);
      case 1 -> new Step.Renew(session);
      case 2, 3, 4, 5 -> new Step.Several(session, Op.MULTI, several(requests::inMulti));
      case 6 -> new Step.Several(session, Op.MULTI_READ, several(requests::inMultiRead));
      default -> new Step.Ask(session, requests.any());
    };
  }

  private List<Step.Part> several(Supplier<Step.Part> each) {
    List<Step.Part> parts = new ArrayList<>();
    for (int left = random.nextInt(LONGEST); left >= 0; left--) {
      parts.add(each.get());
    }
    return parts;
  }
}
