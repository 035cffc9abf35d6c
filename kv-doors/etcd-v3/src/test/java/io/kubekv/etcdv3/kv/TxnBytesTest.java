package io.kubekv.etcdv3.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kubekv.etcdv3.wire.Compare;
import io.kubekv.etcdv3.wire.PutRequest;
import io.kubekv.etcdv3.wire.RequestOp;
import io.kubekv.etcdv3.wire.TxnRequest;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Transactions as bytes, of which some would be very many objects. */
final class TxnBytesTest {
  private static final TxnBytes BYTES = new TxnBytes();

  private static RequestOp put(String key) {
    return RequestOp.newBuilder()
        .setRequestPut(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)))
        .build();
  }

  private static RequestOp nested(TxnRequest txn) {
    return RequestOp.newBuilder().setRequestTxn(txn).build();
  }

  private static TxnRequest read(byte[] bytes) {
    return BYTES.parse(new ByteArrayInputStream(bytes));
  }

  /** So many parts, half of them within a transaction within a transaction. */
  private static TxnRequest of(int parts) {
    TxnRequest.Builder inner = TxnRequest.newBuilder();
    TxnRequest.Builder outer = TxnRequest.newBuilder();
    int within = parts / 2;
    for (int i = 0; i < within; i++) {
      inner.addCompare(Compare.getDefaultInstance());
    }
    for (int i = within + 2; i < parts; i++) {
      outer.addFailure(put("k"));
    }
    TxnRequest middle = TxnRequest.newBuilder().addFailure(nested(inner.build())).build();
    return outer.addSuccess(nested(middle)).build();
  }

  @Test
  void transaction_isReadAsItIs_upToTheLimitOfItsParts() {
    assertThat(read(new byte[0])).isEqualTo(TxnRequest.getDefaultInstance());
    TxnRequest some = of(10);
    assertThat(read(some.toByteArray())).isEqualTo(some);
    TxnRequest most = of(TxnBytes.MAX_PARTS);
    assertThat(read(most.toByteArray())).isEqualTo(most);
  }

  @Test
  void transactionOfMoreParts_isAnotherThatIsRefusedAsTooLarge() {
    TxnRequest read = read(of(TxnBytes.MAX_PARTS + 1).toByteArray());

    assertThat(read.getSuccessCount()).isLessThan(200);
    assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> TxnChecks.check(read)))
        .hasMessage("INVALID_ARGUMENT: etcdserver: too many operations in txn request");
  }

  @Test
  void fieldsThatNobodyKnows_areParts() {
    byte[] some = new byte[2 * TxnBytes.MAX_PARTS];
    byte[] more = new byte[2 * TxnBytes.MAX_PARTS + 2];
    for (int i = 0; i < more.length; i += 2) {
      more[i] = 15 << 3;
    }
    System.arraycopy(more, 0, some, 0, some.length);
    RequestOp unknown = RequestOp.newBuilder().setUnknownFields(fields(more)).build();

    assertThat(read(some).getSuccessCount()).isZero();
    assertThat(read(more).getSuccessCount()).isPositive();
    assertThat(read(TxnRequest.newBuilder().addFailure(unknown).build().toByteArray()))
        .isEqualTo(read(more));
  }

  private static UnknownFieldSet fields(byte[] bytes) {
    try {
      return UnknownFieldSet.parseFrom(bytes);
    } catch (InvalidProtocolBufferException impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Test
  void bytesThatAreNoTransaction_areRefused() {
    byte[] whole = of(10).toByteArray();
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      boolean isOne = parses(cut);
      assertThat(reads(cut)).as("%s bytes", length).isEqualTo(isOne);
    }
    byte[] overlong = {0x12, 0x05, 0x22, 0x09, 0x12, 0x00, 0x00};
    assertThat(reads(overlong)).isFalse();
  }

  private static boolean parses(byte[] bytes) {
    try {
      return TxnRequest.parseFrom(bytes) != null;
    } catch (InvalidProtocolBufferException broken) {
      return false;
    }
  }

  private static boolean reads(byte[] bytes) {
    try {
      return read(bytes) != null;
    } catch (StatusRuntimeException refused) {
      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
      return false;
    }
  }
}
