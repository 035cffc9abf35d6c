package io.kubekv.etcdv3;

import io.kubekv.UnauthenticatedException;
import io.kubekv.etcdv3.call.Logins;
import io.kubekv.transport.access.Credentials;
import io.kubekv.transport.access.Gate;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A user's password is a token of theirs: it is what clients show that know no other way. */
record GateLogins(Gate gate, Executor threads) implements Logins {
  @Override
  public CompletableFuture<Optional<String>> token(String user, String password) {
    return CompletableFuture.supplyAsync(() -> find(user, password), threads);
  }

  private Optional<String> find(String user, String password) {
    if (password.isEmpty()) {
      return Optional.empty();
    }
    Credentials shown = new Credentials(Optional.empty(), Optional.of(password));
    try {
      return gate.user(shown).name().equals(user) ? Optional.of(password) : Optional.empty();
    } catch (UnauthenticatedException nobodys) {
      return Optional.empty();
    }
  }
}
