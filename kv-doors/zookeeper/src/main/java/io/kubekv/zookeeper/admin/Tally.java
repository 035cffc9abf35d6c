package io.kubekv.zookeeper.admin;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How long answers took, in milliseconds, and how large they were. Used on the event loop alone.
 */
public final class Tally {
  private long answers;
  private long sum;
  private long least;
  private long most;
  private long last;
  private int lastBytes = -1;
  private int leastBytes = -1;
  private int mostBytes = -1;

  /** One more is given. */
  public void answered(long nanos, int bytes) {
    last = TimeUnit.NANOSECONDS.toMillis(nanos);
    least = answers == 0 ? last : Math.min(least, last);
    most = Math.max(most, last);
    sum += last;
    answers++;
    lastBytes = bytes;
    leastBytes = leastBytes < 0 ? bytes : Math.min(leastBytes, bytes);
    mostBytes = Math.max(mostBytes, bytes);
  }

  long least() {
    return least;
  }

  long most() {
    return most;
  }

  long last() {
    return last;
  }

  double mean() {
    return answers == 0 ? 0 : (double) sum / answers;
  }

  /** As ZooKeeper calls the sizes; -1 where there is none yet. */
  Map<String, Object> sizes() {
    Map<String, Object> sizes = new LinkedHashMap<>();
    sizes.put("last_buffer_size", lastBytes);
    sizes.put("min_buffer_size", leastBytes);
    sizes.put("max_buffer_size", mostBytes);
    return sizes;
  }

  int lastBytes() {
    return lastBytes;
  }

  int leastBytes() {
    return leastBytes;
  }

  int mostBytes() {
    return mostBytes;
  }
}
