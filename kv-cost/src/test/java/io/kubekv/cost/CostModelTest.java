package io.kubekv.cost;

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
  void idle_costsRenewalsOnly() {
    Prediction idle = predict(NONE, 100);

    assertThat(idle.value("api.lease.update")).isEqualTo(0.5);
    assertThat(idle.value("api.entries")).isZero();
    assertThat(idle.value("api.total")).isCloseTo(0.5 + 2 / 2700.0, within(1e-9));
    assertThat(idle.value("etcd.revisions")).isEqualTo(0.5);
    assertThat(idle.value("watch.bytes")).isEqualTo(5);
    assertThat(idle.value("snapshot.written")).isZero();
    assertThat(idle.value("kubekv.history")).isZero();
  }

  @Test
  void fewPuts_areAnEntryEach_andManyShareOne() {
    Prediction few = predict(Workload.Changes.puts(1), 200);
    Prediction many = predict(Workload.Changes.puts(16_000), 200);

    assertThat(few.value("log.group")).isCloseTo(1, within(0.01));
    assertThat(few.value("api.entries")).isCloseTo(1, within(0.01));
    assertThat(many.value("api.entries")).isCloseTo(250, within(1.0)); // one each 4 ms
    assertThat(many.value("log.group")).isCloseTo(64, within(0.5));
  }

  @Test
  void largeValues_makeMoreEntries() {
    Prediction large = predict(Workload.Changes.puts(1_000), 100_000);

    assertThat(large.value("api.entries")).isGreaterThan(1_000 * 100_000 / (256.0 * 1024));
  }

  @Test
  void snapshot_isDueAfterSixteenMebibytes_orHalfOfWhatTheStoreTakes() {
    Workload.Changes puts = Workload.Changes.puts(64);
    Workload.Service service = Workload.Service.defaults(0);
    Prediction small = predict(puts, 200);
    Prediction large = CostModel.predict(new Workload(puts, contents(100_000, 200), service));
    double counted = 64 * (240 + 192) + small.value("api.entries") * 64;

    assertThat(small.value("snapshot.rate")).isCloseTo(counted / (16 << 20), within(1e-9));
    assertThat(large.value("snapshot.rate"))
        .isCloseTo(counted / (100_000 * (240 + 350) / 2.0), within(1e-9));
  }

  @Test
  void segments_haveWhatWasPut_untilTheSnapshotAfterTheNext() {
    Prediction puts = predict(Workload.Changes.puts(64), 200);
    double entries = puts.value("api.entries");

    assertThat(puts.value("segments.written"))
        .isCloseTo(puts.value("log.bytes") + 4 * entries, within(1e-6));
    // three intervals between snapshots, as base64
    assertThat(puts.value("database.segments"))
        .isBetween(
            puts.value("segments.written") * 4 / puts.value("snapshot.rate"),
            puts.value("segments.written") * 4.4 / puts.value("snapshot.rate"));
  }

  @Test
  void noSegments_whereSnapshotsMakeRoomBeforeHalfOfTheSlotsAreUsed() {
    Prediction large =
        CostModel.predict(
            new Workload(
                Workload.Changes.puts(10), contents(10, 300_000), Workload.Service.defaults(0)));

    assertThat(large.value("snapshot.rate")).isGreaterThan(large.value("api.entries") / 512);
    assertThat(large.value("segments.written")).isZero();
    assertThat(large.value("database.segments")).isZero();
    assertThat(large.value("kubekv.log")).isZero();
  }

  @Test
  void largeStore_takesASnapshotBeforeThereAreTooManySegments() {
    Prediction large =
        CostModel.predict(
            new Workload(
                Workload.Changes.puts(1),
                contents(1_000_000, 20_000),
                Workload.Service.defaults(0)));

    assertThat(large.value("snapshot.rate"))
        .isCloseTo(large.value("segments.written") / (144 << 20), within(1e-12));
  }

  @Test
  void entries_areNoMoreThanRequests() {
    assertThat(predict(Workload.Changes.puts(1), 1 << 20).value("api.entries"))
        .isLessThanOrEqualTo(1);
  }

  @Test
  void snapshot_writesWhatHasChanged() {
    Workload.Contents many = contents(100_000, 200);
    Prediction few =
        CostModel.predict(
            new Workload(Workload.Changes.puts(1), many, Workload.Service.defaults(0)));

    assertThat(few.value("snapshot.bytes")).isCloseTo(100_000 * 260, within(100_000.0 * 10));
    // so many changes between two snapshots that all of some 330 parts differ
    assertThat(few.value("snapshot.written") / few.value("snapshot.rate"))
        .isCloseTo(few.value("snapshot.bytes"), within(1000.0));
  }

  @Test
  void view_writesAKeyOnceASecondAtMost_andSixtyInAll() {
    Workload.Contents one = contents(1, 200);
    Workload.Service service = Workload.Service.defaults(0);

    assertThat(
            CostModel.predict(new Workload(Workload.Changes.puts(50), one, service))
                .value("api.view"))
        .isBetween(1.0, 2.3); // the Store object, too
    assertThat(predict(Workload.Changes.puts(119), 200).value("api.view")).isBetween(21.0, 61.0);
    // the store's own writes come first
    assertThat(predict(Workload.Changes.puts(5_000), 200).value("api.view"))
        .isLessThanOrEqualTo(21);
  }

  @Test
  void deleteAndParents_areChangesOfTheLog() {
    Prediction creates = predict(new Workload.Changes(0, 10, 3, 0), 100);
    Prediction deletes = predict(new Workload.Changes(0, 0, 0, 10), 100_000);

    assertThat(creates.value("log.group")).isLessThan(1.2); // with its parents it is one change
    assertThat(creates.value("log.bytes")).isGreaterThan(10 * (140 + 3 * 40));
    assertThat(deletes.value("log.bytes")).isLessThan(10 * 200); // no value is written
  }

  @Test
  void pages_holdWholeRecords_atLeastTwoALeaf() {
    assertThat(EtcdPages.of(600)).isEqualTo(4096 / 6.0);
    assertThat(EtcdPages.of(800)).isEqualTo(1024);
    assertThat(EtcdPages.of(2100)).isEqualTo(4096); // two of them take two pages
    assertThat(EtcdPages.of(10_500)).isEqualTo(12_288); // two of them take six
  }

  @Test
  void peak_isTheObjectsAndTwoIntervalsOfGrowth() {
    Prediction puts =
        CostModel.predict(
            new Workload(Workload.Changes.puts(500), contents(1000, 10_000), service(1, 0, 1, 6)));

    double growth = puts.value("database.growth");
    assertThat(puts.value("database.live"))
        .isEqualTo(
            puts.value("database.log")
                + puts.value("database.segments")
                + puts.value("database.snapshot")
                + puts.value("database.view"));
    assertThat(puts.value("database.interval")).isEqualTo(60 * growth);
    assertThat(puts.value("database.peak")).isEqualTo(puts.value("database.live") + 120 * growth);
    assertThat(puts.value("limits.quota")).isEqualTo(puts.value("database.peak") / (2L << 30));
  }

  @Test
  void replicas_followTheLogEach_andShareTheWatchers() {
    Prediction puts =
        CostModel.predict(
            new Workload(Workload.Changes.puts(10), contents(5000, 100), service(3, 9000, 5, 3)));

    assertThat(puts.value("watch.streams")).isEqualTo(4);
    assertThat(puts.value("watch.bytes.total")).isGreaterThan(3 * puts.value("watch.bytes"));
    assertThat(puts.value("api.lease.update")).isEqualTo(1);
    assertThat(puts.value("api.lease.get")).isEqualTo(4);
    assertThat(puts.value("kubekv.watchers"))
        .isEqualTo(
            CostModel.predict(new Workload(NONE, contents(0, 0), watchedBy(3000)))
                .value("kubekv.watchers"));
  }

  private static Workload.Service service(int replicas, long watchers, int minutes, int lease) {
    return new Workload.Service(
        replicas,
        watchers,
        Duration.ofSeconds(lease),
        64 << 20,
        Duration.ofMinutes(minutes),
        Duration.ofMillis(4));
  }

  private static Workload.Service watchedBy(long watchers) {
    return Workload.Service.defaults(watchers);
  }

  @Test
  void binaryValue_isAThirdLonger() {
    Workload.Contents text = new Workload.Contents(1, 40, 300, false, 7);
    Workload.Contents binary = new Workload.Contents(1, 40, 300, true, 7);

    assertThat(new ObjectSize(binary).shown() - new ObjectSize(text).shown()).isEqualTo(100 + 6);
    assertThat(new EntrySize(binary).put()).isEqualTo(new EntrySize(text).put());
  }

  @Test
  void ring_doublesUntilItHoldsSeventyFiveSeconds() {
    assertThat(ringOf(0)).contains("ring of 0 ");
    assertThat(ringOf(1)).contains("ring of 100 ");
    assertThat(ringOf(65)).contains("ring of 6400 ");
    assertThat(ringOf(5000)).contains("ring of 25600 "); // 250 entries a second
  }

  private static String ringOf(double rate) {
    return named(predict(Workload.Changes.puts(rate), 100), "apiserver.log").formula();
  }

  private static Figure named(Prediction prediction, String name) {
    return prediction.figures().stream()
        .filter(figure -> figure.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void segmentsAndTheSnapshot_shareTheRingOfTheirType() {
    Prediction prediction = predict(Workload.Changes.puts(50), 100);

    double inRing =
        shareOf(named(prediction, "apiserver.segments").formula())
            + shareOf(named(prediction, "apiserver.snapshot").formula());

    assertThat(inRing).isCloseTo(100, within(1.0));
  }

  private static double shareOf(String formula) {
    assertThat(formula).contains(" in a ring of 100 ");
    return Double.parseDouble(formula.replaceAll(".* [+] ([0-9]+) in a ring.*", "$1"));
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
