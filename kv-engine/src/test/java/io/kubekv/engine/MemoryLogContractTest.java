package io.kubekv.engine;

import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogContract;
import io.kubekv.engine.log.LogUnderTest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

class MemoryLogContractTest extends LogContract {
  @Override
  protected LogUnderTest open(int room) {
    return new InMemory(room);
  }

  private static final class InMemory implements LogUnderTest {
    private final MemoryLog log;
    private final FaultyLink link = new FaultyLink();
    private final List<Log> clients = new ArrayList<>();

    InMemory(int room) {
      log = new MemoryLog(room);
    }

    @Override
    public Log client() {
      Log client = log.client(link);
      clients.add(client);
      return client;
    }

    @Override
    public void loseNextAnswer() {
      link.losesAnswer = true;
    }

    @Override
    public void loseNextRequest() {
      link.losesRequest = true;
    }

    @Override
    public Runnable holdNextRequest() {
      link.holdsNext = true;
      return link::arrive;
    }

    /** Everybody hears again of what he may have missed. */
    @Override
    public void dropConnections() {
      log.tellAll();
    }

    @Override
    public void close() {
      clients.forEach(Log::close);
    }
  }

  /** Does once what it is told. For one thread. */
  private static final class FaultyLink implements MemoryLog.Link {
    private final Queue<Runnable> held = new ArrayDeque<>();
    private boolean losesAnswer;
    private boolean losesRequest;
    private boolean holdsNext;

    @Override
    public void carry(Runnable message) {
      if (holdsNext) {
        holdsNext = false;
        held.add(message);
      } else {
        message.run();
      }
    }

    private void arrive() {
      held.remove().run();
    }

    @Override
    public boolean losesAnswer() {
      boolean now = losesAnswer;
      losesAnswer = false;
      return now;
    }

    @Override
    public boolean losesRequest() {
      boolean now = losesRequest;
      losesRequest = false;
      return now;
    }

    @Override
    public boolean losesEvent() {
      return false;
    }
  }
}
