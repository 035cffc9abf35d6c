package io.kubekv.k8s;

import io.kubekv.k8s.StoreObserver.Call;
import java.time.Duration;
import java.util.function.Supplier;

/** Another lease API whose calls somebody hears of. */
record ObservedLeaseApi(LeaseApi api, StoreObserver observer) implements LeaseApi {
  @Override
  public Answer get() {
    return observed(Call.GET_LEASE, api::get);
  }

  @Override
  public Answer create(LeaseState lease) {
    return observed(Call.CREATE_LEASE, () -> api.create(lease));
  }

  @Override
  public Answer update(LeaseState lease) {
    return observed(Call.REPLACE_LEASE, () -> api.update(lease));
  }

  private Answer observed(Call call, Supplier<Answer> request) {
    long begun = System.nanoTime();
    Answer answer = request.get();
    String code =
        switch (answer) {
          case Answer.Got got -> "ok";
          case Answer.Failed failed -> failed.failure().label();
        };
    observer.called(call, code, Duration.ofNanos(System.nanoTime() - begun));
    return answer;
  }
}
