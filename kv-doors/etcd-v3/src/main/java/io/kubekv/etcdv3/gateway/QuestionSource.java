package io.kubekv.etcdv3.gateway;

import com.google.protobuf.Message;
import java.util.Optional;

/** What a service is asked. */
@FunctionalInterface
interface QuestionSource {
  /** The next; empty when there are no more. */
  Optional<Message> next();
}
