package io.kubekv.zookeeper.probes;

import io.kubekv.zookeeper.wire.Op;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.apache.zookeeper.proto.AddWatchRequest;
import org.apache.zookeeper.proto.RemoveWatchesRequest;
import org.apache.zookeeper.proto.SetWatches;
import org.apache.zookeeper.proto.SetWatches2;

/** Random requests that are of watches alone. */
final class WatchRequests {
  private final RandomGenerator random;
  private final Names names;

  WatchRequests(RandomGenerator random, Names names) {
    this.random = random;
    this.names = names;
  }

  Step.Part any() {
    String path = names.good();
    int kind = 1 + random.nextInt(3);
    return switch (random.nextInt(8)) {
      case 0, 1 ->
          Step.Part.of(Op.REMOVE_WATCHES, at -> new RemoveWatchesRequest(at.path(path), kind));
      case 2 -> setWatches();
      case 3 -> setWatches2();
      default -> addWatch();
    };
  }

  private Step.Part addWatch() {
    int mode = random.nextInt(2);
    String path = names.good(mode == 0 ? Names.Watched.LASTING : Names.Watched.RECURSIVE);
    return Step.Part.of(Op.ADD_WATCH, at -> new AddWatchRequest(at.path(path), mode));
  }

  /** Each once, as clients have them. */
  private List<String> some(Names.Watched how) {
    Set<String> paths = new LinkedHashSet<>();
    for (int left = random.nextInt(4); left > 0; left--) {
      paths.add(names.good(how));
    }
    return List.copyOf(paths);
  }

  private static List<String> at(Step.Place place, List<String> paths) {
    return paths.stream().map(place::path).toList();
  }

  private Step.Part setWatches() {
    List<String> data = some(Names.Watched.ONCE);
    List<String> exist = some(Names.Watched.ONCE);
    List<String> child = some(Names.Watched.ONCE);
    return Step.Part.of(
        Op.SET_WATCHES,
        place -> new SetWatches(place.seen(), at(place, data), at(place, exist), at(place, child)));
  }

  private Step.Part setWatches2() {
    List<String> data = some(Names.Watched.ONCE);
    List<String> exist = some(Names.Watched.ONCE);
    List<String> child = some(Names.Watched.ONCE);
    List<String> lasting = some(Names.Watched.LASTING);
    List<String> recursive = some(Names.Watched.RECURSIVE);
    return Step.Part.of(
        Op.SET_WATCHES2,
        place ->
            new SetWatches2(
                place.seen(),
                at(place, data),
                at(place, exist),
                at(place, child),
                at(place, lasting),
                at(place, recursive)));
  }
}
