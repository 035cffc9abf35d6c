package io.kubekv.k8s.lease;

import io.kubekv.k8s.api.ApiFailure;
import io.kubekv.k8s.api.ApiObserver;
import io.kubekv.k8s.api.ApiObserver.Verb;
import java.util.Optional;
import java.util.function.Supplier;

/** Another lease API whose calls somebody hears of. */
record ObservedLeaseApi(LeaseApi api, ApiObserver observer) implements LeaseApi {
  @Override
  public Answer get() {
    return observed(Verb.GET, api::get);
  }

  @Override
  public Answer create(LeaseState lease) {
    return observed(Verb.CREATE, () -> api.create(lease));
  }

  @Override
  public Answer update(LeaseState lease) {
    return observed(Verb.REPLACE, () -> api.update(lease));
  }

  private Answer observed(Verb verb, Supplier<Answer> request) {
    long begun = System.nanoTime();
    Answer answer = request.get();
    Optional<ApiFailure> failure =
        switch (answer) {
          case Answer.Got got -> Optional.empty();
          case Answer.Failed failed -> Optional.of(failed.failure());
        };
    observer.called(verb, "leases", begun, failure);
    return answer;
  }
}
