package io.kubekv.server;

import io.kubekv.Range;
import io.kubekv.transport.access.Verb;
import java.util.List;
import java.util.Random;

/** The random requests of one door. */
interface AuthorizationRequests extends AutoCloseable {
  AuthorizationRequest next(Random random);

  @Override
  void close();

  static AuthorizationRequest.Need need(Verb verb, Range range) {
    return new AuthorizationRequest.Need(verb, range);
  }

  /** What a change needs. */
  static List<AuthorizationRequest.Need> change(Verb verb, Range range) {
    return List.of(need(verb, range), need(Verb.GET, range));
  }
}
