package io.kubekv.zookeeper.probes;

import org.apache.jute.InputArchive;
import org.apache.jute.OutputArchive;
import org.apache.jute.Record;

/** What requests have that ask for nothing further. */
final class NoRecord implements Record {
  @Override
  public void serialize(OutputArchive archive, String tag) {
    // nothing
  }

  @Override
  public void deserialize(InputArchive archive, String tag) {
    // nothing
  }

  @Override
  public String toString() {
    return "";
  }
}
