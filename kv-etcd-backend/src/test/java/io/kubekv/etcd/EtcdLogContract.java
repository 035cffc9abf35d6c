package io.kubekv.etcd;

import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogContract;
import io.kubekv.engine.log.LogUnderTest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What every log promises, on a real etcd. */
abstract class EtcdLogContract extends LogContract {
  private final EtcdVersion version;

  EtcdLogContract(EtcdVersion version) {
    this.version = version;
  }

  @Override
  protected LogUnderTest open(int room) {
    return new OnEtcd(version, room);
  }

  private static final class OnEtcd implements LogUnderTest {
    private final LogRig rig;
    private final int room;
    private final List<Log> clients = new CopyOnWriteArrayList<>();

    OnEtcd(EtcdVersion version, int room) {
      this.rig = new LogRig(version);
      this.room = room;
    }

    @Override
    public Log client() {
      Log client = rig.log(room);
      clients.add(client);
      return client;
    }

    @Override
    public void loseNextAnswer() {
      rig.faults().loseNextAnswer();
    }

    @Override
    public void loseNextRequest() {
      rig.faults().loseNextRequest();
    }

    @Override
    public Runnable holdNextRequest() {
      return rig.faults().holdNextRequest();
    }

    @Override
    public void dropConnections() {
      rig.cable().cut();
    }

    @Override
    public void close() {
      clients.forEach(Log::close);
      rig.close();
    }
  }
}
