package io.kubekv.server.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CostModelTest {
  private static final Workload.Changes NONE = new Workload.Changes(0, 0, 0, 0);

  private static Prediction predict(Workload.Changes changes, long value) {
    return CostModel.predict(
        new Workload(changes, contents(1000, value), Workload.Service.defaults(0)));
  }

  private static Workload.Contents contents(long keys, long value) {
    return new Workload.Contents(keys, 40, value, false, 7);
  }

  @Test
  void idle_costsRenewalsAndAuditsOnly() {
    Prediction idle = predict(NONE, 100);

    assertThat(idle.value("api.lease.update")).isEqualTo(0.5);
    assertThat(idle.value("api.list")).isCloseTo(1 / 300.0, within(1e-9));
    assertThat(idle.value("api.total")).isCloseTo(0.5 + 1 / 300.0 + 1 / 2700.0, within(1e-9));
    assertThat(idle.value("etcd.revisions")).isEqualTo(0.5);
    assertThat(idle.value("watch.bytes")).isEqualTo(5);
    assertThat(idle.value("kubekv.history")).isZero();
  }

  @Test
  void put_isOneCallAndOneWholeRevision() {
    Prediction puts = predict(Workload.Changes.puts(100), 1000);

    assertThat(puts.value("api.update")).isEqualTo(100);
    assertThat(puts.value("api.create") + puts.value("api.delete")).isZero();
    assertThat(puts.value("watch.events")).isEqualTo(100);
    assertThat(puts.value("etcd.revisions")).isEqualTo(100.5);
    assertThat(puts.value("database.object")).isEqualTo(2048); // two records of 1.6 KB a page
    assertThat(puts.value("database.growth")).isCloseTo(100 * 2048, within(500.0));
  }

  @Test
  void create_isOneCallForItAndOneForEachMissingParent() {
    Prediction creates = predict(new Workload.Changes(0, 10, 3, 0), 100);

    assertThat(creates.value("api.create")).isEqualTo(40);
    assertThat(creates.value("api.update")).isZero();
    assertThat(creates.value("etcd.revisions")).isEqualTo(40.5);
  }

  @Test
  void delete_isAMarkAndARemoval() {
    Prediction deletes = predict(new Workload.Changes(0, 0, 0, 10), 100_000);

    assertThat(deletes.value("api.update")).isEqualTo(10);
    assertThat(deletes.value("api.delete")).isEqualTo(10);
    assertThat(deletes.value("watch.events")).isEqualTo(20);
    assertThat(deletes.value("limits.objects")).isEqualTo(1000 + 90 * 10);
    // no value is written
    assertThat(deletes.value("database.growth")).isLessThan(10 * 1024);
  }

  @Test
  void pages_holdWholeRecords_atLeastTwoALeaf() {
    assertThat(EtcdPages.of(600)).isEqualTo(4096 / 6.0);
    assertThat(EtcdPages.of(800)).isEqualTo(1024);
    assertThat(EtcdPages.of(2100)).isEqualTo(4096); // two of them take two pages
    assertThat(EtcdPages.of(10_500)).isEqualTo(12_288); // two of them take six
  }

  @Test
  void peak_isTheKeysAndTwoIntervalsOfGrowth() {
    Workload.Service often =
        new Workload.Service(1, 0, Duration.ofSeconds(6), 1 << 20, Duration.ofMinutes(1));
    Prediction puts =
        CostModel.predict(new Workload(Workload.Changes.puts(500), contents(1000, 10_000), often));

    double growth = puts.value("database.growth");
    assertThat(growth).isCloseTo(500 * 12_288, within(500.0));
    assertThat(puts.value("database.interval")).isEqualTo(60 * growth);
    assertThat(puts.value("database.peak")).isEqualTo(1000 * 12_288 + 120 * growth);
    assertThat(puts.value("limits.quota")).isEqualTo(puts.value("database.peak") / (2L << 30));
  }

  @Test
  void replicas_haveAStreamEach_andShareTheWatchers() {
    Workload.Service three =
        new Workload.Service(3, 9000, Duration.ofSeconds(3), 64 << 20, Duration.ofMinutes(5));
    Prediction puts =
        CostModel.predict(new Workload(Workload.Changes.puts(10), contents(5000, 100), three));

    assertThat(puts.value("watch.streams")).isEqualTo(3);
    assertThat(puts.value("watch.bytes.total")).isEqualTo(3 * puts.value("watch.bytes"));
    assertThat(puts.value("api.lease.update")).isEqualTo(1);
    assertThat(puts.value("api.lease.get")).isEqualTo(4);
    assertThat(puts.value("api.list")).isCloseTo(3 * 3 / 300.0, within(1e-9));
    assertThat(puts.value("kubekv.watchers"))
        .isEqualTo(
            CostModel.predict(new Workload(NONE, contents(0, 0), watchedBy(3000)))
                .value("kubekv.watchers"));
  }

  private static Workload.Service watchedBy(long watchers) {
    return Workload.Service.defaults(watchers);
  }

  @Test
  void binaryValue_isAThirdLonger() {
    Workload.Contents text = new Workload.Contents(1, 40, 300, false, 7);
    Workload.Contents binary = new Workload.Contents(1, 40, 300, true, 7);

    assertThat(new ObjectSize(binary).put() - new ObjectSize(text).put()).isEqualTo(100 + 6);
    assertThat(new ObjectSize(binary).mark()).isEqualTo(new ObjectSize(text).mark());
  }

  @Test
  void ring_doublesUntilItHoldsSeventyFiveSeconds() {
    assertThat(ringOf(0)).contains("ring of 100 ");
    assertThat(ringOf(65)).contains("ring of 6400 ");
    assertThat(ringOf(5000)).contains("ring of 102400 ");
  }

  private static String ringOf(double rate) {
    return predict(Workload.Changes.puts(rate), 100).figures().stream()
        .filter(figure -> figure.name().equals("apiserver.ring"))
        .findFirst()
        .orElseThrow()
        .formula();
  }

  @Test
  void figures_haveNamesOfTheirOwnAndFormulas() {
    Prediction prediction = predict(new Workload.Changes(1, 1, 1, 1), 100);

    assertThat(prediction.figures()).extracting(Figure::name).doesNotHaveDuplicates();
    assertThat(prediction.figures()).allMatch(figure -> !figure.formula().isEmpty());
    assertThatThrownBy(() -> prediction.value("none")).hasMessageContaining("none");
  }

  @Test
  void workload_namesTheFieldThatIsWrong() {
    assertThatThrownBy(() -> Workload.Changes.puts(-1)).hasMessage("rate is out of range: -1.0");
    assertThatThrownBy(() -> contents(-1, 0)).hasMessage("keys is out of range: -1");
  }

  @Test
  void unit_showsThreeDigits() {
    assertThat(Unit.BYTES.text(2048)).isEqualTo("2 KiB");
    assertThat(Unit.BYTES.text(1_500_000)).isEqualTo("1.43 MiB");
    assertThat(Unit.BYTES_PER_SECOND.text(135 << 10)).isEqualTo("135 KiB/s");
    assertThat(Unit.PER_SECOND.text(0.5)).isEqualTo("0.50/s");
    assertThat(Unit.SHARE.text(0.0637)).isEqualTo("6.37 %");
  }
}
