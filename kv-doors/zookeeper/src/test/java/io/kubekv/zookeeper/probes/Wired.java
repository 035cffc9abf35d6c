package io.kubekv.zookeeper.probes;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.jute.BinaryInputArchive;
import org.apache.jute.BinaryOutputArchive;
import org.apache.jute.Record;

/** A connection that speaks in records. Not safe for use by several threads at once. */
public final class Wired implements AutoCloseable {
  private static final int MOST = 16 << 20;

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  /**
   * Connects. Blocks.
   *
   * @param patience how long it waits for anything that the server is to do
   */
  public Wired(InetSocketAddress address, Duration patience) throws IOException {
    socket = new Socket();
    try {
      socket.connect(address, (int) patience.toMillis());
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) patience.toMillis());
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      out = new DataOutputStream(socket.getOutputStream());
    } catch (IOException failed) {
      socket.close();
      throw failed;
    }
  }

  /** One message, made of records. */
  public void send(Record... records) throws IOException {
    out.write(frame(records));
    out.flush();
  }

  /** A message made of records as it is sent, its length before it. */
  public static byte[] frame(Record... records) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    BinaryOutputArchive archive = BinaryOutputArchive.getArchive(message);
    archive.writeInt(0, "length");
    for (Record each : records) {
      each.serialize(archive, "part");
    }
    byte[] frame = message.toByteArray();
    ByteBuffer.wrap(frame).putInt(frame.length - Integer.BYTES);
    return frame;
  }

  /** The next message; {@link java.io.EOFException} where the server has closed. */
  public Message receive() throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MOST) {
      throw new IOException("a message of " + length + " bytes");
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return new Message(bytes);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** A message that is being read. */
  public static final class Message {
    private final ByteArrayInputStream bytes;
    private final BinaryInputArchive archive;

    /**
     * @param message without its length
     */
    public Message(byte[] message) {
      bytes = new ByteArrayInputStream(message);
      archive = BinaryInputArchive.getArchive(bytes);
    }

    /** The record that comes next, which is handed on. */
    public <R extends Record> R read(R record) throws IOException {
      record.deserialize(archive, "part");
      return record;
    }

    /** Bytes that have not been read. */
    public int left() {
      return bytes.available();
    }
  }
}
