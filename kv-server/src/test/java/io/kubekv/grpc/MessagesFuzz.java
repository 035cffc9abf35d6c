package io.kubekv.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Prefix;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.v1.Kv;
import io.kubekv.wire.Requests;
import io.kubekv.wire.SessionValues;
import io.kubekv.wire.TransactionRequests;
import java.util.List;

/** Messages of the gRPC API: each is understood, or refused as one that makes no sense. */
public final class MessagesFuzz {
  private MessagesFuzz() {}

  public static List<byte[]> seeds() {
    return List.of(
        Requests.toWire(PutRequest.of(Key.of("a/b"), Bytes.utf8("x"))).toByteArray(),
        Requests.toWire(
                ListRequest.of(new Range.WithPrefix(new Prefix("a/"))), Freshness.LINEARIZABLE)
            .toByteArray(),
        Kv.CreateSessionRequest.newBuilder()
            .setSpec(Kv.SessionSpec.newBuilder().setName("n").setNote("x"))
            .build()
            .toByteArray(),
        Kv.GetRequest.newBuilder().setKey("a").build().toByteArray(),
        ByteString.fromHex("0a02080112").toByteArray());
  }

  private interface Reading {
    void read() throws InvalidProtocolBufferException;
  }

  public static void fuzzerTestOneInput(byte[] input) {
    refusing(() -> Requests.toPort(Kv.PutRequest.parseFrom(input)));
    refusing(() -> Requests.toPort(Kv.DeleteRequest.parseFrom(input)));
    refusing(() -> Requests.toPort(Kv.ListRequest.parseFrom(input)));
    refusing(() -> Requests.toPort(Kv.WatchRequest.parseFrom(input)));
    refusing(() -> Requests.toPort(Kv.Freshness.parseFrom(input)));
    refusing(() -> TransactionRequests.toPort(Kv.TransactRequest.parseFrom(input)));
    refusing(() -> SessionValues.toPort(Kv.SessionSpec.parseFrom(input)));
  }

  private static void refusing(Reading reading) {
    try {
      reading.read();
    } catch (InvalidProtocolBufferException | IllegalArgumentException expected) {
      // no message, or one that makes no sense
    }
  }
}
