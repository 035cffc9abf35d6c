package io.kubekv.zookeeper;

/** What a real server answers. */
class RealBytesTest extends BytesSuite {
  @Override
  Side start() {
    return RealServer.start(folder);
  }
}
