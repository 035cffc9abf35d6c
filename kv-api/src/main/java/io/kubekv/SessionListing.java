package io.kubekv;

import java.util.List;

/**
 * All sessions at one moment.
 *
 * @param sessions the sessions, ordered by id; immutable
 * @param changed the revision at which any session last began or ended, or that of the store's
 *     beginning; see {@link Sessions#awaitChange}
 */
public record SessionListing(List<Session> sessions, Revision changed) {
  public SessionListing {
    sessions = List.copyOf(sessions);
  }
}
