package io.kubekv.etcdv3.call;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Where users have names and passwords. */
@FunctionalInterface
public interface Logins {
  /** The token to show from now on; empty when the password is not the user's. Never waits. */
  CompletableFuture<Optional<String>> token(String user, String password);
}
