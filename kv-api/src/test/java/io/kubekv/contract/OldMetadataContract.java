package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 2: an old revision has the metadata of then. */
abstract class OldMetadataContract extends MetadataGroup {
  OldMetadataContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  @Test
  void metadataOfAnOldRevision_isAsItWas() {
    Entry before = stored(described("a")).entry();
    committed(describing("a", bytes("new")));

    Freshness then = new Freshness.At(before.modifyRevision());

    assertThat(Await.read(store().get(Key.of("a"), then)).entry()).contains(before);
  }
}
