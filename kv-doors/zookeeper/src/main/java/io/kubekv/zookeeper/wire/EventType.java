package io.kubekv.zookeeper.wire;

/** What a watch tells of (ZooKeeper 3.8, Watcher.Event.EventType). */
public enum EventType {
  CREATED(1),
  DELETED(2),
  DATA_CHANGED(3),
  CHILDREN_CHANGED(4);

  private final int number;

  EventType(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
