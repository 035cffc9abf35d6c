package io.kubekv.benchmarks;

import io.kubekv.zookeeper.wire.Op;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.jute.Record;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.CreateResponse;
import org.apache.zookeeper.proto.ExistsRequest;
import org.apache.zookeeper.proto.ExistsResponse;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.GetDataResponse;
import org.apache.zookeeper.proto.MultiHeader;
import org.apache.zookeeper.proto.SetDataRequest;
import org.apache.zookeeper.proto.SetDataResponse;

/** Numbered nodes with values of 200 bytes, and what is done with them. */
final class ZooKeeperNodes {
  private static final byte[] VALUE = "0123456789".repeat(20).getBytes(StandardCharsets.US_ASCII);
  private static final List<ACL> OPEN = List.of(new ACL(31, new Id("world", "anyone")));
  private static final String ROOT = "/benchmark";
  private static final int SEQUENTIAL = 2;
  private static final int PARTS = 10;

  private final int nodes;
  private int parents;

  ZooKeeperNodes(int nodes) {
    this.nodes = nodes;
  }

  /** Makes them. Blocks. */
  void fill(ZooKeeperClient client) throws IOException {
    create(client, ROOT, 0);
    for (int node = 0; node < nodes; node++) {
      create(client, name(node), 0);
    }
  }

  static String name(int node) {
    return ROOT + "/n" + node;
  }

  private static String create(ZooKeeperClient client, String path, int flags) throws IOException {
    CreateRequest request = new CreateRequest(path, VALUE, OPEN, flags);
    return client.ask(Op.CREATE, new CreateResponse(), request).getPath();
  }

  private static Stat stat(ZooKeeperClient client, String path) throws IOException {
    ExistsRequest request = new ExistsRequest(path, false);
    return client.ask(Op.EXISTS, new ExistsResponse(), request).getStat();
  }

  static SetDataRequest set(int node) {
    return new SetDataRequest(name(node), VALUE, -1);
  }

  /** How often all of them were set. */
  private long versions(ZooKeeperClient client) throws IOException {
    long sum = 0;
    for (int node = 0; node < nodes; node++) {
      sum += stat(client, name(node)).getVersion();
    }
    return sum;
  }

  /** Reads of one at random. */
  ZooKeeperWork gets() {
    return new ZooKeeperWork() {
      @Override
      public void begin(ZooKeeperClient client) {
        // they are there
      }

      @Override
      public void once(ZooKeeperClient client, SplittableRandom random) throws IOException {
        GetDataRequest request = new GetDataRequest(name(random.nextInt(nodes)), false);
        GetDataResponse answer = client.ask(Op.GET_DATA, new GetDataResponse(), request);
        if (!Arrays.equals(answer.getData(), VALUE)) {
          throw new IOException("a node has another value: " + answer);
        }
      }

      @Override
      public void prove(ZooKeeperClient client, long answered) {
        // each answer was looked at
      }
    };
  }

  /** Sets one at random. */
  ZooKeeperWork sets() {
    return new Changes(1) {
      @Override
      public void once(ZooKeeperClient client, SplittableRandom random) throws IOException {
        SetDataRequest request = set(random.nextInt(nodes));
        var unused = client.ask(Op.SET_DATA, new SetDataResponse(), request);
      }
    };
  }

  /** Sets ten at random, together. */
  ZooKeeperWork multis() {
    return new Changes(PARTS) {
      @Override
      public void once(ZooKeeperClient client, SplittableRandom random) throws IOException {
        Record[] parts = new Record[2 * PARTS + 1];
        for (int part = 0; part < PARTS; part++) {
          parts[2 * part] = new MultiHeader(Op.SET_DATA.number(), false, -1);
          parts[2 * part + 1] = set(random.nextInt(nodes));
        }
        parts[2 * PARTS] = new MultiHeader(-1, true, -1);
        var unused = client.asked(Op.MULTI, parts);
      }
    };
  }

  /** Makes nodes of a sequence, in each slice below another one. */
  ZooKeeperWork creates() {
    return new ZooKeeperWork() {
      private String parent = ROOT;

      @Override
      public void begin(ZooKeeperClient client) throws IOException {
        parent = create(client, ROOT + "/slice" + parents++ + "-", SEQUENTIAL);
      }

      @Override
      public void once(ZooKeeperClient client, SplittableRandom random) throws IOException {
        String made = create(client, parent + "/c-", SEQUENTIAL);
        if (!made.startsWith(parent)) {
          throw new IOException(made + " was made, below " + parent);
        }
      }

      @Override
      public void prove(ZooKeeperClient client, long answered) throws IOException {
        ZooKeeperWork.same("nodes", stat(client, parent).getNumChildren(), answered);
      }
    };
  }

  /** Changes, each of which counts so many versions. */
  private abstract class Changes implements ZooKeeperWork {
    private final int each;
    private long before;

    Changes(int each) {
      this.each = each;
    }

    @Override
    public void begin(ZooKeeperClient client) throws IOException {
      before = versions(client);
    }

    @Override
    public void prove(ZooKeeperClient client, long answered) throws IOException {
      ZooKeeperWork.same("changes", versions(client) - before, answered * each);
    }
  }
}
