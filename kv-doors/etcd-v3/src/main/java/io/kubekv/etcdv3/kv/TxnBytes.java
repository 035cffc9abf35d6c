package io.kubekv.etcdv3.kv;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.kubekv.etcdv3.wire.KVGrpc;
import io.kubekv.etcdv3.wire.RequestOp;
import io.kubekv.etcdv3.wire.TxnRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads transactions, and makes nothing of one that has very many parts: two megabytes of empty
 * operations would be some fifty of objects. Instead of it stands one that is refused for the same
 * reason.
 */
public final class TxnBytes implements PrototypeMarshaller<TxnRequest> {
  /** As many as a message of the gateway may have. What is served has far fewer. */
  static final int MAX_PARTS = 10_000;

  /** A parser goes no deeper. */
  private static final int MAX_DEPTH = 100;

  private static final TxnRequest TOO_MANY = tooMany();

  private static TxnRequest tooMany() {
    TxnRequest.Builder txn = TxnRequest.newBuilder();
    for (int i = 0; i <= TxnChecks.MAX_OPS; i++) {
      txn.addSuccess(RequestOp.getDefaultInstance());
    }
    return txn.build();
  }

  /** The service, whose transactions are read so. */
  public static BindableService counted(BindableService service) {
    return () -> {
      ServerServiceDefinition whole = service.bindService();
      ServiceDescriptor.Builder descriptor =
          ServiceDescriptor.newBuilder(whole.getServiceDescriptor().getName())
              .setSchemaDescriptor(whole.getServiceDescriptor().getSchemaDescriptor());
      whole.getServiceDescriptor().getMethods().forEach(each -> descriptor.addMethod(read(each)));
      ServiceDescriptor read = descriptor.build();
      ServerServiceDefinition.Builder definition = ServerServiceDefinition.builder(read);
      for (MethodDescriptor<?, ?> method : read.getMethods()) {
        add(method, whole.getMethod(method.getFullMethodName()), definition);
      }
      return definition.build();
    };
  }

  @SuppressWarnings("unchecked") // the method of that name has these types
  private static <Q, A> void add(
      MethodDescriptor<Q, A> method,
      ServerMethodDefinition<?, ?> served,
      ServerServiceDefinition.Builder definition) {
    definition.addMethod(method, ((ServerMethodDefinition<Q, A>) served).getServerCallHandler());
  }

  private static MethodDescriptor<?, ?> read(MethodDescriptor<?, ?> method) {
    return method.getFullMethodName().equals(KVGrpc.getTxnMethod().getFullMethodName())
        ? KVGrpc.getTxnMethod().toBuilder().setRequestMarshaller(new TxnBytes()).build()
        : method;
  }

  @Override
  public InputStream stream(TxnRequest request) {
    return new ByteArrayInputStream(request.toByteArray());
  }

  @Override
  public TxnRequest parse(InputStream stream) {
    try {
      byte[] bytes = stream.readAllBytes();
      return new Parts(CodedInputStream.newInstance(bytes)).areTooMany()
          ? TOO_MANY
          : TxnRequest.parseFrom(bytes);
    } catch (IOException broken) {
      throw Status.INTERNAL
          .withDescription("Invalid protobuf byte sequence")
          .withCause(broken)
          .asRuntimeException();
    }
  }

  @Override
  public Class<TxnRequest> getMessageClass() {
    return TxnRequest.class;
  }

  @Override
  public TxnRequest getMessagePrototype() {
    return TxnRequest.getDefaultInstance();
  }

  /** Counts comparisons and operations, those of transactions within it as well. */
  private static final class Parts {
    private final CodedInputStream bytes;
    private int count;

    Parts(CodedInputStream bytes) {
      this.bytes = bytes;
    }

    boolean areTooMany() throws IOException {
      transaction(0);
      return count > MAX_PARTS;
    }

    private void transaction(int depth) throws IOException {
      for (int tag = next(); tag != 0; tag = next()) {
        switch (WireFormat.getTagFieldNumber(tag)) {
          case TxnRequest.COMPARE_FIELD_NUMBER -> {
            count++;
            bytes.skipField(tag);
          }
          case TxnRequest.SUCCESS_FIELD_NUMBER, TxnRequest.FAILURE_FIELD_NUMBER -> {
            count++;
            within(tag, depth, this::operation);
          }
          default -> unknown(tag);
        }
      }
    }

    private void operation(int depth) throws IOException {
      for (int tag = next(); tag != 0; tag = next()) {
        switch (WireFormat.getTagFieldNumber(tag)) {
          case RequestOp.REQUEST_TXN_FIELD_NUMBER -> within(tag, depth, this::transaction);
          case RequestOp.REQUEST_RANGE_FIELD_NUMBER,
              RequestOp.REQUEST_PUT_FIELD_NUMBER,
              RequestOp.REQUEST_DELETE_RANGE_FIELD_NUMBER ->
              bytes.skipField(tag);
          default -> unknown(tag);
        }
      }
    }

    /** A parser keeps what it does not know, in an object each. */
    private void unknown(int tag) throws IOException {
      count++;
      bytes.skipField(tag);
    }

    /** 0 at the end, and when there are too many: then nothing is read any more. */
    private int next() throws IOException {
      return count > MAX_PARTS ? 0 : bytes.readTag();
    }

    private interface Reading {
      void read(int depth) throws IOException;
    }

    /** What is nested too deep, or is no message, the parser refuses. */
    private void within(int tag, int depth, Reading reading) throws IOException {
      if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED
          || depth == MAX_DEPTH) {
        bytes.skipField(tag);
        return;
      }
      int outer = bytes.pushLimit(bytes.readRawVarint32());
      reading.read(depth + 1);
      if (count <= MAX_PARTS && !bytes.isAtEnd()) {
        throw new InvalidProtocolBufferException("a part has more than it says");
      }
      bytes.popLimit(outer);
    }
  }
}
