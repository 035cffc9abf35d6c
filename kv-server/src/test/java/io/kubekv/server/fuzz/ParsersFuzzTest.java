package io.kubekv.server.fuzz;

import io.kubekv.cli.transfer.ExportFuzz;
import io.kubekv.consul.BodiesFuzz;
import io.kubekv.etcdv2file.SnapshotFuzz;
import io.kubekv.golang.TextsFuzz;
import io.kubekv.grpc.MessagesFuzz;
import io.kubekv.server.HttpDoorsFuzz;
import io.kubekv.server.ZooKeeperDoorFuzz;
import io.kubekv.transport.access.FilesFuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Every parser on inputs that make sense, spoilt at random: it reads them or refuses them as it
 * says. {@code e2e/run fuzz} does the same for longer, led by what the code does.
 */
class ParsersFuzzTest {
  private static final int INPUTS = 20;

  private static void spoil(Consumer<byte[]> target, List<byte[]> seeds, long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < INPUTS; i++) {
      byte[] input = Seeds.spoilt(seeds, random);
      try {
        target.accept(input);
      } catch (RuntimeException | Error failure) {
        throw new AssertionError("on " + new String(input, StandardCharsets.ISO_8859_1), failure);
      }
    }
  }

  @Property(tries = 300)
  void bodiesOfConsul(@ForAll long seed) {
    spoil(BodiesFuzz::fuzzerTestOneInput, BodiesFuzz.seeds(), seed);
  }

  @Property(tries = 300)
  void textsOfGo(@ForAll long seed) {
    spoil(TextsFuzz::fuzzerTestOneInput, TextsFuzz.seeds(), seed);
  }

  @Property(tries = 300)
  void messagesOfGrpc(@ForAll long seed) {
    spoil(MessagesFuzz::fuzzerTestOneInput, MessagesFuzz.seeds(), seed);
  }

  @Property(tries = 50)
  void snapshotsOfEtcd(@ForAll long seed) {
    spoil(SnapshotFuzz::fuzzerTestOneInput, SnapshotFuzz.seeds(), seed);
  }

  @Property(tries = 50)
  void exports(@ForAll long seed) {
    spoil(ExportFuzz::fuzzerTestOneInput, ExportFuzz.seeds(), seed);
  }

  @Property(tries = 50)
  void filesOfGrantsAndTokens(@ForAll long seed) {
    spoil(FilesFuzz::fuzzerTestOneInput, FilesFuzz.seeds(), seed);
  }

  @Property(tries = 100)
  void requestsToTheHttpDoors(@ForAll long seed) {
    spoil(HttpDoorsFuzz::fuzzerTestOneInput, HttpDoorsFuzz.seeds(), seed);
  }

  @Property(tries = 20)
  void bytesToTheZooKeeperDoor(@ForAll long seed) {
    spoil(ZooKeeperDoorFuzz::fuzzerTestOneInput, ZooKeeperDoorFuzz.seeds(), seed);
  }
}
