package io.kubekv.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A channel that is tried again soon while calls come. By itself a channel that has failed to
 * connect waits up to two minutes before it tries again, and fails every call meanwhile: long after
 * the server is back.
 */
final class Reconnecting extends Channel {
  private static final Duration PAUSE = Duration.ofMillis(250);

  private final ManagedChannel channel;
  private final AtomicLong lastTry = new AtomicLong(System.nanoTime());

  Reconnecting(ManagedChannel channel) {
    this.channel = channel;
  }

  @Override
  public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
    long now = System.nanoTime();
    long last = lastTry.get();
    if (now - last > PAUSE.toNanos()
        && channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE
        && lastTry.compareAndSet(last, now)) {
      channel.resetConnectBackoff();
    }
    return channel.newCall(method, options);
  }

  @Override
  public String authority() {
    return channel.authority();
  }
}
