package io.kubekv.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionSpec;
import io.kubekv.StoredSize;
import org.junit.jupiter.api.Test;

/** The sum that is kept beside the sessions. */
class LocksTest {
  private static Locks begun(Locks locks, SessionSpec spec, long at) {
    Revision revision = new Revision(at);
    return locks.begun(new Session(spec, revision, revision), revision);
  }

  @Test
  void bytes_areThoseOfTheSessionsThatLive() {
    SessionSpec small = SessionSpec.random();
    SessionSpec large = SessionSpec.random().withNote("n".repeat(100));
    SessionSpec larger = SessionSpec.of(small.id()).withNote("n".repeat(50));

    Locks both = begun(begun(Locks.NONE, small, 1), large, 2);
    assertThat(both.bytes()).isEqualTo(StoredSize.of(small) + StoredSize.of(large));
    Locks replaced = begun(both, larger, 3);
    assertThat(replaced.bytes()).isEqualTo(StoredSize.of(larger) + StoredSize.of(large));

    Locks ended = replaced.ended(large.id(), new Revision(4));
    assertThat(ended.bytes()).isEqualTo(StoredSize.of(larger));
    assertThat(ended.ended(large.id(), new Revision(5)).bytes())
        .as("twice")
        .isEqualTo(ended.bytes());
    assertThat(ended.ended(small.id(), new Revision(6)).bytes()).isZero();
  }
}
