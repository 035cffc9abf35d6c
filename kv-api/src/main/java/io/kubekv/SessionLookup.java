package io.kubekv;

import java.util.Optional;

/**
 * The answer to a question for one session.
 *
 * @param session the session, absent when there is none of that id
 * @param changed the revision at which any session last began or ended, or that of the store's
 *     beginning; see {@link Sessions#awaitChange}
 */
public record SessionLookup(Optional<Session> session, Revision changed) {}
