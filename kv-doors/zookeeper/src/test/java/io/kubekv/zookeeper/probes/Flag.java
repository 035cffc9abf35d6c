package io.kubekv.zookeeper.probes;

import java.io.IOException;
import org.apache.jute.InputArchive;
import org.apache.jute.OutputArchive;
import org.apache.jute.Record;

/** That a client is not content with a server that may only read: what follows its first record. */
final class Flag implements Record {
  @Override
  public void serialize(OutputArchive archive, String tag) throws IOException {
    archive.writeBool(false, tag);
  }

  @Override
  public void deserialize(InputArchive archive, String tag) {
    throw new UnsupportedOperationException("it is only said");
  }
}
