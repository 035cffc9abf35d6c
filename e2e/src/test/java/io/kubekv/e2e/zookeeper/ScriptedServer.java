package io.kubekv.e2e.zookeeper;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.jute.BinaryInputArchive;
import org.apache.jute.BinaryOutputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.ConnectResponse;
import org.apache.zookeeper.proto.GetDataResponse;
import org.apache.zookeeper.proto.ReplyHeader;
import org.apache.zookeeper.proto.RequestHeader;

/** A server of ZooKeeper's protocol that takes one session, and says what it was told to say. */
public final class ScriptedServer implements AutoCloseable {
  private final ServerSocket socket;
  private final Thread thread;
  private volatile long seen = -1;

  /** One answer, which need not fit its request. */
  public record Reply(int off, long zxid, int error, List<Record> body) {
    /** None: the request is read, and that is all. */
    public static final Reply NONE = new Reply(0, 0, 0, List.of());

    /** To a request for data. */
    public static Reply version(long zxid, int version) {
      Stat stat = new Stat(1, zxid, 0, 0, version, 0, 0, 0, 1, 0, 1);
      return new Reply(0, zxid, 0, List.of(new GetDataResponse(text(version), stat)));
    }

    /** Refuses. */
    public static Reply refused(long zxid, int error) {
      return new Reply(0, zxid, error, List.of());
    }

    /** Bears the number of a request so many before the one that it answers. */
    public Reply late(int by) {
      return new Reply(-by, zxid, error, body);
    }

    private static byte[] text(int version) {
      return Integer.toString(version).getBytes(StandardCharsets.UTF_8);
    }
  }

  /**
   * @param end is run when all has been said
   */
  public ScriptedServer(List<Reply> script, Runnable end) throws IOException {
    socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    thread = Thread.ofVirtual().start(() -> serve(script, end));
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /** The latest zxid that the session knew when it came; below zero before. */
  public long seen() {
    return seen;
  }

  private void serve(List<Reply> script, Runnable end) {
    try (Socket session = socket.accept()) {
      DataInputStream in = new DataInputStream(session.getInputStream());
      DataOutputStream out = new DataOutputStream(session.getOutputStream());
      ConnectRequest came = new ConnectRequest();
      came.deserialize(archive(in), "request");
      seen = came.getLastZxidSeen();
      send(out, new ConnectResponse(0, 10_000, 7, new byte[16]));
      for (Reply reply : script) {
        RequestHeader asked = new RequestHeader();
        asked.deserialize(archive(in), "header");
        if (!reply.equals(Reply.NONE)) {
          answer(out, asked.getXid() + reply.off(), reply);
        }
      }
      end.run();
    } catch (IOException failed) {
      end.run(); // the client went away
    }
  }

  /** The next message. */
  private static BinaryInputArchive archive(DataInputStream in) throws IOException {
    byte[] message = new byte[in.readInt()];
    in.readFully(message);
    return BinaryInputArchive.getArchive(new ByteArrayInputStream(message));
  }

  private static void answer(DataOutputStream out, int xid, Reply reply) throws IOException {
    Record header = new ReplyHeader(xid, reply.zxid(), reply.error());
    if (reply.body().isEmpty()) {
      send(out, header);
    } else {
      send(out, header, reply.body().getFirst());
    }
  }

  private static void send(DataOutputStream out, Record... records) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    for (Record each : records) {
      each.serialize(BinaryOutputArchive.getArchive(message), "part");
    }
    out.writeInt(message.size());
    message.writeTo(out);
    out.flush();
  }

  @Override
  public void close() {
    try {
      socket.close();
      thread.join();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
