package io.kubekv.e2e;

import java.time.Duration;
import java.util.List;

/**
 * What one replay of the recording showed.
 *
 * @param waited how long the replay waited for the store in all: opening connections, answers,
 *     events. Its own work and the shortened expiry are not in it
 * @param differences in words, one for each answer that may not stand for the recorded one
 */
record Round(Duration waited, Times times, List<String> differences) {

  Round {
    differences = List.copyOf(differences);
  }
}
