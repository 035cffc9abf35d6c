package io.kubekv.server;

import io.kubekv.Range;
import io.kubekv.transport.access.Verb;
import java.util.List;

/**
 * Something that a client does.
 *
 * @param name what is done, for messages
 * @param needs what must be granted, all of it
 * @param sessions what must be granted of the sessions
 * @param mayBeRefused whether it may be refused also when all that is granted; a directory is, to
 *     who may see its key alone
 * @param call does it
 */
record AuthorizationRequest(
    String name, List<Need> needs, List<Verb> sessions, boolean mayBeRefused, Call call) {
  record Need(Verb verb, Range range) {}

  interface Call {
    /**
     * Makes the call.
     *
     * @param granted whether an answer other than a refusal is expected, which a watch may have to
     *     wait for
     */
    AuthorizationAnswer as(String user, boolean granted) throws Exception;
  }

  boolean isGranted(AuthorizationGrants grants, String user) {
    return needs.stream().allMatch(need -> grants.covers(user, need.verb(), need.range()))
        && sessions.stream().allMatch(verb -> grants.coversSessions(user, verb));
  }
}
