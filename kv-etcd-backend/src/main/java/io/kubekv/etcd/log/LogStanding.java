package io.kubekv.etcd.log;

import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.kubekv.Revision;
import io.kubekv.etcd.EtcdAccess;
import io.kubekv.etcd.EtcdCluster;
import io.kubekv.etcd.EtcdFailure;
import io.kubekv.etcd.Members;
import io.kubekv.etcd.api.Answers;
import io.kubekv.etcd.api.EtcdClient;
import io.kubekv.etcd.api.LogKeys;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Finds out how the etcd is that keeps a log, and how far this process lags behind the log. */
public final class LogStanding {
  /** For the members to answer in, then for the log's end, then for the watch to tell up to it. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

  private final Members members;
  private final EtcdClient client;
  private final LogKeys keys;
  private final EtcdLog log;

  /**
   * @param client the log's: a connection that is idle but for this is one that etcd complains of
   * @param log as this process follows it
   */
  public LogStanding(EtcdAccess access, EtcdClient client, LogKeys keys, EtcdLog log) {
    this.members = Members.of(access);
    this.client = client;
    this.keys = keys;
    this.log = log;
  }

  /** Where the log is, by etcd's word. */
  private record End(long position, Revision revision, long cluster, long heard) {}

  /** Asks each member and the cluster; takes three seconds at most, and never fails. */
  public EtcdCluster ask() {
    List<EtcdCluster.Member> asked = members.ask(PATIENCE);
    Revision latest =
        asked.stream()
            .flatMap(member -> member.state().stream())
            .map(EtcdCluster.State::revision)
            .reduce(Revision.ZERO, Revision::max);
    try {
      End end = end();
      Optional<Duration> lag =
          isTold(end)
              ? Optional.of(Duration.ofNanos(System.nanoTime() - end.heard()))
              : Optional.empty();
      Revision told = lag.isPresent() ? end.revision() : new Revision(log.told().modRevision());
      return new EtcdCluster(
          keys.prefix(), OptionalLong.of(end.cluster()), latest, told, lag, asked);
    } catch (EtcdFailure unknown) {
      Revision told = new Revision(log.told().modRevision());
      return new EtcdCluster(
          keys.prefix(), OptionalLong.empty(), latest, told, Optional.empty(), asked);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new EtcdCluster(
          keys.prefix(), OptionalLong.empty(), latest, Revision.ZERO, Optional.empty(), asked);
    }
  }

  /** Positions have no gaps, so it is enough to count what this process was not told. */
  private End end() throws EtcdFailure, InterruptedException {
    long told = log.told().position();
    RangeRequest behind =
        RangeRequest.newBuilder()
            .setKey(keys.entry(told + 1))
            .setRangeEnd(keys.entriesEnd())
            .setCountOnly(true)
            .build();
    RangeResponse answer =
        Answers.await(client.range(behind).orTimeout(PATIENCE.toNanos(), TimeUnit.NANOSECONDS));
    return new End(
        told + answer.getCount(),
        new Revision(answer.getHeader().getRevision()),
        answer.getHeader().getClusterId(),
        System.nanoTime());
  }

  /** Waits until this process was told of all up to there. */
  private boolean isTold(End end) throws InterruptedException {
    while (log.told().position() < end.position()) {
      if (System.nanoTime() - end.heard() > PATIENCE.toNanos()) {
        return false;
      }
      Thread.sleep(LOOK_AGAIN);
    }
    return true;
  }
}
