package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.LimitExceededException;
import io.kubekv.Limits;
import io.kubekv.TransactionRequest;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 8: the limit of metadata. */
abstract class MetadataLimitContract extends MetadataGroup {
  MetadataLimitContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  @Test
  void metadataThatIsTooLarge_isRefusedByName() {
    Bytes most = Bytes.copyOf(new byte[Limits.MAX_METADATA_BYTES]);
    Bytes more = Bytes.copyOf(new byte[Limits.MAX_METADATA_BYTES + 1]);
    stored(value("a", "1").withMetadata(most));
    committed(describing("a", most));

    assertThatThrownBy(() -> Await.change(store().put(value("b", "1").withMetadata(more))))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("metadata size");
    TransactionRequest setting = TransactionRequest.of(describing("a", more));
    assertThatThrownBy(() -> Await.change(store().transact(setting)))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("metadata size");
    assertThat(get("b")).isEmpty();
  }
}
