package io.kubekv.server;

import io.kubekv.etcdv3.call.Members;
import java.util.List;
import java.util.Optional;

/** One member, which writes. */
final class OneMember implements Members {
  @Override
  public long self() {
    return 1;
  }

  @Override
  public List<Members.Replica> all() {
    return List.of(new Members.Replica(1, "one", List.of(), List.of("http://one:2379")));
  }

  @Override
  public Optional<Long> leader() {
    return Optional.of(1L);
  }

  @Override
  public long term() {
    return 7;
  }
}
