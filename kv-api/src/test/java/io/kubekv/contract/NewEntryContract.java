package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Entry;
import io.kubekv.Metadata;
import io.kubekv.PutMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 1: an entry that is new has nothing of the one before, and the time of its revision. */
abstract class NewEntryContract extends MetadataGroup {
  NewEntryContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  @Test
  void entryThatIsReplaced_keepsItsMetadata() {
    stored(described("a"));
    committed(describing("a", bytes("changed")));

    stored(value("a", "2").withMode(PutMode.REPLACE));
    stored(value("a", "3").withMode(PutMode.REPLACE).withMetadata(bytes("other")));

    assertThat(metadata("a")).isEqualTo(new Metadata(bytes("changed"), 1));
  }

  @Test
  void times_areThoseOfTheRevisions() {
    Entry made = put("a", "1");
    pass(Duration.ofMillis(20));
    Entry changed = put("a", "2");
    Entry other = put("b", "1");
    Entry replaced = stored(value("a", "3").withMode(PutMode.REPLACE)).entry();

    assertThat(made.times().created()).isPositive().isEqualTo(made.times().modified());
    assertThat(changed.times().created()).isEqualTo(made.times().created());
    assertThat(changed.times().modified()).isGreaterThan(made.times().modified());
    assertThat(replaced.times().created()).isEqualTo(replaced.times().modified());
    assertThat(List.of(made, changed, other, replaced))
        .extracting(entry -> entry.times().modified())
        .isSorted();
    assertThat(get("a").map(Entry::times)).isEqualTo(Optional.of(replaced.times()));
  }
}
