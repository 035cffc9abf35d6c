package io.kubekv.e2e.attacks;

import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** Keys and the values that they must have. */
record Memorised(Map<String, String> entries) {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** How many are missing, cannot be read or have another value. */
  long wrong(Victim victim) {
    long right = 0;
    try (HttpConnection connection = victim.connect()) {
      connection.readTimeout(PATIENCE);
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        if (shows(connection.exchange(victim.get(entry.getKey())), entry.getValue())) {
          right++;
        }
      }
    } catch (IOException e) {
      // those that were not read are not right
    }
    return entries.size() - right;
  }

  /** Whether an answer of etcd's API has exactly this value; values need no escapes in JSON. */
  static boolean shows(HttpAnswer answer, String value) {
    return answer.status() == 200 && answer.body().contains("\"value\":\"" + value + "\"");
  }
}
