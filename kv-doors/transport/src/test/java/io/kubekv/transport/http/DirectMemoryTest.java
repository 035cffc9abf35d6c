package io.kubekv.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Memory outside the heap. */
final class DirectMemoryTest {
  private static final long MIB = 1 << 20;

  @Test
  void isAQuarterOfTheHeap_butEnoughForASmallOne() {
    assertThat(DirectMemory.share(3072 * MIB, 3072 * MIB)).isEqualTo(768 * MIB);
    assertThat(DirectMemory.share(128 * MIB, 128 * MIB)).isEqualTo(96 * MIB);
  }

  @Test
  void isLessThanTheVirtualMachineAllows_soThatNobodyWaitsThere() {
    assertThat(DirectMemory.share(3072 * MIB, 64 * MIB)).isEqualTo(56 * MIB);
  }
}
